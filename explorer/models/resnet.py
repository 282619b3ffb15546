"""ResNet: He, Zhang, Ren, Sun, CVPR 2016, arXiv:1512.03385, and a small one for street crops."""

from __future__ import annotations

from functools import partial

import torch
import torchvision.models as tv
from torch import Tensor, nn

from explorer.contract import ModelCard
from explorer.models.bundled import street
from explorer.models.initial import he_normal
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "He et al., arXiv:1512.03385"
IDEAS = {
    "resnet18": "Shortcuts let a block learn only what to add: 18 layers of pairs of 3x3.",
    "resnet34": "The same pairs of 3x3, twice as deep.",
    "resnet50": "Bottlenecks of 1x1, 3x3, 1x1 carry 50 layers.",
    "resnet101": "The bottlenecks again, 23 of them in the fourth stage.",
    "resnet152": "152 layers, and still easier to train than 34 plain ones.",
}


def build(name: str, classes: int) -> nn.Module:
    """torchvision's `name`, untrained, for so many classes."""
    return tv.get_model(name, weights=None, num_classes=classes)


for name, idea in IDEAS.items():
    register(ModelCard(name, "ResNet", 2015, PAPER, idea), from_torchvision(name))(partial(build, name))


class Block(nn.Module):
    """Two 3x3 convolutions and a shortcut round them; a 1x1 convolution on the shortcut where the shape changes."""

    def __init__(self, channels: int, out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1 or channels != out:
            self.shortcut = nn.Sequential(nn.Conv2d(channels, out, 1, stride=stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        """Float (n, channels, h, w) to (n, out, h / stride, w / stride)."""
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class StreetResNet(nn.Module):
    """Street crops (n, 3, 64, 64) to logits (n, classes): 16 layers, shortcuts, one average over the last map.

    The maps are 32x32 twice, then 16x16, 8x8 and 4x4, so a cell is 16 pixels at the end.
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 24, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(24),
            nn.ReLU(inplace=True),
            Block(24, 24, 1),
            Block(24, 48, 2),
            Block(48, 48, 1),
            Block(48, 96, 2),
            Block(96, 96, 1),
            Block(96, 160, 2),
            Block(160, 160, 1),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dense = nn.Linear(160, classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n, classes) of float (n, 3, 64, 64)."""
        return self.dense(self.pool(self.features(x)).flatten(1))


@register(
    ModelCard(
        "street_resnet",
        "ResNet",
        2015,
        PAPER,
        "ResNet in small, for street crops: seven blocks that learn only what to add, and no dense layers but one.",
        input=(64, 64),
    ),
    street("street_resnet"),
)
def street_resnet(classes: int) -> nn.Module:
    return StreetResNet(classes)
