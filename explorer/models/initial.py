"""First weights for networks of our own; He, Zhang, Ren, Sun, ICCV 2015, arXiv:1502.01852, section 2.2."""

from __future__ import annotations

from torch import nn


def he_normal(module: nn.Module) -> None:
    """Draw every convolution and dense layer from N(0, 2 / fan in), biases 0, in the order they stand."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
            if part.bias is not None:
                nn.init.zeros_(part.bias)
