"""ShuffleNet v2: Ma et al., ECCV 2018, arXiv:1807.11164."""

from __future__ import annotations

from functools import partial

import torchvision.models as tv
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "Ma et al., arXiv:1807.11164"
IDEAS = {
    "shufflenet_v2_x0_5": "Half the channels skip each block, then all are shuffled: built for memory traffic.",
    "shufflenet_v2_x1_0": "ShuffleNet v2 at its reference width.",
    "shufflenet_v2_x1_5": "ShuffleNet v2, half again as wide.",
    "shufflenet_v2_x2_0": "ShuffleNet v2 at twice the width.",
}


def build(name: str, classes: int) -> nn.Module:
    """torchvision's `name`, untrained, for so many classes."""
    return tv.get_model(name, weights=None, num_classes=classes)


for name, idea in IDEAS.items():
    register(ModelCard(name, "ShuffleNet", 2018, PAPER, idea), from_torchvision(name))(partial(build, name))
