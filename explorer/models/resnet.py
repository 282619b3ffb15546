"""ResNet: He, Zhang, Ren, Sun, CVPR 2016, arXiv:1512.03385."""

from __future__ import annotations

from functools import partial

import torchvision.models as tv
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "He et al., arXiv:1512.03385"
IDEAS = {
    "resnet18": "Shortcuts let a block learn only what to add: 18 layers of pairs of 3x3.",
    "resnet34": "The same pairs of 3x3, twice as deep.",
    "resnet50": "Bottlenecks of 1x1, 3x3, 1x1 carry 50 layers.",
    "resnet101": "The bottlenecks again, 23 of them in the fourth stage.",
    "resnet152": "152 layers, and still easier to train than 34 plain ones.",
}


def build(name: str, classes: int) -> nn.Module:
    """torchvision's `name`, untrained, for so many classes."""
    return tv.get_model(name, weights=None, num_classes=classes)


for name, idea in IDEAS.items():
    register(ModelCard(name, "ResNet", 2015, PAPER, idea), from_torchvision(name))(partial(build, name))
