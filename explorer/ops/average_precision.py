"""Average precision of what was found in one picture: Everingham et al., The Pascal VOC Challenge, IJCV 2010, section
4.2; what does not count as on COCO's crowds (Lin et al., ECCV 2014)."""

from __future__ import annotations

import torch
from torch import Tensor
from torchvision.ops import box_area, box_iou

TINY = 1e-12


def hits(
    boxes: Tensor, labels: Tensor, truth: Tensor, classes: Tensor, counts: Tensor, iou: float = 0.5
) -> tuple[Tensor, Tensor]:
    """Bool (n,) twice: which boxes, best first, hit a thing, and which are passed over as neither hit nor miss.

    boxes (n, 4), labels (n,): what was found; truth (m, 4), classes (m,), counts bool (m,): what is there. A box takes
    the thing of its class that it overlaps most and nobody took, by an IoU of at least `iou`; else it is passed over
    where that share of it lies on a thing of its class that does not count.
    """
    hit, passed = torch.zeros(len(boxes), dtype=torch.bool), torch.zeros(len(boxes), dtype=torch.bool)
    if not len(boxes) or not len(truth):
        return hit, passed
    same = labels[:, None] == classes[None]
    overlaps = torch.where(same & counts, box_iou(boxes, truth), boxes.new_zeros(()))
    inside = torch.where(same & ~counts, _shares(boxes, truth), boxes.new_zeros(()))
    passed = inside.amax(1) >= iou
    free = counts.clone()
    for one in range(len(boxes)):
        best, thing = torch.where(free, overlaps[one], -1.0).max(0)
        if best >= iou:
            hit[one], passed[one], free[thing] = True, False, False
    return hit, passed


def average_precision(hit: Tensor, things: int) -> float:
    """The area under precision over recall, precision made to fall; 1 for having found nothing where nothing is.

    hit: bool (n,), best first, which boxes hit one of so many things.
    """
    if not things:
        return 0.0 if len(hit) else 1.0
    found = hit.double().cumsum(0)
    precision = found / torch.arange(1, len(hit) + 1)
    falling = precision.flip(0).cummax(0).values.flip(0) if len(hit) else precision
    return float(falling[hit].sum() / things)


def _shares(boxes: Tensor, truth: Tensor) -> Tensor:
    """(n, m): how much of each box lies on each thing."""
    low = torch.maximum(boxes[:, None, :2], truth[None, :, :2])
    high = torch.minimum(boxes[:, None, 2:], truth[None, :, 2:])
    shares: Tensor = (high - low).clamp(min=0).prod(-1) / box_area(boxes)[:, None].clamp(min=TINY)
    return shares
