"""Boxes that met in NMS as a record: Felzenszwalb et al., PAMI 2010, section 6.2."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.ops.suppression import suppressors
from explorer.records.trace import Contest


def contest(
    boxes: Tensor, scores: Tensor, labels: Tensor, groups: Tensor, places: Tensor, stays: Tensor, iou: float
) -> Contest:
    """n boxes that met, best first, and who suppressed whom.

    boxes: (n, 4), x0 y0 x1 y1 in pixels of the picture; scores, labels, groups: (n,), as a Contest has them; places:
    int64 (n, 4), level, row, column and anchor; stays: bool (n,), which NMS at an overlap of `iou` left.
    """
    by, overlaps = suppressors(boxes, groups, stays, iou)
    level, row, column, anchor = (_whole(one) for one in places.unbind(1))
    return Contest(
        boxes=floats(boxes),
        scores=floats(scores),
        labels=_whole(labels),
        groups=_whole(groups),
        level=level,
        row=row,
        column=column,
        anchor=anchor,
        by=_whole(by),
        overlaps=floats(overlaps),
        iou=iou,
    )


def best_first(scores: Tensor, kept: Tensor) -> tuple[Tensor, Tensor]:
    """Int64 (n,), boxes in the order of their scores, and bool (n,), which of these, so ordered, stay.

    kept: int64 (k,), those that stay as NMS ordered them: among equals they come first, and in its order.
    """
    rank = torch.full(scores.shape, len(kept))
    rank[kept] = torch.arange(len(kept))
    order = rank.argsort(stable=True)
    order = order[scores[order].argsort(descending=True, stable=True)]
    return order, rank[order] < len(kept)


def floats(values: Tensor) -> NDArray[np.float32]:
    """As records have them."""
    return np.asarray(values.detach().numpy(), np.float32)


def _whole(values: Tensor) -> NDArray[np.int64]:
    return np.asarray(values.numpy(), np.int64)
