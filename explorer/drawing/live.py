"""What a live source may be asked, and how each answer looks: a view joins by one entry in `LIVE_VIEWS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from explorer.contract import Task
from explorer.drawing.dense import dense_view, surest
from explorer.drawing.detect import found_boxes
from explorer.drawing.layers import Pane
from explorer.records.classify import Classification, Classify, Precision
from explorer.records.dense import Dense, DenseMaps
from explorer.records.detect import Detect, Detections
from explorer.records.live import Look, Looked
from explorer.records.question import Question

MOST_BOXES = 100
LEAST_SCORE, SHOWN_SCORE = 0.1, 0.25
NAMED = 5

Line = tuple[str, float]
"""A text and the share in [0, 1] that its bar shows."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """An answer as it is shown: panes over the picture, and lines beside it, the largest first."""

    panes: tuple[Pane, ...]
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class LiveView:
    """task: what a network must be able to do, None where none is asked.

    question: from a model, its weights and a precision, with no picture yet; draw: an answer, and the name of the class
    that a map shows ("" for the one that is surest somewhere).
    """

    task: Task | None
    question: Callable[[str, str, Precision], Question[Any]]
    draw: Callable[[Any, str], Drawn]


def _classes(answer: Classification, _: str) -> Drawn:
    return Drawn((Pane(),), tuple((answer.names[i], float(answer.scores[i])) for i in answer.order))


def _map(answer: DenseMaps, named: str) -> Drawn:
    index = answer.names.index(named) if named in answer.names else surest(answer)
    highest = answer.levels[0].scores.max(axis=(1, 2))
    order = np.argsort(-highest, kind="stable")[:NAMED]
    return Drawn(dense_view([answer], index, "").panes, tuple((answer.names[i], float(highest[i])) for i in order))


def _boxes(answer: Detections, _: str) -> Drawn:
    kept = replace(
        answer, boxes=answer.boxes[:MOST_BOXES], labels=answer.labels[:MOST_BOXES], scores=answer.scores[:MOST_BOXES]
    )
    boxes = replace(found_boxes("found", kept), score=SHOWN_SCORE)
    best: dict[str, float] = {}
    for label, score in zip(kept.labels.tolist(), kept.scores.tolist(), strict=True):
        best.setdefault(kept.names[label], score)
    return Drawn((Pane(layers=(boxes,)),), tuple(best.items())[:NAMED])


def _nothing(answer: Looked, _: str) -> Drawn:
    return Drawn((Pane(),))


LIVE_VIEWS: Mapping[str, LiveView] = {
    "picture": LiveView(None, lambda model, weights, precision: Look(""), _nothing),
    "classify": LiveView(
        "classify", lambda model, weights, precision: Classify("", model, weights, precision=precision), _classes
    ),
    "dense": LiveView("dense", lambda model, weights, precision: Dense("", model, weights, precision=precision), _map),
    "detect": LiveView(
        "detect",
        lambda model, weights, precision: Detect("", model, weights, score=LEAST_SCORE, precision=precision),
        _boxes,
    ),
}
