"""MobileNet v1: Howard et al. 2017, arXiv:1704.04861."""

from __future__ import annotations

import timm
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_timm
from explorer.models.registry import register


@register(
    ModelCard(
        "mobilenet_v1",
        "MobileNet",
        2017,
        "Howard et al., arXiv:1704.04861",
        "Depthwise filters then 1x1: a standard convolution in two cheap halves.",
    ),
    from_timm("mobilenetv1_100", "ra4_e3600_r224_in1k", size=17_015_564),
)
def mobilenet_v1(classes: int) -> nn.Module:
    module: nn.Module = timm.create_model("mobilenetv1_100", num_classes=classes)
    return module
