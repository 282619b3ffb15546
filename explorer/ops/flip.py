"""Dense layers as the convolutions that they are, beside each other; Long, Shelhamer, Darrell, Fully convolutional
networks, CVPR 2015, arXiv:1411.4038, section 3.1."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from explorer.ops.dense import convolutionize
from explorer.ops.dense_linear import DenseLinear
from explorer.ops.graph import traced
from explorer.records.frame import Size

Named = tuple[str, DenseLinear]


class ThreeForms(nn.Module):
    """Every dense layer of a network on what it reads there: as a Linear, as a Conv2d, as a product over windows."""

    def __init__(self, body: nn.Module, layers: Sequence[DenseLinear]) -> None:
        super().__init__()
        self.body, self._layers = body, tuple(layers)
        self.layers = nn.ModuleList(layers)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (n, c, h, w) of the network's own size to (n, 3, all outputs of all layers one after another)."""
        made = []
        for layer, row in zip(self._layers, self.body(x), strict=True):
            cell = row.reshape(len(row), *layer.reads)
            forms = F.linear(row.flatten(1), layer.weight, layer.bias), layer.as_convolution(cell), layer(cell)
            made.append(torch.stack([form.flatten(1) for form in forms], dim=1))
        return torch.cat(made, dim=2) if made else x.new_zeros(len(x), 3, 0)


def three_forms(module: nn.Module, size: Size) -> tuple[ThreeForms, tuple[Named, ...]]:
    """The network's dense layers, named, and what runs them; weights are shared.

    module: a classifier in eval mode made for `size`. Raises Mistake for what cannot be converted.
    """
    _, plan = convolutionize(module, size)
    graph = traced(module, size)
    read = {str(node.target): node.args[0] for node in graph.nodes if str(node.target) in plan.linears}
    layers = []
    for name, (_, channels, height, width) in plan.linears.items():
        linear = module.get_submodule(name)
        if not isinstance(linear, nn.Linear):
            raise TypeError(f"{name} was planned as a Linear, and is a {type(linear).__name__}")
        layers.append((name, DenseLinear(linear, (channels, height, width))))
    for node in [node for node in graph.nodes if node.op == "output"]:
        graph.erase_node(node)
    graph.output(tuple(read[name] for name, _ in layers))
    graph.eliminate_dead_code()
    body = fx.GraphModule(module, graph)
    body.delete_all_unused_submodules()
    return ThreeForms(body.eval(), [layer for _, layer in layers]).eval(), tuple(layers)
