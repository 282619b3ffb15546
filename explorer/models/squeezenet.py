"""SqueezeNet: Iandola et al. 2016, arXiv:1602.07360."""

from __future__ import annotations

import torchvision.models as tv
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "Iandola et al., arXiv:1602.07360"


@register(
    ModelCard(
        "squeezenet1_0",
        "SqueezeNet",
        2016,
        PAPER,
        "Fire modules squeeze by 1x1 before they expand: AlexNet's accuracy with 50 times fewer weights.",
    ),
    from_torchvision("squeezenet1_0"),
)
def squeezenet1_0(classes: int) -> nn.Module:
    return tv.squeezenet1_0(num_classes=classes)


@register(
    ModelCard(
        "squeezenet1_1",
        "SqueezeNet",
        2016,
        PAPER,
        "SqueezeNet pooled earlier: 2.4 times less arithmetic for the same accuracy.",
    ),
    from_torchvision("squeezenet1_1"),
)
def squeezenet1_1(classes: int) -> nn.Module:
    return tv.squeezenet1_1(num_classes=classes)
