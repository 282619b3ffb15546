"""How well a classifier tells street things apart: one crop per counted thing, and as many of background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.contract import Engine
from explorer.errors import Mistake
from explorer.records.classify import Classification, Classify
from explorer.records.frame import Frame
from explorer.records.question import Progress
from explorer.streetscape.exam import CROP_CLASSES, crops
from explorer.streetscape.frozen import insist
from explorer.streetscape.render import render

AMONG = 5
WORST = 6


@dataclass(frozen=True, eq=False)
class Report:
    """How a classifier did.

    model, weights: who; scenes: the seeds; confusion: int64 (11, 11), crops by true class and by answer, both in the
    order of CROP_CLASSES; among: right answers among the first five; ms: median of a crop's forward pass.
    """

    model: str
    weights: str
    scenes: range
    confusion: NDArray[np.int64]
    among: int
    ms: float

    @property
    def top1(self) -> float:
        """Share of crops answered right."""
        return float(np.trace(self.confusion)) / max(int(self.confusion.sum()), 1)

    def as_json(self) -> dict[str, Any]:
        """The command line's form: {top1, top5}, the shares by class, and the commonest confusions."""
        seen = self.confusion.sum(axis=1)
        wrong = self.confusion - np.diag(np.diag(self.confusion))
        worst = [divmod(int(place), len(CROP_CLASSES)) for place in np.argsort(-wrong, axis=None, kind="stable")]
        return {
            "task": "classify",
            "model": self.model,
            "weights": self.weights,
            "scenes": [self.scenes.start, self.scenes.stop],
            "crops": int(seen.sum()),
            "metrics": {"top1": self.top1, "top5": self.among / max(int(seen.sum()), 1)},
            "by_class": {name: float(self.confusion[k, k] / seen[k]) for k, name in enumerate(CROP_CLASSES) if seen[k]},
            "confusions": [
                {"true": CROP_CLASSES[i], "answer": CROP_CLASSES[j], "crops": int(wrong[i, j])}
                for i, j in worst[:WORST]
                if wrong[i, j]
            ],
            "ms": self.ms,
        }


def classify(engine: Engine, model: str, weights: str, scenes: Sequence[int]) -> Iterator[Progress | Report]:
    """The report last. Raises Mistake for a network that has other classes, Failure where scenes come out otherwise."""
    insist()
    confusion = np.zeros((len(CROP_CLASSES), len(CROP_CLASSES)), np.int64)
    among, times, answer = 0, [], None
    for done, seed in enumerate(scenes):
        yield Progress("scenes", done, len(scenes))
        for crop in crops(render(seed)):
            frame = Frame(crop.pixels, name=f"crop of scene {seed}", domain="streetscape")
            answer = engine.run(Classify(engine.keep(frame), model, weights, top=AMONG))
            _check(answer)
            confusion[crop.label, answer.order[0]] += 1
            among += int(crop.label in answer.order)
            times.append(answer.ms)
    if answer is None:
        raise Mistake("These scenes hold nothing to classify: take more of them.")
    seeds = range(scenes[0], scenes[-1] + 1)
    yield Report(answer.model, answer.weights, seeds, confusion, among, float(np.median(times)))


def _check(answer: Classification) -> None:
    if answer.names != CROP_CLASSES:
        raise Mistake(
            f"{answer.model} ({answer.weights}) does not answer in Streetscape's classes: choose one that does, as "
            "street_alexnet."
        )
