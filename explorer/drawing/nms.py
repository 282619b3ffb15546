"""Greedy non-maximum suppression in NumPy, for painted pictures; the stage has the same in JavaScript for its sliders.

Equal to torchvision.ops.batched_nms, which drawing may not import.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def nms(
    boxes: NDArray[np.float32], scores: NDArray[np.float32], groups: NDArray[np.int64], iou: float
) -> NDArray[np.int64]:
    """Indices (m,) of the boxes that stay, best first.

    boxes: (n, 4), x0 y0 x1 y1; scores, groups: (n,). A box goes when one of its own group that stays scores higher and
    overlaps it by more than `iou`.
    """
    order = np.argsort(-scores, kind="stable")
    boxes, groups = boxes[order], groups[order]
    x0, y0, x1, y1 = boxes.T
    areas = (x1 - x0) * (y1 - y0)
    stays = np.ones(len(boxes), bool)
    for i in range(len(boxes)):
        if not stays[i]:
            continue
        wide = np.minimum(x1, x1[i]) - np.maximum(x0, x0[i])
        tall = np.minimum(y1, y1[i]) - np.maximum(y0, y0[i])
        shared = np.maximum(wide, 0) * np.maximum(tall, 0)
        with np.errstate(invalid="ignore", divide="ignore"):  # two boxes without area: NaN suppresses nothing
            overlap = (shared / (areas + areas[i] - shared)).astype(np.float64)
        later = np.arange(len(boxes)) > i
        stays &= ~(later & (groups == groups[i]) & (overlap > iou))
    return order[stays]
