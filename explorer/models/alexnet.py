"""AlexNet: Krizhevsky, Sutskever, Hinton, NIPS 2012, in the one-tower form of arXiv:1404.5997 that torchvision has."""

from __future__ import annotations

import torchvision.models as tv
from torch import nn

from explorer.contract import ModelCard
from explorer.models.published import from_torchvision
from explorer.models.registry import register

PAPER = "Krizhevsky, Sutskever, Hinton, NIPS 2012"


@register(
    ModelCard(
        "alexnet",
        "AlexNet",
        2012,
        PAPER,
        "ReLU, dropout and two GPUs: five convolutions and three dense layers win ImageNet.",
    ),
    from_torchvision("alexnet"),
)
def alexnet(classes: int) -> nn.Module:
    return tv.alexnet(num_classes=classes)
