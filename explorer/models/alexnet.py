"""AlexNet: Krizhevsky, Sutskever, Hinton, NIPS 2012, in the one-tower form of arXiv:1404.5997 that torchvision has,
and a small one for street crops."""

from __future__ import annotations

import torchvision.models as tv
from torch import Tensor, nn

from explorer.contract import ModelCard
from explorer.models.bundled import street
from explorer.models.initial import he_normal
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "Krizhevsky, Sutskever, Hinton, NIPS 2012"


@register(
    ModelCard(
        "alexnet",
        "AlexNet",
        2012,
        PAPER,
        "ReLU, dropout and two GPUs: five convolutions and three dense layers win ImageNet.",
    ),
    from_torchvision("alexnet"),
)
def alexnet(classes: int) -> nn.Module:
    return tv.alexnet(num_classes=classes)


class StreetAlexNet(nn.Module):
    """Street crops (n, 3, 64, 64) to logits (n, classes): five convolutions, overlapping pools, three dense layers.

    Stride 16: the maps are 32x32, 15x15, 15x15, 7x7 four times, 3x3. Where the paper normalises responses, after its
    first two convolutions, this one has batch normalisation (Ioffe, Szegedy, ICML 2015).
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 7, stride=2, padding=3, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(32, 64, 5, padding=2, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 160, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(160, 144, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(144, 96, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(0.2),
            nn.Linear(96 * 3 * 3, 384),
            nn.ReLU(inplace=True),
            nn.Dropout(0.2),
            nn.Linear(384, 256),
            nn.ReLU(inplace=True),
            nn.Linear(256, classes),
        )
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n, classes) of float (n, 3, 64, 64)."""
        return self.classifier(self.features(x).flatten(1))


@register(
    ModelCard(
        "street_alexnet",
        "AlexNet",
        2012,
        PAPER,
        "AlexNet in small, for street crops: five convolutions, overlapping pools, three dense layers.",
        input=(64, 64),
    ),
    street("street_alexnet"),
)
def street_alexnet(classes: int) -> nn.Module:
    return StreetAlexNet(classes)
