"""Greedy non-maximum suppression that says who suppressed whom: Felzenszwalb et al., PAMI 2010, section 6.2; as
torchvision.ops.batched_nms, which runs where nobody asks."""

from __future__ import annotations

import torch
from torch import Tensor
from torchvision.ops import box_iou

BLOCK = 512
NOBODY = -1


def suppressed_by(boxes: Tensor, groups: Tensor, iou: float) -> tuple[Tensor, Tensor]:
    """For each box the index of the best box that suppressed it, int64 (n,), NOBODY where it stays, and its overlap
    with that one, (n,), 0 where it stays.

    boxes: (n, 4), x0 y0 x1 y1, best first; groups: (n,), only boxes of one group suppress each other; iou: a box goes
    when a better one that stays overlaps it by more.
    """
    n = len(boxes)
    by = torch.full((n,), NOBODY, dtype=torch.int64)
    overlaps = boxes.new_zeros(n)
    for begin in range(0, n, BLOCK):
        block = slice(begin, min(begin + BLOCK, n))
        shared = box_iou(boxes[block], boxes[begin:])  # those before it have had their say
        shared[groups[block, None] != groups[None, begin:]] = 0
        for i in range(begin, block.stop):
            if by[i] != NOBODY:
                continue
            row = shared[i - begin]
            goes = (row.double() > iou) & (by[begin:] == NOBODY)  # as torchvision compares, which counts at a tie
            goes[: i - begin + 1] = False
            by[begin:][goes] = i
            overlaps[begin:][goes] = row[goes]
    return by, overlaps


def suppressors(boxes: Tensor, groups: Tensor, stays: Tensor, iou: float) -> tuple[Tensor, Tensor]:
    """As `suppressed_by`, of boxes of which it is known who stays.

    stays: bool (n,), torchvision's own verdict. It moves groups apart before it compares boxes, so that it may judge
    otherwise where an overlap is within a rounding of `iou`: then the better one that overlaps the most is named.
    """
    by = torch.full((len(boxes),), NOBODY, dtype=torch.int64)
    overlaps = boxes.new_zeros(len(boxes))
    for group in sorted(set(groups.tolist())):
        members = (groups == group).nonzero()[:, 0]
        best = members[stays[members]]
        for gone in members[~stays[members]].split(BLOCK):
            shared = box_iou(boxes[best], boxes[gone])
            shared[best[:, None] > gone] = -1
            over = shared.double() > iou
            first = torch.where(over.any(0), over.int().argmax(0), shared.argmax(0))
            by[gone], overlaps[gone] = best[first], shared.gather(0, first[None])[0]
    return by, overlaps
