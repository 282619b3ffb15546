"""A second self of a network for looking inside: the same weights, every activation its own and out of place."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from explorer.ops.arithmetic import channels_of
from explorer.ops.shadow import shadow
from explorer.records.frame import Size


class InTurn(nn.ModuleList):
    """Stands where one activation was shared: each use in a forward pass goes to an activation of its own."""

    turn = 0

    def forward(self, x: Tensor) -> Tensor:
        part = self[self.turn]
        self.turn = (self.turn + 1) % len(self)
        result: Tensor = part(x)
        return result


_PURE: dict[Callable[..., Any], Callable[..., Any]] = {
    Tensor.add_: Tensor.add,
    Tensor.mul_: Tensor.mul,
    F.relu_: F.relu,
}


class _OutOfPlace(TorchFunctionMode):
    """Functional activations and `+=` leave their input alone, whatever the network's author wrote."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if kwargs.get("inplace"):
            kwargs = {**kwargs, "inplace": False}
        return _PURE.get(func, func)(*args, **kwargs)


def study_copy(serving: nn.Module, size: Size) -> nn.Module:
    """An eager module that shares every tensor with `serving` and no module object, so that hooks never reach it.

    size: (height, width) of a picture it takes. In-place activations would overwrite what a hook kept, and one that
    is used twice would answer for both uses (captum refuses it): run it inside `studying`.
    """
    tensors = [*serving.parameters(), *serving.buffers()]
    module: nn.Module = copy.deepcopy(serving, {id(tensor): tensor for tensor in tensors})
    for part in module.modules():
        if getattr(part, "inplace", False):
            part.inplace = False  # type: ignore[assignment]
    for name, uses in _uses(serving, size).items():
        part = module.get_submodule(name)
        if uses > 1 and not any(True for _ in part.parameters()):
            parent, _, leaf = name.rpartition(".")
            own = InTurn(copy.deepcopy(part) for _ in range(uses))
            setattr(module.get_submodule(parent), leaf, own)
    return module.eval()


@contextmanager
def studying(module: nn.Module) -> Iterator[nn.Module]:
    """A study copy, each of its activations at its first turn, functional ones out of place."""
    for part in module.modules():
        if isinstance(part, InTurn):
            part.turn = 0
    with _OutOfPlace():
        yield module


def _uses(serving: nn.Module, size: Size) -> Counter[str]:
    """How often one forward pass calls each innermost module, counted where nothing is computed."""
    light = shadow(serving)
    uses: Counter[str] = Counter()

    def count(name: str) -> Callable[[nn.Module, Any], None]:
        return lambda part, inputs: uses.update([name])

    for name, part in light.named_modules():
        if not any(True for _ in part.children()):
            part.register_forward_pre_hook(count(name))
    with torch.inference_mode():
        light(torch.empty(1, channels_of(serving), *size, device="meta"))
    return uses
