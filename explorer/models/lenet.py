"""LeNet-5: LeCun, Bottou, Bengio, Haffner, Proc. IEEE 1998, in the form on 28x28 that courses print: 44,426 weights."""

from __future__ import annotations

from torch import Tensor, nn

from explorer.contract import ModelCard
from explorer.models.bundled import bundled
from explorer.models.preparation import InkPreparation
from explorer.models.registry import register


class LeNet5(nn.Module):
    """Digits (n, 1, 28, 28) to logits (n, classes); the maps are 6x24x24, 6x12x12, 16x8x8, 16x4x4, then 256-120-84.

    The paper's form pads to 32x32, connects only some maps of its second convolution, has weighted averages for pools
    and radial units at the end. ReLU (Nair, Hinton, ICML 2010) where the paper has a scaled tanh: measured, it reads
    foreign handwriting better after the same training.
    """

    def __init__(self, classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 5),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Linear(256, 120),
            nn.ReLU(inplace=True),
            nn.Linear(120, 84),
            nn.ReLU(inplace=True),
            nn.Linear(84, classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Logits (n, classes) of float (n, 1, 28, 28)."""
        return self.classifier(self.features(x).flatten(1))


@register(
    ModelCard(
        "digits_lenet5",
        "LeNet",
        1998,
        "LeCun, Bottou, Bengio, Haffner, Proc. IEEE 1998",
        "Convolutions and pools that share their weights over the page, then dense layers: it reads digits.",
        tasks=("classify",),
        input=(28, 28),
    ),
    bundled("digits_lenet5", "digits", InkPreparation(0.13, 0.31)),
)
def digits_lenet5(classes: int) -> nn.Module:
    return LeNet5(classes)
