"""Everything a GPU sets up at its first passes, done before the first visitor waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from explorer.contract import Task
from explorer.engine.engine import LocalEngine
from explorer.engine.replay import AFTER
from explorer.errors import ExplorerError
from explorer.models.bundled import NAME
from explorer.records.classify import Classify, Precision
from explorer.records.dense import Dense
from explorer.records.detect import Detect
from explorer.records.frame import Frame, Size
from explorer.records.question import Question

SIZE: Size = (480, 640)
"""What cameras give, and the size of a scene."""
PRECISIONS: tuple[Precision, ...] = ("fp16", "fp32")
ASKED: Mapping[Task, Callable[[str, Precision], Question[Any]]] = {
    "classify": lambda model, precision: Classify("", model, precision=precision),
    "dense": lambda model, precision: Dense("", model, precision=precision),
    "detect": lambda model, precision: Detect("", model, precision=precision),
}


def warm(engine: LocalEngine) -> int:
    """Stream a few pictures past each bundled model, as a camera will; the questions asked.

    A model that cannot be asked so is passed by: whoever asks it is told why.
    """
    frames = [Frame(np.full((*SIZE, 3), grey, np.uint8)) for grey in range(AFTER + 1)]
    asked = 0
    for card in engine.models():
        if not any(weights.host == NAME for weights in card.weights):
            continue
        for question in (ASKED[task](card.name, p) for task in card.tasks if task in ASKED for p in PRECISIONS):
            try:
                for _ in engine.stream(frames, question, ahead=1, visitor="warming"):
                    pass
                asked += 1
            except ExplorerError:
                continue
    return asked
