"""DenseNet: Huang, Liu, van der Maaten, Weinberger, CVPR 2017, arXiv:1608.06993."""

from __future__ import annotations

import re
from functools import partial

import torchvision.models as tv
from torch import Tensor, nn

from explorer.contract import ModelCard
from explorer.models.published import from_torchvision
from explorer.models.registry import State, register

PAPER = "Huang et al., arXiv:1608.06993"
IDEAS = {
    "densenet121": "Every layer sees all before it: k_l = k_0 + k (l - 1) channels go in, k come out.",
    "densenet161": "DenseNet with growth rate 48 instead of 32.",
    "densenet169": "DenseNet, 169 layers.",
    "densenet201": "DenseNet, 201 layers.",
}
_OLD_NAME = re.compile(r"(denselayer\d+\.(?:norm|relu|conv))\.([12])\.")


def build(name: str, classes: int) -> nn.Module:
    """torchvision's `name`, untrained, for so many classes."""
    return tv.get_model(name, weights=None, num_classes=classes)


def modern_names(state: State) -> dict[str, Tensor]:
    """The published files still write `norm.1` where the module says `norm1`."""
    return {_OLD_NAME.sub(r"\1\2.", key): value for key, value in state.items()}


for name, idea in IDEAS.items():
    register(ModelCard(name, "DenseNet", 2016, PAPER, idea), from_torchvision(name), modern_names)(partial(build, name))
