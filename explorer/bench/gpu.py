"""What the engine leaves of a GPU: frames a second through it, against the bare network on the same frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.contract import RANDOM, ModelCard
from explorer.engine.device import available
from explorer.engine.engine import LocalEngine
from explorer.engine.network import DTYPES, Network
from explorer.errors import Mistake
from explorer.models.bundled import NAME
from explorer.records.classify import Classify, Precision
from explorer.records.detect import Detect
from explorer.records.frame import Frame, Size
from explorer.records.question import Question

BETTER = "higher"
AGAINST = "model(x) in a loop, eager, on the same prepared frames with the same copies, at the same precision"
MORE = ("resnet50", "fasterrcnn_resnet50_fpn")
PRECISION: Precision = "fp16"
SIZE: Size = (480, 640)
FRAMES, TURNS, AHEAD = 96, 5, 8


def measure() -> tuple[list[dict[str, Any]], float]:
    """Frames/s of every bundled model and two well-known ones, bare and through the engine; the ratio is the worst.

    Raises Mistake where there is no GPU to measure.
    """
    if "cuda" not in available():
        raise Mistake("bench gpu was not measured: it needs a machine with a CUDA GPU, and this one has none.")
    return compared("cuda")


def compared(device: str) -> tuple[list[dict[str, Any]], float]:
    """The rows of a device, and the worst ratio."""
    engine = LocalEngine(device, outputs=0)
    rows = [_row(engine, card) for card in engine.models() if _wanted(card)]
    engine.close()
    return rows, min(row["ratio"] for row in rows)


def _wanted(card: ModelCard) -> bool:
    return card.name in MORE or any(weights.host == NAME for weights in card.weights)


def _row(engine: LocalEngine, card: ModelCard) -> dict[str, Any]:
    weights = NAME if any(known.host == NAME for known in card.weights) else RANDOM
    network = engine.network(card.name, weights)
    question: Question[Any] = (
        Classify("", card.name, weights, precision=PRECISION)
        if "classify" in card.tasks
        else Detect("", card.name, weights, precision=PRECISION)
    )
    rng = np.random.default_rng(0)
    frames = [Frame(rng.integers(0, 256, (*SIZE, 3), np.uint8)) for _ in range(FRAMES)]
    bare, through = _rates(lambda: _bare(network, frames), lambda: _through(engine, frames, question))
    return {
        "model": card.name,
        "weights": weights,
        "precision": PRECISION,
        "device": engine.device().name,
        "date": datetime.now(UTC).date().isoformat(),
        "bare_per_s": bare,
        "engine_per_s": through,
        "ratio": through / bare,
    }


def _rates(*sides: Callable[[], None]) -> list[float]:
    """Median frames/s of each side, in turns, after a turn that is not counted."""
    rates: list[list[float]] = [[] for _ in sides]
    for turn in range(TURNS + 1):
        for side, found in zip(sides, rates, strict=True):
            began = perf_counter()
            side()
            if turn:
                found.append(FRAMES / (perf_counter() - began))
    return [float(np.median(found)) for found in rates]


def _bare(network: Network, frames: Sequence[Frame]) -> None:
    """Prepare, copy there, run, copy back: one frame after another."""
    device, dtype = network.device, DTYPES[PRECISION]
    for frame in frames:
        x = network.preparation.batch(frame)
        x = (x.pin_memory() if device.type == "cuda" else x).to(device, non_blocking=True)
        with torch.inference_mode(), torch.autocast(device.type, dtype=dtype):
            rows: Tensor = network.module(x.to(memory_format=torch.channels_last))
        rows.float().cpu()


def _through(engine: LocalEngine, frames: Sequence[Frame], question: Question[Any]) -> None:
    for _ in engine.stream(frames, question, ahead=AHEAD):
        pass
