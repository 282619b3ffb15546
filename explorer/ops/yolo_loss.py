"""What YOLO learns by, sum by sum: Redmon et al., CVPR 2016, section 2.2, equation 3, arXiv:1506.02640."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from explorer.ops.yolo_boxes import YoloBoxes
from explorer.records.cell_loss import IGNORED


@dataclass(frozen=True)
class Lambdas:
    """The weights of the five sums; coord is that of two. The paper's, which names only those that are not 1."""

    coord: float = 5.0
    obj: float = 1.0
    noobj: float = 0.5
    classes: float = 1.0

    @property
    def each(self) -> tuple[float, float, float, float, float]:
        """Of the sums in their order."""
        return self.coord, self.coord, self.obj, self.noobj, self.classes


@dataclass(frozen=True)
class YoloLoss:
    """Equation 3 of n pictures, what each cell adds to its five sums, (n, rows, columns), each times its lambda.

    centres: in cells; sides: by the roots of parts of the picture; obj and noobj: confidences of boxes that are
    responsible for a thing and of those that are not; classes; responsible: bool (n, rows, columns, b), the box of each
    cell with a thing that its errors are counted of; overlaps: (n, rows, columns, b), the IoU of every box with its
    cell's thing, 0 where there is none.
    """

    centres: Tensor
    sides: Tensor
    obj: Tensor
    noobj: Tensor
    classes: Tensor
    responsible: Tensor
    overlaps: Tensor

    @property
    def terms(self) -> Tensor:
        """(n, 5, rows, columns): the five in the paper's order."""
        return torch.stack([self.centres, self.sides, self.obj, self.noobj, self.classes], 1)

    @property
    def of_terms(self) -> Tensor:
        """(n, 5): each over all cells."""
        return self.terms.sum((2, 3))

    @property
    def total(self) -> Tensor:
        """(n,): the five together, over all cells."""
        return self.of_terms.sum(1)


def yolo_loss(made: YoloBoxes, labels: Tensor, truth: Tensor, lambdas: Lambdas | None = None) -> YoloLoss:
    """The squared errors of what cells read against what is there.

    made: of a head that reads roots of its boxes' sides; labels: int64 (n, rows, columns), and truth: (n, rows,
    columns, 4), as `yolo_targets` has them of each picture.

    Of a cell with a thing, the box of the largest IoU with it is responsible, and its confidence is to be that IoU,
    which learns nothing itself. Where none overlaps it, that one is whose sides and centre are nearest, as in Darknet.
    """
    weigh = lambdas or Lambdas()
    there = labels >= 0
    with torch.no_grad():
        overlaps = _overlaps(made, truth) * there[..., None]
        responsible = F.one_hot(_best(made, overlaps, truth), overlaps.shape[-1]).bool() & there[..., None]
    idle = ~responsible & (labels != IGNORED)[..., None]
    roots = torch.cat([truth[..., :2], truth[..., 2:].sqrt()], -1)
    errors = (made.read - roots[..., None, :]).square()
    said = made.classes[..., 0, :]
    right = F.one_hot(labels.clamp(min=0), said.shape[-1]).to(said.dtype)
    return YoloLoss(
        centres=weigh.coord * _of_cells(errors[..., :2].sum(-1), responsible),
        sides=weigh.coord * _of_cells(errors[..., 2:].sum(-1), responsible),
        obj=weigh.obj * _of_cells((made.objectness - overlaps).square(), responsible),
        noobj=weigh.noobj * _of_cells(made.objectness.square(), idle),
        classes=weigh.classes * ((said - right).square().sum(-1) * there),
        responsible=responsible,
        overlaps=overlaps,
    )


def _of_cells(errors: Tensor, where: Tensor) -> Tensor:
    """(n, rows, columns) of (n, rows, columns, b)."""
    return (errors * where).sum(-1)


def _overlaps(made: YoloBoxes, truth: Tensor) -> Tensor:
    """(n, rows, columns, b): the IoU of each box with what is true of its cell."""
    height, width = made.size
    centre = (truth[..., None, :2] + made.cell) * made.stride
    half = truth[..., None, 2:] * truth.new_tensor([width, height]) / 2
    low, high = made.boxes[..., :2], made.boxes[..., 2:]
    shared = (torch.minimum(high, centre + half) - torch.maximum(low, centre - half)).clamp(min=0).prod(-1)
    whole = made.side.prod(-1) + (2 * half).prod(-1) - shared
    return shared / whole.clamp(min=torch.finfo(whole.dtype).tiny)


def _best(made: YoloBoxes, overlaps: Tensor, truth: Tensor) -> Tensor:
    """Int64 (n, rows, columns): the box of the largest overlap, or of the nearest four numbers where there is none."""
    within = made.within - truth[..., None, :2]
    parts = made.factor - truth[..., None, 2:]
    cells = within * made.stride / made.stride.new_tensor([made.size[1], made.size[0]])
    off = torch.cat([cells, parts], -1).square().sum(-1)
    return torch.where(overlaps.amax(-1) > 0, overlaps.argmax(-1), off.argmin(-1))
