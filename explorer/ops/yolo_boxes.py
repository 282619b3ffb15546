"""YOLO's boxes with all that leads to them: Redmon et al., arXiv:1506.02640, section 2; arXiv:1612.08242, section 2."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.records.frame import Size


@dataclass(frozen=True)
class YoloBoxes:
    """What the cells of one head propose: n pictures, rows x columns of cells, a boxes each, c classes.

    read: raw tx, ty, tw, th (n, rows, columns, a, 4); read_object (n, rows, columns, a) and read_classes (..., c): the
    raw confidence and classes; within (..., 2): x and y of the centre in its cell, counted in cells; cell
    (rows, columns, 1, 2): column and row; factor (..., 2): what the prior's width and height are multiplied by; prior
    (a, 2): width and height in pixels of the network's input; stride (2,): a cell's width and height in them; size:
    that input's (height, width); objectness (n, rows, columns, a); classes (..., c); anchored: priors are anchors, not
    the whole input.
    """

    read: Tensor
    read_object: Tensor
    read_classes: Tensor
    within: Tensor
    cell: Tensor
    factor: Tensor
    prior: Tensor
    stride: Tensor
    size: Size
    objectness: Tensor
    classes: Tensor
    anchored: bool = True

    @property
    def centre(self) -> Tensor:
        """(n, rows, columns, a, 2): x and y in pixels of the network's input."""
        return (self.within + self.cell) * self.stride

    @property
    def side(self) -> Tensor:
        """(n, rows, columns, a, 2): width and height in pixels of the network's input."""
        return self.factor * self.prior

    @property
    def boxes(self) -> Tensor:
        """(n, rows, columns, a, 4): x0 y0 x1 y1 in pixels of the network's input, not clipped to it."""
        half = self.side / 2
        return torch.cat([self.centre - half, self.centre + half], -1)

    @property
    def scores(self) -> Tensor:
        """(n, rows, columns, a, c): objectness times class."""
        return self.objectness[..., None] * self.classes


def cells(rows: int, columns: int, size: Size, like: Tensor) -> tuple[Tensor, Tensor]:
    """Column and row of each cell (rows, columns, 1, 2), and a cell's width and height (2,) in pixels of the input."""
    down = torch.arange(rows, dtype=like.dtype, device=like.device)
    across = torch.arange(columns, dtype=like.dtype, device=like.device)
    grid = torch.stack(torch.meshgrid(across, down, indexing="xy"), -1)
    return grid[:, :, None], like.new_tensor([size[1] / columns, size[0] / rows])
