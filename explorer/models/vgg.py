"""VGG: Simonyan, Zisserman, ICLR 2015, arXiv:1409.1556, configurations D and E, and a small one for street crops."""

from __future__ import annotations

import torchvision.models as tv
from torch import Tensor, nn

from explorer.contract import ModelCard
from explorer.models.bundled import street
from explorer.models.initial import he_normal
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "Simonyan, Zisserman, arXiv:1409.1556"


@register(
    ModelCard("vgg16", "VGG", 2014, PAPER, "Nothing but 3x3 convolutions and 2x2 pools, sixteen layers deep."),
    from_torchvision("vgg16"),
)
def vgg16(classes: int) -> nn.Module:
    return tv.vgg16(num_classes=classes, init_weights=False)


@register(
    ModelCard("vgg19", "VGG", 2014, PAPER, "VGG-16 with one more 3x3 convolution in each of the last three stages."),
    from_torchvision("vgg19"),
)
def vgg19(classes: int) -> nn.Module:
    return tv.vgg19(num_classes=classes, init_weights=False)


def stage(channels: int, *outs: int) -> nn.Sequential:
    """3x3 convolutions, each normalised and rectified, then a 2x2 pool; outs: their channels."""
    parts: list[nn.Module] = []
    for out in outs:
        parts += [nn.Conv2d(channels, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
        channels = out
    return nn.Sequential(*parts, nn.MaxPool2d(2, 2))


class StreetVGG(nn.Module):
    """Street crops (n, 3, 64, 64) to logits (n, classes): five stages of 3x3 convolutions, then three dense layers.

    After stage i a cell is 2**i pixels: 8, 16 and 32 are what FCNs read, 16 without the last pool what detectors do.
    The first stage steps by 2 instead of pooling, for speed; batch normalisation (Ioffe, Szegedy, ICML 2015) is not in
    the paper.
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        first = nn.Sequential(
            nn.Conv2d(3, 32, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(inplace=True)
        )
        self.features = nn.Sequential(
            first, stage(32, 32), stage(32, 64, 64), stage(64, 128, 128), stage(128, 256, 256)
        )
        self.classifier = nn.Sequential(
            nn.Linear(256 * 2 * 2, 256),
            nn.ReLU(inplace=True),
            nn.Dropout(0.2),
            nn.Linear(256, 256),
            nn.ReLU(inplace=True),
            nn.Dropout(0.2),
            nn.Linear(256, classes),
        )
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n, classes) of float (n, 3, 64, 64)."""
        return self.classifier(self.features(x).flatten(1))


@register(
    ModelCard(
        "street_vgg",
        "VGG",
        2014,
        PAPER,
        "VGG in small, for street crops: eight 3x3 convolutions and three dense layers.",
        input=(64, 64),
    ),
    street("street_vgg"),
)
def street_vgg(classes: int) -> nn.Module:
    return StreetVGG(classes)
