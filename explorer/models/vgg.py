"""VGG: Simonyan, Zisserman, ICLR 2015, arXiv:1409.1556, configurations D and E."""

from __future__ import annotations

import torchvision.models as tv
from torch import nn

from explorer.contract import ModelCard
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
