"""Inception v4: Szegedy et al., AAAI 2017, arXiv:1602.07261."""

from __future__ import annotations

import timm
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_timm
from explorer.models.registry import register


@register(
    ModelCard(
        "inception_v4",
        "Inception",
        2016,
        "Szegedy et al., arXiv:1602.07261",
        "A uniform, deeper Inception with no shortcuts.",
        input=(299, 299),
    ),
    from_timm("inception_v4", "tf_in1k", size=170_972_532),
)
def inception_v4(classes: int) -> nn.Module:
    module: nn.Module = timm.create_model("inception_v4", num_classes=classes)
    return module
