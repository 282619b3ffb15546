"""Xception: Chollet, CVPR 2017, arXiv:1610.02357."""

from __future__ import annotations

import timm
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_timm
from explorer.models.registry import register


@register(
    ModelCard(
        "xception",
        "Xception",
        2016,
        "Chollet, arXiv:1610.02357",
        "Inception taken to its end: space and channels are convolved apart.",
        input=(299, 299),
    ),
    from_timm("legacy_xception", "tf_in1k", size=91_642_080),
)
def xception(classes: int) -> nn.Module:
    module: nn.Module = timm.create_model("legacy_xception", num_classes=classes)
    return module
