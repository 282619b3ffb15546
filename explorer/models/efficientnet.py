"""EfficientNet: Tan, Le, ICML 2019, arXiv:1905.11946."""

from __future__ import annotations

from functools import partial

import torchvision.models as tv
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "Tan, Le, arXiv:1905.11946"
IDEAS = {
    "efficientnet_b0": "Depth, width and resolution are scaled together from one searched network: this one.",
    "efficientnet_b1": "B0 scaled by one step.",
    "efficientnet_b2": "B0 scaled by two steps.",
    "efficientnet_b3": "B0 scaled by three steps.",
    "efficientnet_b4": "B0 scaled by four steps.",
    "efficientnet_b5": "B0 scaled by five steps.",
    "efficientnet_b6": "B0 scaled by six steps.",
    "efficientnet_b7": "B0 scaled by seven steps: 84.3 % top-1 in the paper.",
}
SIDES = {
    "efficientnet_b0": (224, 224),
    "efficientnet_b1": (240, 240),
    "efficientnet_b2": (288, 288),
    "efficientnet_b3": (300, 300),
    "efficientnet_b4": (380, 380),
    "efficientnet_b5": (456, 456),
    "efficientnet_b6": (528, 528),
    "efficientnet_b7": (600, 600),
}


def build(name: str, classes: int) -> nn.Module:
    """torchvision's `name`, untrained, for so many classes."""
    return tv.get_model(name, weights=None, num_classes=classes)


for name, idea in IDEAS.items():
    register(ModelCard(name, "EfficientNet", 2019, PAPER, idea, input=SIDES[name]), from_torchvision(name))(
        partial(build, name)
    )
