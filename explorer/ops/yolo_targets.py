"""What YOLO's cells are to learn: Redmon, Divvala, Girshick, Farhadi, CVPR 2016, section 2, arXiv:1506.02640."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.records.cell_loss import IGNORED, NOTHING
from explorer.records.frame import Size


def yolo_targets(
    boxes: NDArray[np.float64], labels: NDArray[np.int64], counts: NDArray[np.bool_], size: Size, grid: Size
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """A cell learns the thing whose centre lies in it, the largest that counts where there are several.

    boxes: (k, 4), x0 y0 x1 y1 in pixels of a picture of `size` (height, width), within it; labels: (k,), classes;
    counts: (k,), what is to be found; grid: rows and columns.

    Returns int64 (rows, columns), the class of that thing, IGNORED where one that does not count has its centre and no
    other, else NOTHING; float32 (rows, columns, 4), x and y of its centre within the cell, counted in cells, width and
    height as parts of the picture, 0 where no thing is learnt.
    """
    (rows, columns), (height, width) = grid, size
    learnt = np.full(grid, NOTHING, np.int64)
    truth = np.zeros((*grid, 4), np.float32)
    sides = boxes[:, 2:] - boxes[:, :2]
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2 * [columns / width, rows / height]
    order = np.lexsort((sides.prod(axis=1), counts))  # the last one written stays
    for one in order.tolist():
        column, row = np.minimum(centres[one].astype(np.int64), [columns - 1, rows - 1]).tolist()
        learnt[row, column] = labels[one] if counts[one] else IGNORED
        if counts[one]:
            truth[row, column] = [*(centres[one] - [column, row]), *(sides[one] / [width, height])]
    return learnt, truth
