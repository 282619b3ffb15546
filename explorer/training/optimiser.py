"""The optimiser a recipe asks for, with weight decay on matrices and kernels only."""

from __future__ import annotations

import torch
from torch import nn

from explorer.training.recipe import Recipe


def optimiser_of(recipe: Recipe, module: nn.Module) -> torch.optim.Optimizer:
    """Over all parameters; biases and normalisations are not decayed (Goyal et al. 2017, section 5.3)."""
    parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    if recipe.optimiser == "sgd":
        return torch.optim.SGD(groups, lr=recipe.schedule.peak, momentum=recipe.momentum, nesterov=recipe.momentum > 0)
    return torch.optim.AdamW(groups, lr=recipe.schedule.peak)
