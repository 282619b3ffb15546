"""What detection costs beyond the network: a picture to its boxes through the engine, against preparing it and running
the network alone."""

from __future__ import annotations

from typing import Any

import torch

from explorer.bench.registry import alternate
from explorer.contract import RANDOM
from explorer.engine.engine import LocalEngine
from explorer.records.detect import Detect
from explorer.sources.open import bundled

BETTER = "higher"
AGAINST = "the network's own preparation and model(x), without boxes"
DETECTORS = ("street_yolo", "ssdlite320_mobilenet_v3_large")
PICTURE = "scene:8"
TURNS, EACH = 6, 6


def measure() -> tuple[list[dict[str, Any]], float]:
    """Pictures a second, new to the engine each time, both ways; the ratio is the first detector's."""
    engine = LocalEngine(outputs=0)
    rows = [_row(engine, name) for name in DETECTORS]
    engine.close()
    return rows, rows[0]["ratio"]


def _row(engine: LocalEngine, name: str) -> dict[str, Any]:
    card = next(card for card in engine.models("detect") if card.name == name)
    weights = card.weights[0].name if card.weights and engine.present(name) else RANDOM
    network, frame = engine.network(name, weights), bundled(PICTURE)
    module, device, preparation = network.module, network.device, network.preparation

    def bare() -> None:
        x = preparation.batch(frame).to(device).to(memory_format=torch.channels_last)
        with torch.inference_mode():
            module(x).float().cpu()

    def through() -> None:
        engine.run(Detect(engine.keep(frame), name, weights))

    plain, whole = alternate(TURNS, bare, through, each=EACH)
    return {
        "detector": name,
        "weights": weights,
        "bare_per_s": 1 / plain,
        "engine_per_s": 1 / whole,
        "ratio": plain / whole,
    }
