"""A network without its numbers: the same modules with tensors on the `meta` device, where nothing is computed."""

from __future__ import annotations

import copy
from typing import TypeVar

from torch import Tensor, nn

M = TypeVar("M", bound=nn.Module)


def shadow(module: M) -> M:
    """A copy that knows shapes only; costs neither memory nor time."""
    return copy.deepcopy(module, {id(tensor): _light(tensor) for tensor in [*module.parameters(), *module.buffers()]})


def _light(tensor: Tensor) -> Tensor:
    light = tensor.detach().to("meta")
    return nn.Parameter(light, requires_grad=False) if isinstance(tensor, nn.Parameter) else light
