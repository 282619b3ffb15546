"""YOLO's first form in small, for streets: Redmon, Divvala, Girshick, Farhadi, CVPR 2016, arXiv:1506.02640."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.contract import ModelCard
from explorer.models.bundled import STREET_MEAN, STREET_STD, bundled
from explorer.models.fixed_picture import FixedPicture
from explorer.models.initial import he_normal
from explorer.models.registry import register
from explorer.ops.yolo_boxes import YoloBoxes
from explorer.ops.yolo_cells import cell_boxes
from explorer.records.frame import Size

PAPER = "Redmon et al., arXiv:1506.02640"
INPUT: Size = (240, 320)
"""Half of a scene's sides. What counts there has 12 pixels or more a side, so 6 here; of 6,710 counted things in 1,000
training scenes none is under 4, and .6 % are under 6 pixels."""
GRID: Size = (15, 20)
"""Rows and columns. One class a cell is v1's limit: of those things 10.3 % would be lost in the paper's 7x7 cells,
6.5 % in 8x10, 2.6 % in 12x16, 1.4 % in these, whose 16 pixels are just what four halvings leave."""
BOXES = 2
SLOPE, QUIET = 0.1, 0.01
FIRST_SIDES = 0.06, 0.35
"""Of the two boxes before anything is learnt: a small and a large one, so that both come to be responsible."""


def convolution(channels: int, out: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    """Normalised (Ioffe, Szegedy, ICML 2015; the paper has it not) and leaky, as the paper's equation 2."""
    return [
        nn.Conv2d(channels, out, kernel, stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(out),
        nn.LeakyReLU(SLOPE, inplace=True),
    ]


class StreetYolo(nn.Module):
    """Pictures (n, 3, 240, 320) to 15x20 cells of c classes and two boxes each, in Darknet's order.

    `features` are the first four stages of StreetVGG, whose weights fit, with leaky units; `neck` is the paper's
    pattern of 1x1 and 3x3 convolutions, of which a cell sees 165 pixels. Two dense layers read the whole picture and
    give every cell its own numbers, so it matters where in the picture a thing is. The paper's first has 4,096 units
    and 205 million weights; this has 96, so that a 1x1 convolution, which is not the paper's, leads past both from each
    cell's own features, and what a cell answers is the sum.
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.features = nn.Sequential(
            nn.Sequential(*convolution(3, 32, 3, stride=2)),
            nn.Sequential(*convolution(32, 32, 3), nn.MaxPool2d(2, 2)),
            nn.Sequential(*convolution(32, 64, 3), *convolution(64, 64, 3), nn.MaxPool2d(2, 2)),
            nn.Sequential(*convolution(64, 128, 3), *convolution(128, 128, 3), nn.MaxPool2d(2, 2)),
        )
        self.neck = nn.Sequential(
            *convolution(128, 192, 3),
            *(*convolution(192, 96, 1), *convolution(96, 192, 3)),
            *(*convolution(192, 96, 1), *convolution(96, 192, 3)),
        )
        places, numbers = GRID[0] * GRID[1], classes + 5 * BOXES
        last = nn.Linear(96, places * numbers)
        self.bottleneck = nn.Sequential(*convolution(192, 16, 1))
        self.dense = nn.Sequential(
            nn.Linear(16 * places, 96),
            nn.LeakyReLU(SLOPE, inplace=True),
            nn.Dropout(0.5),
            last,
        )
        self.past = nn.Conv2d(192, numbers, 1)
        he_normal(self)
        _begin_quietly(last, self.past)

    def forward(self, x: Tensor) -> Tensor:
        """Float (n, 300 (c + 10)) of float (n, 3, 240, 320), as `cell_boxes` reads it; no unit after the last layer."""
        maps = self.neck(self.features(x))
        return self.dense(self.bottleneck(maps).flatten(1)) + self._in_order(self.past(maps))

    def _in_order(self, cells: Tensor) -> Tensor:
        """From (n, c + 10, rows, columns) to all classes, all confidences, all boxes."""
        parts = cells.permute(0, 2, 3, 1).split([self.classes, BOXES, 4 * BOXES], dim=-1)
        return torch.cat([part.flatten(1) for part in parts], 1)


def boxes_of(raw: Tensor) -> YoloBoxes:
    """What StreetYolo's output (n, 300 (c + 10)) says, in pixels of its input."""
    classes = raw.shape[1] // (GRID[0] * GRID[1]) - 5 * BOXES
    return cell_boxes(raw, GRID, BOXES, classes, INPUT)


def _begin_quietly(dense: nn.Linear, past: nn.Conv2d) -> None:
    """Nearly nothing but biases at first: unsure cells, boxes in their middles, one small and one large."""
    weight, bias = past.parameters()
    boxes = torch.tensor([(0.5, 0.5, side**0.5, side**0.5) for side in FIRST_SIDES])
    with torch.no_grad():
        dense.weight.mul_(QUIET)
        weight.mul_(QUIET)
        bias[-boxes.numel() :] = boxes.flatten()


@register(
    ModelCard(
        "street_yolo",
        "YOLO",
        2015,
        PAPER,
        "One look at the whole picture: every cell of a grid says what has its centre there, and how large it is.",
        tasks=("detect",),
        input=INPUT,
    ),
    bundled("street_yolo", "streetscape", FixedPicture(INPUT, STREET_MEAN, STREET_STD)),
)
def street_yolo(classes: int) -> nn.Module:
    return StreetYolo(classes)
