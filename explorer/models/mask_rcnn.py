"""Mask R-CNN: He, Gkioxari, Dollár, Girshick, ICCV 2017, arXiv:1703.06870; v2 after Li et al., arXiv:2111.11429."""

from __future__ import annotations

from torch import nn
from torchvision.models.detection.mask_rcnn import MaskRCNN, MaskRCNNHeads

from explorer.contract import ModelCard
from explorer.models.faster_rcnn import improved_parts, residual_pyramid
from explorer.models.published import detectors_of_torchvision
from explorer.models.registry import register
from explorer.models.two_stage import TwoStage, with_new_names
from explorer.models.whole_picture import WholePicture


@register(
    ModelCard(
        "maskrcnn_resnet50_fpn", "Mask R-CNN", 2017, "He et al., arXiv:1703.06870",
        "RoI Align instead of RoI Pool, and a branch that draws a mask in every box.",
        ("detect",), (800, 800),
    ),
    detectors_of_torchvision("maskrcnn_resnet50_fpn", WholePicture()),
    with_new_names,
)  # fmt: skip
def maskrcnn_resnet50_fpn(classes: int) -> nn.Module:
    return TwoStage(MaskRCNN(residual_pyramid(), classes))


@register(
    ModelCard(
        "maskrcnn_resnet50_fpn_v2", "Mask R-CNN", 2021, "Li et al., arXiv:2111.11429",
        "The same with a deeper proposal network and heads that are normalised, trained longer.",
        ("detect",), (800, 800),
    ),
    detectors_of_torchvision("maskrcnn_resnet50_fpn_v2", WholePicture()),
)  # fmt: skip
def maskrcnn_resnet50_fpn_v2(classes: int) -> nn.Module:
    parts = improved_parts()
    masks = MaskRCNNHeads(parts["backbone"].out_channels, [256] * 4, 1, norm_layer=nn.BatchNorm2d)
    return TwoStage(MaskRCNN(num_classes=classes, mask_head=masks, **parts))
