"""Squeeze-and-excitation: Hu, Shen, Sun, CVPR 2018, arXiv:1709.01507."""

from __future__ import annotations

import timm
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_timm
from explorer.models.registry import register


@register(
    ModelCard(
        "se_resnet50",
        "SE-ResNet",
        2017,
        "Hu et al., arXiv:1709.01507",
        "Each block weighs its channels by what the whole picture holds.",
    ),
    from_timm("seresnet50", "a1_in1k", size=112_564_788),
)
def se_resnet50(classes: int) -> nn.Module:
    module: nn.Module = timm.create_model("seresnet50", num_classes=classes)
    return module
