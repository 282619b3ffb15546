"""The exam counts right: by an engine that answers by a rule one can work out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explorer.contract import ModelCard
from explorer.errors import Failure, Mistake
from explorer.evaluation.classify import Report, classify
from explorer.records.classify import Classification, Classify
from explorer.records.frame import Frame
from explorer.records.question import Progress
from explorer.streetscape import frozen
from explorer.streetscape.exam import CROP_CLASSES, crops
from explorer.streetscape.render import render

SCENES = range(1_000_000, 1_000_003)
CARD = ModelCard("rule", "Rule", 1998, "Nobody 1998", "A rule.")


class Ruled:
    """Answers the class that the crop's place among all crops says, `off` beside the truth."""

    def __init__(self, off: int, names: tuple[str, ...] = CROP_CLASSES) -> None:
        self.frames: dict[str, Frame] = {}
        self.off, self.names = off, names
        self.truth = {Frame(crop.pixels).id: crop.label for seed in SCENES for crop in crops(render(seed))}

    def keep(self, frame: Frame) -> str:
        assert frame.domain == "streetscape"
        self.frames[frame.id] = frame
        return frame.id

    def run(self, question: Classify, stop: object = None, visitor: str = "") -> Classification:
        answer = (self.truth[question.picture] + self.off) % len(CROP_CLASSES)
        order = np.array([(answer + i) % len(CROP_CLASSES) for i in range(question.top)])
        scores = np.zeros(len(self.names), np.float32)
        return Classification(
            "rule", "V1", "cpu", "fp32", self.frames[question.picture].size, scores[None], scores, order,
            self.names, np.zeros((1, 4), np.float32), 2.0,
        )  # fmt: skip


def report(engine: Any) -> Report:
    *steps, last = classify(engine, "rule", "", SCENES)
    assert len(steps) == 3 and all(isinstance(step, Progress) for step in steps) and isinstance(last, Report)
    return last


def test_all_right_and_all_wrong() -> None:
    right = report(Ruled(0)).as_json()
    count = sum(len(crops(render(seed))) for seed in SCENES)
    assert right["metrics"] == {"top1": 1.0, "top5": 1.0} and right["crops"] == count and right["confusions"] == []
    assert right["scenes"] == [1_000_000, 1_000_003] and set(right["by_class"].values()) == {1.0} and right["ms"] == 2.0
    near = report(Ruled(8)).as_json()  # the truth is the fourth of five answers
    assert near["metrics"] == {"top1": 0.0, "top5": 1.0} and near["confusions"][0]["crops"] > 0
    first = near["confusions"][0]
    assert (CROP_CLASSES.index(first["true"]) + 8) % 11 == CROP_CLASSES.index(first["answer"])
    assert report(Ruled(3)).as_json()["metrics"] == {"top1": 0.0, "top5": 0.0}


def test_a_network_of_other_classes_is_refused() -> None:
    with pytest.raises(Mistake, match=r"rule \(V1\) does not answer in Streetscape's classes"):
        report(Ruled(0, tuple("abcdefghijk")))


def test_scenes_that_come_out_otherwise_are_no_exam(monkeypatch: pytest.MonkeyPatch) -> None:
    assert frozen.agrees(1)
    monkeypatch.setattr(frozen, "fingerprint", lambda scene: "0" * 64)
    with pytest.raises(Failure, match="opencv 5"):
        next(classify(Ruled(0), "rule", "", SCENES))  # type: ignore[arg-type]
