"""RoI Pool, with what it rounds; Girshick, Fast R-CNN, ICCV 2015, section 2.1, https://arxiv.org/abs/1504.08083."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.records.roi import Box, Pooled, checked_box


def roi_pool(features: NDArray[np.float32], box: Box, bins: int, scale: float = 1.0) -> Pooled:
    """The largest value in each bin of a box, as torchvision.ops.roi_pool has it, in its order of float32 steps.

    features: float32 (c, h, w), finite; box: x0 y0 x1 y1 in pixels of the picture; bins: on either side; scale: cells
    of the map to a pixel. Raises Mistake for a reversed box.
    """
    channels, height, width = features.shape
    x0, y0, x1, y1 = rounded = rounded_box(box, scale)
    cuts_x, columns = _cut(x0, x1, bins, width)
    cuts_y, rows = _cut(y0, y1, bins, height)
    values = np.zeros((channels, bins, bins), np.float32)
    largest = np.full((channels, bins, bins, 2), -1, np.int64)
    for i, (top, bottom) in enumerate(rows.tolist()):
        for j, (left, right) in enumerate(columns.tolist()):
            if top < bottom and left < right:
                cells = features[:, top:bottom, left:right].reshape(channels, (bottom - top) * (right - left))
                first = cells.argmax(1)
                values[:, i, j] = cells[np.arange(channels), first]
                largest[:, i, j, 0] = left + first % (right - left)
                largest[:, i, j, 1] = top + first // (right - left)
    return Pooled(values, rounded, cuts_x, cuts_y, columns, rows, largest)


def in_cells(box: Box, scale: float) -> NDArray[np.float32]:
    """Float32 (4,): the box on the map, in cells. Raises Mistake for a reversed one."""
    return np.asarray(checked_box(box), np.float32) * np.float32(scale)


def rounded_box(box: Box, scale: float) -> NDArray[np.int64]:
    """Int64 (4,): the cells at the box's corners, halves rounded away from zero. Raises Mistake as `in_cells`."""
    cells = in_cells(box, scale).astype(np.float64)
    return np.asarray(np.copysign(np.floor(np.abs(cells) + 0.5), cells), np.int64)


def _cut(first: np.int64, last: np.int64, bins: int, length: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Where the cells first to last are divided into bins, float32 (bins + 1,), and each bin's cells, int64 (bins, 2).

    A cut inside a cell leaves the cell to both bins; cells outside 0 to length are left out.
    """
    cuts = np.arange(bins + 1, dtype=np.float32) * (np.float32(last - first + 1) / np.float32(bins))
    cells = np.stack([np.floor(cuts[:-1]), np.ceil(cuts[1:])], axis=1).astype(np.int64) + first
    return cuts + np.float32(first), np.clip(cells, 0, length)
