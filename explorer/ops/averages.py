"""Averaging a map of answers before its last layer or after it; He et al., ResNet, CVPR 2016, arXiv:1512.03385; Lin,
Chen, Yan, Network in network, ICLR 2014, arXiv:1312.4400, section 3.2."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from explorer.errors import Mistake
from explorer.ops.dense import Plan, convolutionize
from explorer.ops.dense_linear import DenseLinear
from explorer.ops.windows import positions
from explorer.records.frame import Size


class TwoOrders(nn.Module):
    """The mean of a map's logits, and the logits of the mean of its features."""

    def __init__(self, body: nn.Module, last: DenseLinear, plan: Plan) -> None:
        super().__init__()
        self.body, self.last = body, last
        self._window, self._stride = plan.window, plan.stride

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (n, c, h, w) to (n, 2, classes): averaged after the last layer, and before it."""
        rows, columns = positions((x.shape[-2], x.shape[-1]), self._window, self._stride)
        reads, apart = self.last.reads, self.last.dilation
        reach = [side - 1 + apart * (kernel - 1) + 1 for side, kernel in zip((rows, columns), reads[1:], strict=True)]
        maps = self.body(x)[:, :, : reach[0], : reach[1]]  # what hangs over the edge is no place
        after = self.last(maps).mean((2, 3))
        features = F.unfold(maps, reads[1:], dilation=apart).mean(2)
        return torch.stack([after, F.linear(features, self.last.weight, self.last.bias)], dim=1)


def two_orders(module: nn.Module, size: Size, stride: int = 0) -> tuple[TwoOrders, str]:
    """What runs both ways, and the name of the last layer; weights are shared.

    module, size, stride: as in `convolutionize`. Raises Mistake where the last layer is not linear.
    """
    made, plan = convolutionize(module, size, stride)
    if not isinstance(made, fx.GraphModule) or not plan.linears:
        raise Mistake("Its last layer is no dense layer: only after a linear last layer do both averages agree.")
    graph = made.graph
    end = next(node for node in graph.nodes if node.op == "output")
    node = end.all_input_nodes[0]
    last = made.get_submodule(str(node.target)) if node.op == "call_module" else None
    if not isinstance(last, DenseLinear):
        raise Mistake("Behind its last dense layer something follows: only after a linear last layer do both agree.")
    graph.erase_node(end)
    graph.output(node.args[0])
    graph.eliminate_dead_code()
    made.recompile()
    made.delete_all_unused_submodules()
    return TwoOrders(made, last, plan).eval(), list(plan.linears)[-1]
