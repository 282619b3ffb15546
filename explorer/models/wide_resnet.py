"""Wide ResNet: Zagoruyko, Komodakis, BMVC 2016, arXiv:1605.07146."""

from __future__ import annotations

from functools import partial

import torchvision.models as tv
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "Zagoruyko, Komodakis, arXiv:1605.07146"
IDEAS = {
    "wide_resnet50_2": "Twice the width in the 3x3 of each bottleneck: wider can beat deeper.",
    "wide_resnet101_2": "The wide bottlenecks, 101 layers.",
}


def build(name: str, classes: int) -> nn.Module:
    """torchvision's `name`, untrained, for so many classes."""
    return tv.get_model(name, weights=None, num_classes=classes)


for name, idea in IDEAS.items():
    register(ModelCard(name, "Wide ResNet", 2016, PAPER, idea), from_torchvision(name))(partial(build, name))
