"""SSD: Liu, Anguelov, Erhan, Szegedy, Reed, Fu, Berg, ECCV 2016, arXiv:1512.02325; SSDlite: Sandler et al.,
MobileNetV2, CVPR 2018, arXiv:1801.04381, section 6.2, on Howard et al., MobileNetV3, ICCV 2019, arXiv:1905.02244,
section 6.3."""

from __future__ import annotations

from torch import nn
from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from torchvision.models.detection.ssd import SSD, SSDFeatureExtractorVGG
from torchvision.models.detection.ssdlite import ssdlite320_mobilenet_v3_large as published_ssdlite
from torchvision.models.vgg import cfgs, make_layers

from explorer.contract import ModelCard
from explorer.models.initial import he_normal
from explorer.models.one_stage import OneStage
from explorer.models.published import detectors_of_torchvision
from explorer.models.registry import register
from explorer.models.whole_picture import WholePicture

FAMILY = "SSD"
VGG_MAPS = "conv4_3", "fc7", "conv8_2", "conv9_2", "conv10_2", "conv11_2"
VGG_CHANNELS = 512, 1024, 512, 256, 256, 256
MOBILE_MAPS = "C4", "C5", "extra 1", "extra 2", "extra 3", "extra 4"
CAFFE = WholePicture(300, 300, (0.48235, 0.45882, 0.40784), (1 / 255, 1 / 255, 1 / 255), 1, squash=True)
"""Pixels in [0, 255] less their average, as the VGG of 2014 was trained."""
HALVES = WholePicture(320, 320, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), 1, squash=True)


@register(
    ModelCard(
        "ssd300_vgg16", FAMILY, 2016, "Liu et al., arXiv:1512.02325",
        "One pass: at every cell of six maps, from fine to coarse, default boxes are classified and moved at once.",
        ("detect",), (300, 300),
    ),
    detectors_of_torchvision("ssd300_vgg16", CAFFE),
)  # fmt: skip
def ssd300_vgg16(classes: int) -> nn.Module:
    features = make_layers(cfgs["D"])
    he_normal(features)
    backbone = SSDFeatureExtractorVGG(features, False)
    backbone.out_channels = list(VGG_CHANNELS)  # else torchvision runs the whole network once to learn them
    boxes = DefaultBoxGenerator(
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
        scales=[0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
        steps=[8, 16, 32, 64, 100, 300],
    )
    return OneStage(SSD(backbone, boxes, (300, 300), classes), VGG_MAPS)


@register(
    ModelCard(
        "ssdlite320_mobilenet_v3_large", FAMILY, 2019, "Howard et al., arXiv:1905.02244",
        "SSD for phones: a MobileNet v3 beneath, and heads of depthwise and 1x1 convolutions, a tenth of the weights.",
        ("detect",), (320, 320),
    ),
    detectors_of_torchvision("ssdlite320_mobilenet_v3_large", HALVES),
)  # fmt: skip
def ssdlite320_mobilenet_v3_large(classes: int) -> nn.Module:
    return OneStage(published_ssdlite(weights=None, weights_backbone=None, num_classes=classes), MOBILE_MAPS)
