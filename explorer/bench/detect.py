"""What detection costs beyond the network: pictures to their boxes through the engine, as they come from a video or one
at a time, against preparing each and running the network alone."""

from __future__ import annotations

from collections.abc import Callable
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
TURNS, EACH = 5, 20


def measure() -> tuple[list[dict[str, Any]], float]:
    """Pictures a second, new to the engine each time; the ratio is the first detector's, of a stream of them."""
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

    def one() -> None:
        engine.run(Detect(engine.keep(frame), name, weights))

    def streamed() -> None:
        for _ in engine.stream([frame] * EACH, Detect("", name, weights)):
            pass

    plain, single, stream = alternate(TURNS, *(lambda: repeated(bare), lambda: repeated(one), streamed))
    return {
        "detector": name,
        "weights": weights,
        "bare_per_s": EACH / plain,
        "stream_per_s": EACH / stream,
        "one_by_one_per_s": EACH / single,
        "ratio": plain / stream,
        "one_by_one_ratio": plain / single,
    }


def repeated(once: Callable[[], None]) -> None:
    for _ in range(EACH):
        once()
