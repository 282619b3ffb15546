"""Small traces and cells with numbers that a head can follow."""

from __future__ import annotations

import numpy as np

from explorer.records.cell import CellBoxes
from explorer.records.detect import Detections
from explorer.records.trace import NOBODY, Contest, Level, Round, Stage, Trace

NAMES = ("cat", "dog")
SIZE = 100, 200


def contest() -> Contest:
    """Five boxes of two classes: the first suppresses the second and the fourth, the third and the fifth stay."""
    boxes = [[10, 10, 50, 50], [12, 10, 52, 50], [10, 10, 50, 50], [14, 10, 54, 50], [120, 20, 180, 90]]
    flat = np.arange(5)
    return Contest(
        boxes=np.asarray(boxes, np.float32),
        scores=np.asarray([0.9, 0.8, 0.7, 0.6, 0.2], np.float32),
        labels=np.asarray([0, 0, 1, 0, 1]),
        groups=np.asarray([0, 0, 1, 0, 1]),
        level=np.zeros(5, np.int64),
        row=flat,
        column=flat,
        anchor=np.zeros(5, np.int64),
        by=np.asarray([NOBODY, 0, NOBODY, 0, NOBODY]),
        overlaps=np.asarray([0, 0.905, 0, 0.818, 0], np.float32),
        iou=0.5,
    )


def level() -> Level:
    """Two rows of four cells over the whole picture, one of them sure of a dog."""
    scores, labels = np.full((2, 4), 0.01, np.float32), np.zeros((2, 4), np.int64)
    scores[1, 2], labels[1, 2] = 0.9, 1
    return Level("2 x 4", (0, 0, 200, 100), np.asarray([[40, 40]], np.float32), scores, labels)


def detections(traced: bool = True) -> Detections:
    """What stays of the contest."""
    met = contest()
    stages = Stage("all boxes", 8), Stage("score above 0.05", 5), Stage("after suppression", 3)
    stays = met.stays
    return Detections(
        model="yolo",
        weights="own",
        device="cpu",
        precision="fp32",
        size=SIZE,
        names=NAMES,
        boxes=met.boxes[stays],
        labels=met.labels[stays],
        scores=met.scores[stays],
        ms=12.0,
        trace=Trace((Round("YOLO", (level(),), stages, met),)) if traced else None,
    )


def cell() -> CellBoxes:
    """Row 1, column 2 of `level`: two anchors of a network whose input is 100 by 200 too, the second one a dog."""
    moved = np.asarray([[0.5, 0.5, 1, 1], [0.25, 0.75, 2, 0.5]], np.float32)
    prior = np.asarray([[2, 1, 40, 40], [2, 1, 20, 60]], np.float32)
    middles = (prior[:, :2] + moved[:, :2]) * 50
    sides = prior[:, 2:] * moved[:, 2:]
    boxes = np.concatenate([middles - sides / 2, middles + sides / 2], 1).astype(np.float32)
    return CellBoxes(
        model="yolo", weights="own", sum="yolo anchor", level="2 x 4", row=1, column=2, place=(100, 50, 150, 100),
        stride=(50, 50), to_picture=(1, 1), names=NAMES, read=np.zeros((2, 4), np.float32), moved=moved, prior=prior,
        inputs=boxes, boxes=boxes, read_object=np.asarray([-4, 3], np.float32),
        objectness=np.asarray([0.018, 0.95], np.float32), read_classes=np.zeros((2, 2), np.float32),
        classes=np.asarray([[0.5, 0.5], [0.1, 0.9]], np.float32), scores=np.asarray([0.009, 0.855], np.float32),
        labels=np.asarray([0, 1]), fates=("under the score", "stays"),
    )  # fmt: skip
