"""What the engine costs: a still picture through it, against preparing and running it by hand."""

from __future__ import annotations

from typing import Any

import torch
from PIL import Image
from torchvision.models import get_model_weights

from explorer.bench.registry import alternate
from explorer.contract import RANDOM
from explorer.engine.engine import LocalEngine
from explorer.records.classify import Classify
from explorer.records.frame import Frame, Pixels
from explorer.sources.samples import sample

BETTER = "lower"
AGAINST = "the weights' own transforms and model(x) in a loop"
NETWORKS = ("alexnet", "resnet18", "mobilenet_v3_large")
TURNS, EACH = 8, 10


def measure() -> tuple[list[dict[str, Any]], float]:
    """Milliseconds a picture, new to the engine each time, for each network both ways; the ratio is the middle one."""
    engine = LocalEngine(outputs=0)
    pixels = sample("astronaut").pixels
    rows = [_row(engine, name, pixels) for name in NETWORKS]
    engine.close()
    return rows, sorted(row["ratio"] for row in rows)[len(rows) // 2]


def _row(engine: LocalEngine, name: str, pixels: Pixels) -> dict[str, Any]:
    transforms = get_model_weights(name).DEFAULT.transforms()
    network = engine.network(name, RANDOM)
    module, device = network.module, network.device  # the same layout of memory on both sides
    picture = Image.fromarray(pixels)

    def bare() -> None:
        x = transforms(picture).unsqueeze(0).to(device).to(memory_format=torch.channels_last)
        with torch.inference_mode():
            module(x).softmax(1).cpu().topk(5)

    def through() -> None:
        engine.run(Classify(engine.keep(Frame(pixels)), name, RANDOM))

    plain, whole = alternate(TURNS, bare, through, each=EACH)
    return {"network": name, "bare_ms": plain * 1e3, "engine_ms": whole * 1e3, "ratio": whole / plain}
