"""How well a detector finds street things, as COCO counts it; by faster-coco-eval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.contract import Engine
from explorer.errors import Mistake
from explorer.evaluation.coco import average_precision
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.records.judged import known
from explorer.records.question import Progress
from explorer.records.scene import CLASSES
from explorer.records.truth import Truth
from explorer.streetscape.frozen import insist
from explorer.streetscape.render import render

SIZE = 480, 640
LEAST = 0.01


@dataclass(frozen=True, eq=False)
class Report:
    """How a detector did.

    model, weights: who; scenes: the seeds; metrics: by name, mean average precision (COCO's, 101 points, at most 100
    boxes a picture), NaN where there is nothing to find; by_class: AP at IoU .5; things: that counted; ms: median of a
    picture's passes.
    """

    model: str
    weights: str
    scenes: range
    metrics: dict[str, float]
    by_class: dict[str, float]
    things: int
    ms: float

    def as_json(self) -> dict[str, Any]:
        """The command line's form; a figure that is not known is null."""
        return {
            "task": "detect",
            "model": self.model,
            "weights": self.weights,
            "scenes": [self.scenes.start, self.scenes.stop],
            "things": self.things,
            "metrics": {name: known(value) for name, value in self.metrics.items()},
            "by_class": {name: known(value) for name, value in self.by_class.items()},
            "ms": self.ms,
        }


def detect(engine: Engine, model: str, weights: str, scenes: Sequence[int]) -> Iterator[Progress | Report]:
    """The report last. Raises Mistake for a network that has other classes, Failure where scenes come out otherwise.

    A thing that does not count (under 12 pixels or a quarter visible) is neither hit nor miss: a box on it is passed
    over, as on COCO's crowds.
    """
    insist()
    judged: list[tuple[Detections, Truth]] = []
    for done, seed in enumerate(scenes):
        yield Progress("scenes", done, len(scenes))
        scene = render(seed, SIZE)
        frame = Frame(scene.picture, name=f"scene {seed}", domain="streetscape")
        answer = engine.run(Detect(engine.keep(frame), model, weights, score=LEAST))
        _check(answer)
        judged.append((answer, scene.truth))
    if not any(truth.counts.any() for _, truth in judged):
        raise Mistake("These scenes hold nothing to find: take more of them.")
    metrics, by_class = average_precision(judged, CLASSES)
    seeds = range(scenes[0], scenes[-1] + 1)
    things = sum(int(truth.counts.sum()) for _, truth in judged)
    ms = float(np.median([found.ms for found, _ in judged]))
    yield Report(answer.model, answer.weights, seeds, metrics, by_class, things, ms)


def _check(answer: Detections) -> None:
    if set(answer.names) != set(CLASSES):
        raise Mistake(
            f"{answer.model} ({answer.weights}) does not answer in Streetscape's classes: choose one that does, such "
            "as street_overfeat."
        )
