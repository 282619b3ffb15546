"""Inception-ResNet v2: Szegedy et al., AAAI 2017, arXiv:1602.07261."""

from __future__ import annotations

import timm
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_timm
from explorer.models.registry import register


@register(
    ModelCard(
        "inception_resnet_v2",
        "Inception-ResNet",
        2016,
        "Szegedy et al., arXiv:1602.07261",
        "Inception modules whose output is scaled and added to their input.",
        input=(299, 299),
    ),
    from_timm("inception_resnet_v2", "tf_in1k", size=223_616_848),
)
def inception_resnet_v2(classes: int) -> nn.Module:
    module: nn.Module = timm.create_model("inception_resnet_v2", num_classes=classes)
    return module
