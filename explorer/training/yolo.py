"""Learning to find everything in one look; Redmon et al., YOLO, CVPR 2016, arXiv:1506.02640, section 2.2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from explorer.models.darknet.decode import candidates, suppress
from explorer.models.street_yolo import INPUT, boxes_of
from explorer.ops.average_precision import average_precision, hits
from explorer.ops.yolo_loss import yolo_loss

if TYPE_CHECKING:
    from explorer.training.recipe import Recipe

SCORE, IOU = 0.05, 0.45
"""What is judged: boxes that score more, after NMS at this overlap."""


class Yolo:
    """Equation 3 of the paper, and the average precision of each picture's boxes at an IoU of .5.

    Targets: as `targets` of streets/yolo_targets.py, stacked. The exam's mAP is the area under one curve a class over
    all pictures, and no sum of batches; `ap50` is the mean of one curve a picture, all classes together, where a box of
    another class is wrong. It needs no threshold either and misses only what mAP says of scores across pictures.
    `recall50` is the mean share of a picture's things that were hit.
    """

    metrics = ("ap50", "recall50", "loss")

    def form(self, module: nn.Module) -> nn.Module:
        """As it is."""
        return module

    def loss(self, outputs: Tensor, targets: Any, recipe: Recipe) -> Tensor:
        """Mean over the pictures of float (n, 300 (c + 10))."""
        return _losses(outputs, targets).mean()

    def measure(self, outputs: Tensor, targets: Any) -> Tensor:
        """Sums over the pictures."""
        losses = _losses(outputs, targets).double().sum()
        rows = torch.as_tensor(targets[2])
        found = [_judged(outputs[i : i + 1].float().cpu(), rows[i]) for i in range(len(outputs))]
        return torch.cat([torch.tensor(found, dtype=torch.float64).reshape(-1, 2).sum(0), losses.cpu()[None]])


def _losses(outputs: Tensor, targets: Any) -> Tensor:
    labels, truth = (torch.as_tensor(part, device=outputs.device) for part in targets[:2])
    return yolo_loss(boxes_of(outputs.float()), labels, truth).total


def _judged(raw: Tensor, rows: Tensor) -> tuple[float, float]:
    """Average precision and recall of one picture; rows: (12, 6), boxes, class and 1 where it counts."""
    rows = rows[rows[:, 4] >= 0]
    counts = rows[:, 5] > 0
    things = int(counts.sum())
    proposed = candidates((boxes_of(raw),), INPUT)
    kept = suppress(proposed, SCORE, IOU)
    hit, passed = hits(proposed.clipped[kept], proposed.labels[kept], rows[:, :4], rows[:, 4].long(), counts)
    return average_precision(hit[~passed], things), float(hit.sum()) / things if things else 1.0
