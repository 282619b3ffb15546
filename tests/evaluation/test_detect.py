"""Average precision counts right: by an engine that answers by a rule one can work out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explorer.errors import Failure, Mistake
from explorer.evaluation.detect import Report, detect
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.records.question import Progress
from explorer.records.scene import CLASSES, Scene, counted
from explorer.streetscape import frozen
from explorer.streetscape.render import render

SCENES = range(1_000_000, 1_000_004)
TRUTH = {Frame(scene.picture).id: scene for scene in (render(seed, (480, 640)) for seed in SCENES)}


class Ruled:
    """Answers the truth, moved by `off` of each box's width; what does not count too, surest of all, if `all_of_it`."""

    def __init__(self, off: float = 0.0, all_of_it: bool = False, names: tuple[str, ...] = CLASSES) -> None:
        self.off, self.all_of_it, self.names = off, all_of_it, names

    def keep(self, frame: Frame) -> str:
        assert frame.domain == "streetscape"
        return frame.id

    def run(self, question: Detect, stop: object = None, visitor: str = "") -> Detections:
        scene: Scene = TRUTH[question.picture]
        counts = counted(scene)
        order = np.argsort(counts, kind="stable") if self.all_of_it else np.flatnonzero(counts)
        boxes = scene.boxes[order].copy()
        boxes[:, ::2] += self.off * (boxes[:, 2:3] - boxes[:, :1])
        scores = np.linspace(0.9, 0.5, len(order)).astype(np.float32)
        return Detections("rule", "V1", "cpu", "fp32", scene.size, self.names, boxes, scene.labels[order], scores, 2.0)


def report(engine: Any) -> Report:
    *steps, last = detect(engine, "rule", "", SCENES)
    assert len(steps) == 4 and all(isinstance(step, Progress) for step in steps) and isinstance(last, Report)
    return last


def test_the_truth_itself_is_perfect_and_half_a_box_beside_it_is_worth_nothing() -> None:
    right = report(Ruled()).as_json()
    assert right["things"] == sum(int(counted(scene).sum()) for scene in TRUTH.values())
    assert all(value in (None, pytest.approx(1.0)) for value in right["metrics"].values())
    assert right["metrics"]["map50"] == pytest.approx(1.0) and right["ms"] == 2.0
    assert right["scenes"] == [1_000_000, 1_000_004]
    beside = report(Ruled(0.5)).as_json()["metrics"]  # an IoU of one third
    assert beside["map50"] == pytest.approx(0.0, abs=0.02)


def test_a_fifth_beside_counts_at_half_and_not_at_three_quarters() -> None:
    metrics = report(Ruled(0.2)).as_json()["metrics"]  # an IoU of two thirds
    assert metrics["map50"] == pytest.approx(1.0) and metrics["map75"] < 0.05 < metrics["map"] < 0.5


def test_what_does_not_count_is_neither_hit_nor_miss() -> None:
    assert not all(counted(scene).all() for scene in TRUTH.values())
    assert report(Ruled(all_of_it=True)).metrics["map50"] == pytest.approx(1.0)


def test_nothing_found_is_nought() -> None:
    class Blind(Ruled):
        def run(self, question: Detect, stop: object = None, visitor: str = "") -> Detections:
            none = np.empty(0, np.float32)
            return Detections(
                "rule", "V1", "cpu", "fp32", (480, 640), CLASSES, none.reshape(0, 4), none.astype(np.int64), none, 1.0
            )

    assert set(report(Blind()).metrics.values()) == {0.0}


def test_other_classes_and_another_world_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Mistake, match="Streetscape's classes"):
        report(Ruled(names=("cat", *CLASSES[1:])))
    monkeypatch.setattr(frozen, "fingerprint", lambda scene: "0" * 64)
    with pytest.raises(Failure, match="opencv 5"):
        next(detect(Ruled(), "rule", "", SCENES))  # type: ignore[arg-type]
