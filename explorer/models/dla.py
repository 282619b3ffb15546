"""Deep layer aggregation: Yu, Wang, Shelhamer, Darrell, CVPR 2018, arXiv:1707.06484."""

from __future__ import annotations

import timm
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_timm
from explorer.models.registry import register


@register(
    ModelCard(
        "dla34",
        "DLA",
        2018,
        "Yu et al., arXiv:1707.06484",
        "Layers are merged in trees, across depth and across scale.",
    ),
    from_timm("dla34", "in1k", size=63_030_516),
)
def dla34(classes: int) -> nn.Module:
    module: nn.Module = timm.create_model("dla34", num_classes=classes)
    return module
