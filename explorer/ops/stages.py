"""The maps a classifier makes of a picture before it makes a row of classes of them, one for each stride; as the
stages C2 to C5 of Lin et al., Feature Pyramid Networks, CVPR 2017, section 3, https://arxiv.org/abs/1612.03144."""

from __future__ import annotations

from typing import Any

from torch import fx, nn

from explorer.errors import Mistake
from explorer.ops.graph import (
    POOLS,
    SLIDING,
    called,
    is_adaptive,
    leads_to_a_row,
    pair,
    sees_all,
    shape,
    step_of,
    traced,
)
from explorer.records.frame import Size
from explorer.records.roi_features import Stage

Place = tuple[float, float]


def stages_of(module: nn.Module, size: Size) -> tuple[Stage, ...]:
    """The last map at each stride, in the order they are made.

    module: a classifier in eval mode, made for pictures of `size` (height, width). Raises Mistake where it makes no
    maps or cannot be followed.
    """
    return tuple(stage for stage, _ in _ends(module, traced(module, size)))


def up_to(module: nn.Module, size: Size, layer: str = "") -> tuple[nn.Module, tuple[Stage, ...], Stage]:
    """A network from pictures (n, c, h, w) of any size to the map of that stage; its weights are shared.

    layer: a stage's name or its stride, "" for the last one. Returns all the stages too, and the one it ends in.
    Raises Mistake as `stages_of`, and for a layer that is none.
    """
    graph = traced(module, size)
    ends = _ends(module, graph)
    stages = tuple(stage for stage, _ in ends)
    for stage, node in reversed(ends):
        if layer in ("", stage.name, str(stage.stride)):
            return _cut(module, graph, node), stages, stage
    known = ", ".join(f"{stage.name} (stride {stage.stride})" for stage in stages)
    raise Mistake(f"This network has no map called {layer[:80]!r} or of that stride: choose one of {known}.")


def _cut(module: nn.Module, graph: fx.Graph, end: fx.Node) -> nn.Module:
    (output,) = (node for node in graph.nodes if node.op == "output")
    output.args = (end,)
    made = fx.GraphModule(module, graph)
    made.graph.eliminate_dead_code()
    made.recompile()
    made.delete_all_unused_submodules()
    return made.eval()


def _ends(module: nn.Module, graph: fx.Graph) -> list[tuple[Stage, fx.Node]]:
    """The last map at each stride through which all that follows must go."""
    found: dict[int, tuple[Stage, fx.Node]] = {}
    jumps: dict[fx.Node, int] = {}
    places: dict[fx.Node, Place] = {}
    alive: dict[fx.Node, int] = {}
    for node in graph.nodes:
        part = module.get_submodule(str(node.target)) if node.op == "call_module" else None
        sources = [one for one in node.all_input_nodes if one.op != "get_attr"]
        if node.op == "get_attr":
            continue
        if _ends_the_maps(part, node):
            break
        step = step_of(part, node)
        jump = max((jumps[one] for one in sources), default=1)
        place = next((places[one] for one in sources if jumps[one] == jump), (0.5, 0.5))
        jumps[node] = 0 if sees_all(part, node) else jump * step
        places[node] = _moved(part, node, place, jump)
        for one in sources:
            alive[one] -= 1
        alive = {one: left for one, left in alive.items() if left > 0} | {node: len(node.users)}
        if sources and len(shape(node)) == 4 and jumps[node] and set(alive) == {node}:
            stage = Stage(_name(node), jumps[node], shape(node)[1], places[node])
            found[jumps[node]] = stage, node
    ends = sorted(found.values(), key=lambda end: end[0].stride)
    if not ends:
        raise Mistake("This network makes no map with rows and columns: choose another.")
    return ends


def _ends_the_maps(part: nn.Module | None, node: fx.Node) -> bool:
    """Whether here begins what makes a row of classes of the last map."""
    if node.op == "output" or len(shape(node)) == 2:
        return True
    return (is_adaptive(part, node) or called(node) == "mean") and leads_to_a_row(node)


def _moved(part: nn.Module | None, node: fx.Node, place: Place, jump: int) -> Place:
    """Where the first cell looks: the middle of its kernel, in pixels of the picture, x and y."""
    kernel: Any
    padding: Any
    if isinstance(part, SLIDING):
        kernel, padding, dilation = part.kernel_size, part.padding, getattr(part, "dilation", 1)
    elif part is None and called(node) in POOLS:
        kernel = node.kwargs.get("kernel_size", node.args[1] if len(node.args) > 1 else 1)
        padding = node.kwargs.get("padding", node.args[3] if len(node.args) > 3 else 0)
        dilation = 1
    else:
        return place
    if isinstance(padding, str):
        return place  # "same" pads by half the kernel
    y, x = (
        jump * (apart * (side - 1) / 2 - border)
        for side, border, apart in zip(pair(kernel), pair(padding), pair(dilation), strict=True)
    )
    return place[0] + x, place[1] + y


def _name(node: fx.Node) -> str:
    """Where the step lies in the network: the module that ends with it, as its author called it."""
    if node.op == "call_module":
        return str(node.target)
    stack = list(node.meta.get("nn_module_stack", {}).values())
    where = str(stack[-1][0]) if stack else ""
    return where or node.name
