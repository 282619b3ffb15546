"""OverFeat: Sermanet, Eigen, Zhang, Mathieu, Fergus, LeCun, ICLR 2014, arXiv:1312.6229; its fast network, and a small
detector of street things in its spirit."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.contract import ModelCard
from explorer.models.bundled import STREET_MEAN, STREET_STD, bundled
from explorer.models.initial import he_normal
from explorer.models.preparation import Preparation
from explorer.models.registry import register

PAPER = "Sermanet et al., ICLR 2014"
WINDOW = 79
"""Pixels that one place of the street detector sees, which is the receptive field of its last layer."""


class OverFeat(nn.Module):
    """Pictures (n, 3, 231, 231) to logits (n, classes): the fast network of the paper's table 1; stride 32."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            *(nn.Conv2d(3, 96, 11, stride=4), nn.ReLU(inplace=True), nn.MaxPool2d(2, 2)),
            *(nn.Conv2d(96, 256, 5), nn.ReLU(inplace=True), nn.MaxPool2d(2, 2)),
            *(nn.Conv2d(256, 512, 3, padding=1), nn.ReLU(inplace=True)),
            *(nn.Conv2d(512, 1024, 3, padding=1), nn.ReLU(inplace=True)),
            *(nn.Conv2d(1024, 1024, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2, 2)),
        )
        self.classifier = nn.Sequential(
            *(nn.Dropout(), nn.Linear(1024 * 6 * 6, 3072), nn.ReLU(inplace=True)),
            *(nn.Dropout(), nn.Linear(3072, 4096), nn.ReLU(inplace=True)),
            nn.Linear(4096, classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n, classes) of float (n, 3, 231, 231)."""
        return self.classifier(self.features(x).flatten(1))


@register(
    ModelCard(
        "overfeat",
        "OverFeat",
        2014,
        PAPER,
        "At every place of a picture at once: dense layers are convolutions; one network finds, places and names.",
        input=(231, 231),
    )
)
def overfeat(classes: int) -> nn.Module:
    return OverFeat(classes)


def convolution(channels: int, out: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    """Without padding: a cell sees only what is there, at every place."""
    return [nn.Conv2d(channels, out, kernel, stride, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)]


class StreetOverFeat(nn.Module):
    """Windows (n, 3, 79, 79) to logits (n, classes), the last of them background; no padding anywhere.

    The maps are 37x37, 18x18, 16x16, 14x14, 7x7, 5x5, 3x3; stride 8. What one output sees is 79 pixels, no more and no
    less, so that a dense pass and windows give the same numbers. Where the paper has none, this one has batch
    normalisation (Ioffe, Szegedy, ICML 2015).
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            *convolution(3, 32, 7, stride=2),
            nn.MaxPool2d(3, 2),
            *convolution(32, 64, 3),
            *convolution(64, 64, 3),
            nn.MaxPool2d(2, 2),
            *convolution(64, 112, 3),
            *convolution(112, 128, 3),
        )
        self.classifier = nn.Sequential(
            *(nn.Dropout(0.1), nn.Linear(128 * 3 * 3, 224), nn.ReLU(inplace=True)),
            *(nn.Linear(224, 192), nn.ReLU(inplace=True)),
            nn.Linear(192, classes),
        )
        self.regressor = nn.Sequential(
            nn.Linear(128 * 3 * 3, 96),
            nn.ReLU(inplace=True),
            nn.Linear(96, 4),
        )
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n, classes) of float (n, 3, 79, 79)."""
        return self.classifier(self.features(x).flatten(1))

    def with_boxes(self) -> nn.Module:
        """The same network with its box regressor; the weights are shared."""
        return WithBoxes(self)


class WithBoxes(nn.Module):
    """Windows to logits and a box, which is one for all classes; section 4.1 of the paper.

    The regressor learns on features that do not move for it: its gradient stops there, as in the paper, which trains it
    when all else is done.
    """

    def __init__(self, network: StreetOverFeat) -> None:
        super().__init__()
        self.features, self.classifier, self.regressor = network.features, network.classifier, network.regressor

    def forward(self, x: Tensor) -> Tensor:
        """Float (n, classes + 4) of float (n, 3, 79, 79): logits; x0 y0 x1 y1 in windows' sides from its centre."""
        row = self.features(x).flatten(1)
        return torch.cat([self.classifier(row), self.regressor(row.detach())], 1)


@register(
    ModelCard(
        "street_overfeat",
        "OverFeat",
        2014,
        PAPER,
        "OverFeat in small, for streets: no padding, so that one pass gives what windows give; a box at each place.",
        tasks=("classify", "dense", "detect"),
        input=(WINDOW, WINDOW),
    ),
    bundled("street_overfeat", "streetscape", Preparation(88, WINDOW, STREET_MEAN, STREET_STD, squash=True)),
)
def street_overfeat(classes: int) -> nn.Module:
    return StreetOverFeat(classes)
