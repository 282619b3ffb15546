"""What YOLO's cells are to learn of a scene: Redmon et al., CVPR 2016, arXiv:1506.02640, section 2."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.models.street_yolo import GRID
from explorer.ops.yolo_targets import yolo_targets
from explorer.records.frame import Size
from explorer.records.scene import LEAST_VISIBILITY

LEAST_SIDE = 6.0
"""Pixels of a scene seen at half its size; records/scene.py counts from 12 on at its whole size."""
MOST_THINGS = 12
NOBODY = -2

Targets = tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]


def counting(things: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Bool (k,): what an evaluator counts, as `counted` of records/scene.py."""
    wide, tall = (things[:, 2:4] - things[:, :2]).T
    return np.asarray((np.minimum(wide, tall) >= LEAST_SIDE) & (things[:, 5] >= LEAST_VISIBILITY), np.bool_)


def targets(things: NDArray[np.float64], size: Size) -> Targets:
    """Of one picture of `size` (height, width) with things (k, 6): x0 y0 x1 y1 in its pixels, class, visibility.

    Returns what the cells are to learn, as `yolo_targets` has it, and float32 (12, 6), all things: boxes, class, 1
    where it counts, NOBODY in the class of rows that are left over.
    """
    counts = counting(things)
    truth = np.full((MOST_THINGS, 6), NOBODY, np.float32)
    truth[: len(things), :5], truth[: len(things), 5] = things[:, :5], counts
    labels, boxes = yolo_targets(things[:, :4], things[:, 4].astype(np.int64), counts, size, GRID)
    return labels, boxes, truth
