"""RetinaNet: Lin, Goyal, Girshick, He, Dollár, ICCV 2017, arXiv:1708.02002; v2 after Zhang et al., CVPR 2020,
arXiv:1912.02424."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from torch import Tensor, nn
from torchvision.models import resnet50
from torchvision.models.detection.backbone_utils import _resnet_fpn_extractor
from torchvision.models.detection.retinanet import RetinaNet, RetinaNetHead, _default_anchorgen
from torchvision.ops.feature_pyramid_network import LastLevelP6P7
from torchvision.ops.misc import FrozenBatchNorm2d

from explorer.contract import ModelCard
from explorer.models.one_stage import OneStage
from explorer.models.published import detectors_of_torchvision
from explorer.models.registry import register
from explorer.models.two_stage import with_new_names
from explorer.models.whole_picture import WholePicture

FAMILY = "RetinaNet"
MAPS = "P3", "P4", "P5", "P6", "P7"
OLD_HEAD = re.compile(r"^(head\.\w+_head\.conv)\.([0246])\.(weight|bias)$")


def pyramid_from_p3(norm_layer: Callable[..., nn.Module], sixth_from: int = 256) -> Any:
    """ResNet-50 with a feature pyramid that leaves P2 out, for it has too many cells, and goes on to P6 and P7.

    sixth_from: channels of what P6 is made from: 256 of P5, or 2,048 of C5.
    """
    extra = LastLevelP6P7(sixth_from, 256)
    return _resnet_fpn_extractor(resnet50(weights=None, norm_layer=norm_layer), 3, [2, 3, 4], extra)


def with_new_head_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A published state under the names its parts have had since torchvision 0.13, as torchvision itself renames."""
    return {
        OLD_HEAD.sub(lambda found: f"{found[1]}.{int(found[2]) // 2}.0.{found[3]}", name): tensor
        for name, tensor in with_new_names(state).items()
    }


@register(
    ModelCard(
        "retinanet_resnet50_fpn", FAMILY, 2017, "Lin et al., arXiv:1708.02002",
        "One pass that is as exact as two: a loss that is hardly moved by the many easy boxes, on a pyramid of maps.",
        ("detect",), (800, 800),
    ),
    detectors_of_torchvision("retinanet_resnet50_fpn", WholePicture()),
    with_new_head_names,
)  # fmt: skip
def retinanet_resnet50_fpn(classes: int) -> nn.Module:
    backbone = pyramid_from_p3(partial(FrozenBatchNorm2d, eps=0.0))  # so in the published weights
    return OneStage(RetinaNet(backbone, classes), MAPS)


@register(
    ModelCard(
        "retinanet_resnet50_fpn_v2", FAMILY, 2020, "Zhang et al., arXiv:1912.02424",
        "The same with normalised heads, P6 made from the backbone's last map, and a loss of overlaps, trained longer.",
        ("detect",), (800, 800),
    ),
    detectors_of_torchvision("retinanet_resnet50_fpn_v2", WholePicture()),
)  # fmt: skip
def retinanet_resnet50_fpn_v2(classes: int) -> nn.Module:
    backbone, anchors = pyramid_from_p3(nn.BatchNorm2d, 2048), _default_anchorgen()
    each = anchors.num_anchors_per_location()[0]
    head = RetinaNetHead(backbone.out_channels, each, classes, norm_layer=partial(nn.GroupNorm, 32))
    return OneStage(RetinaNet(backbone, classes, anchor_generator=anchors, head=head), MAPS)
