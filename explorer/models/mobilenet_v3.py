"""MobileNet v3: Howard et al., ICCV 2019, arXiv:1905.02244."""

from __future__ import annotations

import torchvision.models as tv
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "Howard et al., arXiv:1905.02244"


@register(
    ModelCard(
        "mobilenet_v3_small",
        "MobileNet",
        2019,
        PAPER,
        "Searched blocks with squeeze-and-excitation and hard-swish, for phones.",
    ),
    from_torchvision("mobilenet_v3_small"),
)
def mobilenet_v3_small(classes: int) -> nn.Module:
    return tv.mobilenet_v3_small(num_classes=classes)


@register(
    ModelCard(
        "mobilenet_v3_large", "MobileNet", 2019, PAPER, "The larger MobileNet v3: the same blocks, more of them."
    ),
    from_torchvision("mobilenet_v3_large"),
)
def mobilenet_v3_large(classes: int) -> nn.Module:
    return tv.mobilenet_v3_large(num_classes=classes)
