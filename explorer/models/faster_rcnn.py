"""Faster R-CNN: Ren, He, Girshick, Sun, NIPS 2015, arXiv:1506.01497, on the feature pyramids of Lin et al., CVPR 2017,
arXiv:1612.03144; v2 after Li et al., arXiv:2111.11429."""

from __future__ import annotations

from functools import partial
from typing import Any

from torch import nn
from torchvision.models import mobilenet_v3_large, resnet50
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import _mobilenet_extractor, _resnet_fpn_extractor
from torchvision.models.detection.faster_rcnn import FasterRCNN, FastRCNNConvFCHead
from torchvision.models.detection.rpn import RPNHead
from torchvision.ops.misc import FrozenBatchNorm2d

from explorer.contract import ModelCard
from explorer.models.published import detectors_of_torchvision
from explorer.models.registry import register
from explorer.models.two_stage import TwoStage, with_new_names
from explorer.models.whole_picture import WholePicture

PAPER = "Ren et al., arXiv:1506.01497"
FAMILY = "Faster R-CNN"
RATIOS = (0.5, 1.0, 2.0)
FPN_SIZES = ((32,), (64,), (128,), (256,), (512,))
MOBILE_SIZES = ((32, 64, 128, 256, 512),) * 3


def residual_pyramid() -> nn.Module:
    """ResNet-50 with a feature pyramid, its normalisation fixed as in training; eps is 0 in the published weights."""
    return _resnet_fpn_extractor(resnet50(weights=None, norm_layer=partial(FrozenBatchNorm2d, eps=0.0)), 3)


def improved_parts() -> dict[str, Any]:
    """What v2 has: a normalised pyramid, an RPN of two convolutions, a box head of four and one dense layer."""
    backbone = _resnet_fpn_extractor(resnet50(weights=None), 3, norm_layer=nn.BatchNorm2d)
    anchors = AnchorGenerator(FPN_SIZES, (RATIOS,) * len(FPN_SIZES))
    shape = backbone.out_channels, 7, 7
    return {
        "backbone": backbone,
        "rpn_anchor_generator": anchors,
        "rpn_head": RPNHead(backbone.out_channels, anchors.num_anchors_per_location()[0], conv_depth=2),
        "box_head": FastRCNNConvFCHead(shape, [256] * 4, [1024], norm_layer=nn.BatchNorm2d),
    }


@register(
    ModelCard(
        "fasterrcnn_resnet50_fpn", FAMILY, 2015, PAPER,
        "A network proposes regions on the same maps that are then cut out and named; here on a pyramid of maps.",
        ("detect",), (800, 800),
    ),
    detectors_of_torchvision("fasterrcnn_resnet50_fpn", WholePicture()),
    with_new_names,
)  # fmt: skip
def fasterrcnn_resnet50_fpn(classes: int) -> nn.Module:
    return TwoStage(FasterRCNN(residual_pyramid(), classes))


@register(
    ModelCard(
        "fasterrcnn_resnet50_fpn_v2", FAMILY, 2021, "Li et al., arXiv:2111.11429",
        "The same with a deeper proposal network and a head of four convolutions, trained longer.",
        ("detect",), (800, 800),
    ),
    detectors_of_torchvision("fasterrcnn_resnet50_fpn_v2", WholePicture()),
)  # fmt: skip
def fasterrcnn_resnet50_fpn_v2(classes: int) -> nn.Module:
    return TwoStage(FasterRCNN(num_classes=classes, **improved_parts()))


def mobile(classes: int, **options: Any) -> nn.Module:
    """MobileNet v3 with a pyramid of two maps of the same stride, and fifteen anchors at each cell."""
    body = mobilenet_v3_large(weights=None, norm_layer=FrozenBatchNorm2d)
    anchors = AnchorGenerator(MOBILE_SIZES, (RATIOS,) * len(MOBILE_SIZES))
    backbone = _mobilenet_extractor(body, True, 3)
    return TwoStage(FasterRCNN(backbone, classes, rpn_anchor_generator=anchors, rpn_score_thresh=0.05, **options))


@register(
    ModelCard(
        "fasterrcnn_mobilenet_v3_large_fpn", FAMILY, 2019, PAPER,
        "The same two passes behind a MobileNet v3: a thirtieth of the first pass's arithmetic.",
        ("detect",), (800, 800),
    ),
    detectors_of_torchvision("fasterrcnn_mobilenet_v3_large_fpn", WholePicture()),
    with_new_names,
)  # fmt: skip
def fasterrcnn_mobilenet_v3_large_fpn(classes: int) -> nn.Module:
    return mobile(classes)


@register(
    ModelCard(
        "fasterrcnn_mobilenet_v3_large_320_fpn", FAMILY, 2019, PAPER,
        "The MobileNet detector on pictures of 320 pixels, for phones: at most 150 proposals.",
        ("detect",), (320, 320),
    ),
    detectors_of_torchvision("fasterrcnn_mobilenet_v3_large_320_fpn", WholePicture(320, 640)),
    with_new_names,
)  # fmt: skip
def fasterrcnn_mobilenet_v3_large_320_fpn(classes: int) -> nn.Module:
    return mobile(classes, rpn_pre_nms_top_n_test=150, rpn_post_nms_top_n_test=150)
