"""MobileNet v2: Sandler et al., CVPR 2018, arXiv:1801.04381."""

from __future__ import annotations

import torchvision.models as tv
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "Sandler et al., arXiv:1801.04381"


@register(
    ModelCard(
        "mobilenet_v2",
        "MobileNet",
        2018,
        PAPER,
        "Inverted residuals: the shortcut joins the thin ends, depthwise filters work in the wide middle.",
    ),
    from_torchvision("mobilenet_v2"),
)
def mobilenet_v2(classes: int) -> nn.Module:
    return tv.mobilenet_v2(num_classes=classes)
