"""ResNeXt: Xie et al., CVPR 2017, arXiv:1611.05431."""

from __future__ import annotations

from functools import partial

import torchvision.models as tv
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "Xie et al., arXiv:1611.05431"
IDEAS = {
    "resnext50_32x4d": "Thirty-two parallel paths in each bottleneck, written as one grouped convolution.",
    "resnext101_32x8d": "Paths twice as wide, 101 layers.",
    "resnext101_64x4d": "Twice as many paths instead of wider ones.",
}


def build(name: str, classes: int) -> nn.Module:
    """torchvision's `name`, untrained, for so many classes."""
    return tv.get_model(name, weights=None, num_classes=classes)


for name, idea in IDEAS.items():
    register(ModelCard(name, "ResNeXt", 2016, PAPER, idea), from_torchvision(name))(partial(build, name))
