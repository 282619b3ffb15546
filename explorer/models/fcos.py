"""FCOS: Tian, Shen, Chen, He, ICCV 2019, arXiv:1904.01355; improved in PAMI 2020, arXiv:2006.09214."""

from __future__ import annotations

from torch import nn
from torchvision.models.detection.fcos import FCOS
from torchvision.ops.misc import FrozenBatchNorm2d

from explorer.contract import ModelCard
from explorer.models.one_stage import OneStage
from explorer.models.published import detectors_of_torchvision
from explorer.models.registry import register
from explorer.models.retinanet import MAPS, pyramid_from_p3
from explorer.models.two_stage import with_new_names
from explorer.models.whole_picture import WholePicture


@register(
    ModelCard(
        "fcos_resnet50_fpn", "FCOS", 2019, "Tian et al., arXiv:1904.01355",
        "No anchors: every cell tells its distances to the box's four sides, and how near to the middle it lies.",
        ("detect",), (800, 800),
    ),
    detectors_of_torchvision("fcos_resnet50_fpn", WholePicture()),
    with_new_names,
)  # fmt: skip
def fcos_resnet50_fpn(classes: int) -> nn.Module:
    return OneStage(FCOS(pyramid_from_p3(FrozenBatchNorm2d), classes), MAPS)
