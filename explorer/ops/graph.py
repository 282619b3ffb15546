"""A network as the graph of its steps, each with the shape of what it gives (torch.fx, arXiv:2112.08429)."""

from __future__ import annotations

from typing import Any

import torch
from torch import fx, nn
from torch.fx.passes.shape_prop import ShapeProp

from explorer.errors import Mistake
from explorer.ops.arithmetic import channels_of
from explorer.ops.shadow import shadow
from explorer.records.frame import Size

Shape = tuple[int, ...]
POOLS: dict[str, type[nn.MaxPool2d | nn.AvgPool2d]] = {"max_pool2d": nn.MaxPool2d, "avg_pool2d": nn.AvgPool2d}
SLIDING = (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)


class _Tracer(fx.Tracer):
    """Convolutions and normalisations of any make stay whole, so that their strides can be set."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return isinstance(m, nn.Conv2d | nn.BatchNorm2d | nn.Linear) or super().is_leaf_module(m, module_qualified_name)


def traced(module: nn.Module, size: Size) -> fx.Graph:
    """Every step of a picture of `size` (height, width) through it. Raises Mistake where it cannot be followed."""
    light = shadow(module).eval()
    try:
        graph = _Tracer().trace(light)
        ShapeProp(fx.GraphModule(light, graph)).propagate(_picture(module, size))
    except (fx.proxy.TraceError, TypeError, RuntimeError) as error:
        raise Mistake(f"This network cannot be followed step by step ({error}): choose another.") from None
    return graph


def runs(module: fx.GraphModule, size: Size) -> bool:
    """Whether the shapes of all steps fit for a picture of `size`."""
    light = shadow(module)
    try:
        fx.Interpreter(light).run(_picture(module, size))
    except RuntimeError:
        return False
    return True


def shape(node: Any) -> Shape:
    """Of the one tensor that a step gives; () for anything else."""
    known = node.meta.get("tensor_meta") if isinstance(node, fx.Node) else None
    found = getattr(known, "shape", None)
    return () if found is None else tuple(found)


def called(node: fx.Node) -> str:
    """What a step calls: a function's or method's name, or where its module lies."""
    return str(getattr(node.target, "__name__", node.target))


def step_of(part: nn.Module | None, node: fx.Node) -> int:
    """How many cells of its input one cell of a layer's output is away from the next."""
    if isinstance(part, SLIDING):
        return largest(part.stride)
    if part is None and called(node) in POOLS:
        kernel = node.kwargs.get("kernel_size", node.args[1] if len(node.args) > 1 else 1)
        return largest(node.kwargs.get("stride", node.args[2] if len(node.args) > 2 else kernel))
    return 1


def is_adaptive(part: nn.Module | None, node: fx.Node) -> bool:
    """Whether the number of cells is fixed and the size of the pool is not."""
    return isinstance(part, nn.AdaptiveAvgPool2d) or (part is None and called(node) == "adaptive_avg_pool2d")


def sees_all(part: nn.Module | None, node: fx.Node) -> bool:
    """Whether one number is made of each channel's whole map."""
    return (is_adaptive(part, node) or called(node) == "mean") and shape(node)[-2:] == (1, 1)


def leads_to_a_row(node: fx.Node) -> bool:
    """Whether nothing but the row of classes is made of it: a squeeze-and-excitation is multiplied back instead."""
    while True:
        users = list(node.users)
        if len(users) != 1 or len([one for one in users[0].all_input_nodes if shape(one)]) > 1:
            return False
        node = users[0]
        if node.op == "output" or len(shape(node)) == 2:
            return True


def pair(value: Any) -> tuple[int, int]:
    """Kernel sizes, strides and paddings come as one number or two."""
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def largest(value: Any) -> int:
    """Of the two sides; 1 for a padding in words, which is some."""
    return 1 if isinstance(value, str) else max(pair(value))


def _picture(module: nn.Module, size: Size) -> torch.Tensor:
    return torch.empty(1, channels_of(module), *size, device="meta")
