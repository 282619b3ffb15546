"""GoogLeNet: Szegedy et al., CVPR 2015, arXiv:1409.4842, and Inception v3: Szegedy et al. 2016, arXiv:1512.00567."""

from __future__ import annotations

import torchvision.models as tv
from torch import Tensor, nn

from explorer.contract import ModelCard
from explorer.models.published import from_torchvision
from explorer.models.registry import State, register


def without_auxiliaries(state: State) -> dict[str, Tensor]:
    """The auxiliary classifiers help training and are dropped at test (section 5)."""
    return {key: value for key, value in state.items() if not key.startswith(("aux1.", "aux2.", "AuxLogits."))}


@register(
    ModelCard(
        "googlenet",
        "GoogLeNet",
        2014,
        "Szegedy et al., arXiv:1409.4842",
        "Nine inception modules look at four scales at once, with 1x1 reductions to afford it.",
    ),
    from_torchvision("googlenet"),
    without_auxiliaries,
)
def googlenet(classes: int) -> nn.Module:
    # The published weights were trained on inputs in [-1, 1]: transform_input undoes ImageNet's normalisation.
    return tv.googlenet(num_classes=classes, aux_logits=False, transform_input=True, init_weights=False)


@register(
    ModelCard(
        "inception_v3",
        "Inception",
        2015,
        "Szegedy et al., arXiv:1512.00567",
        "Inception with 5x5 and 7x7 filters factorised into 3x3, 1x7 and 7x1.",
        input=(299, 299),
    ),
    from_torchvision("inception_v3"),
    without_auxiliaries,
)
def inception_v3(classes: int) -> nn.Module:
    return tv.inception_v3(num_classes=classes, aux_logits=False, transform_input=True, init_weights=False)
