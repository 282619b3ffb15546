"""How well a detector finds street things, as COCO counts it; by faster-coco-eval."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.contract import Engine
from explorer.errors import Mistake
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.records.question import Progress
from explorer.records.scene import CLASSES, Scene, counted
from explorer.streetscape.frozen import insist
from explorer.streetscape.render import render

SIZE = 480, 640
LEAST = 0.01
METRICS = ("map", "map50", "map75", "small", "medium", "large")
PLACES = (0, 1, 2, 3, 4, 5)
"""Where COCO's twelve figures have them."""


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
            "metrics": {name: _known(value) for name, value in self.metrics.items()},
            "by_class": {name: _known(value) for name, value in self.by_class.items()},
            "ms": self.ms,
        }


def detect(engine: Engine, model: str, weights: str, scenes: Sequence[int]) -> Iterator[Progress | Report]:
    """The report last. Raises Mistake for a network that has other classes, Failure where scenes come out otherwise.

    A thing that does not count (under 12 pixels or a quarter visible) is neither hit nor miss: a box on it is passed
    over, as on COCO's crowds.
    """
    insist()
    truth, answers, times = [], [], []
    for done, seed in enumerate(scenes):
        yield Progress("scenes", done, len(scenes))
        scene = render(seed, SIZE)
        frame = Frame(scene.picture, name=f"scene {seed}", domain="streetscape")
        answer = engine.run(Detect(engine.keep(frame), model, weights, score=LEAST))
        _check(answer)
        truth.append(scene)
        answers.append(answer)
        times.append(answer.ms)
    if not any(counted(scene).any() for scene in truth):
        raise Mistake("These scenes hold nothing to find: take more of them.")
    metrics, by_class = average_precision(truth, answers)
    seeds = range(scenes[0], scenes[-1] + 1)
    things = sum(int(counted(scene).sum()) for scene in truth)
    yield Report(answers[-1].model, answers[-1].weights, seeds, metrics, by_class, things, float(np.median(times)))


def average_precision(
    truth: Sequence[Scene], answers: Sequence[Detections]
) -> tuple[dict[str, float], dict[str, float]]:
    """COCO's figures by name, and AP at IoU .5 by class; NaN where there is nothing to find."""
    from faster_coco_eval import COCO, COCOeval_faster

    things = [one for i, scene in enumerate(truth) for one in _truth(i, scene)]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        coco = COCO(
            {
                "images": [{"id": i, "height": s.size[0], "width": s.size[1]} for i, s in enumerate(truth)],
                "categories": [{"id": k, "name": name} for k, name in enumerate(CLASSES)],
                "annotations": [one | {"id": number} for number, one in enumerate(things, start=1)],
            }
        )
    found = [one for i, answer in enumerate(answers) for one in _found(i, answer)]
    if not found:
        return dict.fromkeys(METRICS, 0.0), dict.fromkeys(CLASSES, 0.0)
    with contextlib.redirect_stdout(said):
        judge = COCOeval_faster(coco, coco.loadRes(found), "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    stats = [float(value) for value in judge.stats]
    precision: NDArray[np.float64] = np.asarray(judge.eval["precision"])  # (IoUs, recalls, classes, areas, most)
    at_half = precision[0, :, :, 0, -1]
    by_class = {name: _mean(at_half[:, k]) for k, name in enumerate(CLASSES)}
    return {name: _real(stats[place]) for name, place in zip(METRICS, PLACES, strict=True)}, by_class


def _truth(image: int, scene: Scene) -> Iterator[dict[str, Any]]:
    for box, label, counts in zip(scene.boxes.tolist(), scene.labels.tolist(), counted(scene), strict=True):
        wide, tall = box[2] - box[0], box[3] - box[1]
        yield {
            "image_id": image,
            "category_id": label,
            "bbox": [box[0], box[1], wide, tall],
            "area": wide * tall,
            "iscrowd": 0 if counts else 1,
        }


def _found(image: int, answer: Detections) -> Iterator[dict[str, Any]]:
    for box, label, score in zip(answer.boxes.tolist(), answer.labels.tolist(), answer.scores.tolist(), strict=True):
        wide, tall = box[2] - box[0], box[3] - box[1]
        yield {
            "image_id": image,
            "category_id": CLASSES.index(answer.names[label]),
            "bbox": [box[0], box[1], wide, tall],
            "score": score,
        }


def _mean(curve: NDArray[np.float64]) -> float:
    known = curve[curve > -1]
    return float(known.mean()) if len(known) else float("nan")


def _real(value: float) -> float:
    """faster-coco-eval says -1 for what is not known."""
    return value if value >= 0 else float("nan")


def _known(value: float) -> float | None:
    return value if value == value else None


def _check(answer: Detections) -> None:
    if set(answer.names) != set(CLASSES):
        raise Mistake(
            f"{answer.model} ({answer.weights}) does not answer in Streetscape's classes: choose one that does, such "
            "as street_overfeat."
        )
