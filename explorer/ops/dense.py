"""A classifier over a whole picture at once: Sermanet et al., OverFeat, ICLR 2014, arXiv:1312.6229, section 3.5.

Dense layers become the convolutions that they are, pools that made one cell of a map become pools of the size they had
in training, and a finer stride is had by never stepping over a position: the layers behind are dilated instead, so that
every offset of the paper's table 4 comes in one pass (Chen et al., DeepLab, call it à trous).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from torch import fx, nn

from explorer.errors import Mistake
from explorer.ops.dense_linear import DenseLinear, DilatedAverage, EveryMax
from explorer.ops.graph import (
    POOLS,
    SLIDING,
    Shape,
    called,
    is_adaptive,
    largest,
    leads_to_a_row,
    pair,
    runs,
    sees_all,
    shape,
    step_of,
    traced,
)
from explorer.records.frame import Size

ELEMENTWISE = (
    *(nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Hardswish, nn.Hardsigmoid, nn.Sigmoid, nn.Tanh),
    *(nn.Dropout, nn.Dropout2d, nn.Identity),
)
ELEMENTWISE_NAMES = {
    "relu",
    "relu_",
    "relu6",
    "dropout",
    "hardswish",
    "silu",
    "sigmoid",
    "tanh",
    "contiguous",
    "detach",
}
FLATTENING = {"flatten", "view", "reshape"}


@dataclass
class Plan:
    """What a classifier is over larger pictures.

    window: (height, width) of the picture it was made for; stride: pixels between neighbouring cells of the map;
    strides: all it can have, the coarsest first; linears: names of the dense layers that became convolutions, with
    (out, c, h, w) of their kernels. Why cells may differ from windows, by names of layers: padded: they pad their maps
    with zeros, which a window has at its own border; ceiled: pools whose last window hangs over the edge; whole: they
    look at the whole picture.
    """

    window: Size
    stride: int = 1
    strides: tuple[int, ...] = ()
    linears: dict[str, Shape] = field(default_factory=dict)
    padded: list[str] = field(default_factory=list)
    ceiled: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)


def convolutionize(module: nn.Module, size: Size, stride: int = 0) -> tuple[nn.Module, Plan]:
    """A network from pictures (n, c, h, w) of at least `size` to maps of logits (n, classes, rows, columns).

    module: a classifier in eval mode made for `size`; its weights are shared. stride: one of the plan's, 0 for its own;
    at `size` itself the map has one cell. Raises Mistake for what cannot be converted, and why.
    """
    graph = traced(module, size)
    rewriting = _Rewriting(module, graph, size, stride)
    made, plan = rewriting.made(), rewriting.plan
    if plan.stride != plan.strides[0] and not runs(made, size):
        raise Mistake(f"Its branches do not meet at a finer stride: choose {plan.strides[0]} pixels.")
    return made, plan


class _Rewriting:
    """One walk along the graph.

    flat: nodes whose rows of numbers were maps (c, h, w), and are kept as such; jumps: pixels between the cells of a
    node's map as the network has it, 0 where it is one number for the whole picture.
    """

    def __init__(self, module: nn.Module, graph: fx.Graph, size: Size, stride: int) -> None:
        self.plan = Plan(size)
        self._graph, self._module = graph, fx.GraphModule(module, graph)
        self._flat: dict[fx.Node, Shape] = {}
        self._jumps: dict[fx.Node, int] = {}
        self._target = 0
        nodes = [node for node in graph.nodes if node.op not in ("placeholder", "get_attr")]
        self._measure(nodes)
        if stride and stride not in self.plan.strides:
            known = ", ".join(map(str, self.plan.strides))
            raise Mistake(f"A stride of {stride} pixels is none of this network's: choose one of {known}.")
        self._target = self.plan.stride = stride or self.plan.strides[0]
        for node in nodes:
            self._rewrite(node)

    def made(self) -> fx.GraphModule:
        """The rewritten network."""
        for node in [node for node in reversed(self._graph.nodes) if node in self._flat and not node.users]:
            self._graph.erase_node(node)
        self._graph.lint()
        self._module.recompile()
        self._module.delete_all_unused_submodules()
        self._module.eval()
        return self._module

    def _measure(self, nodes: list[fx.Node]) -> None:
        """Jumps of all maps, and with them the strides that can be had."""
        known = []
        for node in nodes:
            part = self._part(node)
            inputs = [self._jumps.get(one, 1) for one in node.all_input_nodes if one.op != "get_attr"]
            if len({jump for jump in inputs if jump}) > 1:
                raise Mistake(f"Its layer {node.name} joins maps of different strides: choose another network.")
            jump = max(inputs, default=0) * step_of(part, node)
            if sees_all(part, node):
                jump = 0
            self._jumps[node] = jump
            known.append(jump)
        self.plan.strides = tuple(sorted({jump for jump in known if jump}, reverse=True)) or (1,)

    def _part(self, node: fx.Node) -> nn.Module | None:
        return self._module.get_submodule(str(node.target)) if node.op == "call_module" else None

    def _rewrite(self, node: fx.Node) -> None:
        part, name = self._part(node), called(node)
        source = next((one for one in node.all_input_nodes if shape(one)), None)
        if node.op == "output":
            if source not in self._flat:
                raise Mistake("This network does not end in one row of numbers for a picture: choose another.")
        elif source in self._flat:
            self._rewrite_flat(node, part, name, source)
        elif source is not None and len(shape(source)) == 4 and len(shape(node)) == 2:
            self._flatten(node, part, name, source)
        elif isinstance(part, SLIDING):
            self._stepping(node, part, source)
        elif is_adaptive(part, node) or sees_all(part, node):
            self._adaptive(node, source)
        elif name in POOLS:
            self._refuse_finer(node, source)
            padding, over = (node.kwargs.get(key, 0) for key in ("padding", "ceil_mode"))
            self._note(node, padding, bool(over))

    def _rewrite_flat(self, node: fx.Node, part: nn.Module | None, name: str, source: fx.Node) -> None:
        reads = self._flat[source]
        if isinstance(part, nn.Linear):
            self.plan.linears[str(node.target)] = (part.out_features, *reads)
            self._put(node, DenseLinear(part, (reads[0], reads[1], reads[2]), self._dilation(source)))
            self._flat[node] = (part.out_features, 1, 1)
        elif isinstance(part, ELEMENTWISE) or name in ELEMENTWISE_NAMES:
            self._flat[node] = reads
        elif name == "cat" and (columns := self._side_by_side(node)):
            self._flat[node] = (columns, 1, 1)
        elif isinstance(part, nn.Flatten) or name in FLATTENING:
            self._forget(node, source)
        else:
            what = type(part).__name__ if part is not None else name
            raise Mistake(f"Its {what} after the flattening has no meaning on a map: choose another network.")
        self._jumps[node] = self._jumps[source]

    def _side_by_side(self, node: fx.Node) -> int:
        """How many numbers the rows of several heads are together: as maps they lie one behind the other."""
        dim = node.kwargs.get("dim", node.args[1] if len(node.args) > 1 else 0)
        rows = [self._flat.get(one, ()) for one in node.all_input_nodes]
        return sum(row[0] for row in rows) if dim == 1 and all(row[1:] == (1, 1) for row in rows) else 0

    def _flatten(self, node: fx.Node, part: nn.Module | None, name: str, source: fx.Node) -> None:
        _, channels, height, width = shape(source)
        if isinstance(part, nn.Flatten) or name in FLATTENING:
            self._flat[source] = (channels, height, width)
            self._forget(node, source)
        elif name == "mean":
            self._flat[node] = (channels, 1, 1)
            self._put(node, self._average((height, width), source), args=(source,))
            self._jumps[node] = self._jumps[source]
        else:
            raise Mistake(f"Its {name} turns a map into a row in a way not known here: choose another network.")

    def _stepping(self, node: fx.Node, part: nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d, source: Any) -> None:
        """A layer that slides over its map: at stride 1 and dilated where the map is finer than the network's own."""
        self._note(node, part.padding, getattr(part, "ceil_mode", False))
        apart = self._dilation(source)
        strides = apart > 1 or self._jumps[node] > self._target
        if self._jumps[node] == 0 or not strides:
            return
        if isinstance(part, nn.MaxPool2d):
            self._put(node, EveryMax(part, step_of(part, node), apart))
        elif isinstance(part, nn.AvgPool2d):
            if largest(part.padding) or part.ceil_mode:
                raise Mistake(f"Its pool {node.target} pads its average: of its strides choose {self.plan.strides[0]}.")
            self._put(node, DilatedAverage(pair(part.kernel_size), apart))
        elif isinstance(part.padding, str) or type(part).forward is not nn.Conv2d.forward:
            self._refuse_finer(node, source)
        else:
            self._put(node, _every_position(part, apart))

    def _adaptive(self, node: fx.Node, source: Any) -> None:
        """A pool to a fixed number of cells: of the size it had in training where the classes follow from it alone."""
        tall, wide = shape(source)[-2:]
        rows, columns = shape(node)[-2:]
        if not leads_to_a_row(node):
            self.plan.whole.append(str(node.target) if node.op == "call_module" else node.name)
        elif (tall, wide) == (rows, columns):
            self._forget(node, source)
        elif (rows, columns) == (1, 1):
            self._put(node, self._average((tall, wide), source), args=(source,))
            self._jumps[node] = self._jumps[source]
        else:
            raise Mistake(
                f"Its pool {node.target} makes {rows}x{columns} cells of {tall}x{wide}, which no pool of one size "
                "does: choose another network."
            )

    def _average(self, kernel: tuple[int, int], source: fx.Node) -> nn.Module:
        apart = self._dilation(source)
        return DilatedAverage(kernel, apart) if apart > 1 else nn.AvgPool2d(kernel, stride=1)

    def _dilation(self, source: fx.Node) -> int:
        """How many cells of the finer map one step of the network's own is."""
        return max(1, self._jumps.get(source, 1) // self._target)

    def _note(self, node: fx.Node, padding: Any, over: bool) -> None:
        if self._jumps[node] and largest(padding):
            self.plan.padded.append(str(node.target))
        if over:
            self.plan.ceiled.append(str(node.target))

    def _refuse_finer(self, node: fx.Node, source: Any) -> None:
        if self._dilation(source) > 1 or self._jumps[node] > self._target:
            raise Mistake(f"Its layer {node.name} cannot be dilated: of its strides choose {self.plan.strides[0]}.")

    def _put(self, node: fx.Node, part: nn.Module, args: tuple[Any, ...] | None = None) -> None:
        name = f"dense_{node.name}"
        self._module.add_submodule(name, part)
        node.op, node.target = "call_module", name
        if args is not None:
            node.args = args
        node.kwargs = {}

    def _forget(self, node: fx.Node, source: fx.Node) -> None:
        """Leave a step out that changes nothing on maps."""
        self._jumps[node] = self._jumps[source]
        if source in self._flat:
            self._flat[node] = self._flat[source]
        node.replace_all_uses_with(source)
        self._graph.erase_node(node)


def _every_position(part: nn.Conv2d, apart: int) -> nn.Conv2d:
    """The convolution at stride 1, the cells of its kernel `apart` times as far from each other; weights shared."""
    made = copy.copy(part)
    made.stride = (1, 1)
    made.dilation = (part.dilation[0] * apart, part.dilation[1] * apart)
    padding = pair(part.padding)
    made.padding = (padding[0] * apart, padding[1] * apart)
    return made
