"""NFNet: Brock, De, Smith, Simonyan 2021, arXiv:2102.06171, in the light form of timm."""

from __future__ import annotations

import timm
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_timm
from explorer.models.registry import register


@register(
    ModelCard(
        "nfnet_l0",
        "NFNet",
        2021,
        "Brock et al., arXiv:2102.06171",
        "No normalisation layers at all: scaled weights and clipped gradients instead.",
    ),
    from_timm("nfnet_l0", "ra2_in1k", size=140_297_952),
)
def nfnet_l0(classes: int) -> nn.Module:
    module: nn.Module = timm.create_model("nfnet_l0", num_classes=classes)
    return module
