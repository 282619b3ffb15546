"""One answer from a map of answers, averaged in both orders; He et al., ResNet, CVPR 2016, arXiv:1512.03385."""

from __future__ import annotations

from torch import nn

from explorer.ops.averages import TwoOrders, two_orders
from explorer.records.averages import Averaged, Averages
from explorer.records.frame import Size
from explorer.tasks.desk import Desk, Steps
from explorer.tasks.domain import outside
from explorer.tasks.ground import ground
from explorer.tasks.registry import answers


@answers(Averages)
def averages(question: Averages, desk: Desk) -> Steps[Averaged]:
    """Both in one pass over the picture. Raises Mistake where the last layer is not linear."""
    found = yield from ground(question.picture, question.model, question.weights, question.stride, desk)
    size = found.size(question.scale)
    positions = found.positions(size)
    network, (layer, features) = yield from desk.rebuilt(
        found.network, f"averages {question.stride}", lambda module: _made(module, found.plan.window, question.stride)
    )
    outputs = yield from desk.forward(
        network, lambda: found.prepared(size), (question.picture, size), question.precision
    )
    after, before = outputs.tensor[0].numpy()
    return Averaged(
        model=network.card.name,
        weights=network.weights,
        device=outputs.device,
        layer=layer,
        features=features,
        positions=positions,
        names=network.categories,
        after=after,
        before=before,
        ms=outputs.ms,
        cached=outputs.cached,
        notes=(*network.notes, *outside(network, found.frame), *outputs.notes),
    )


def _made(module: nn.Module, window: Size, stride: int) -> tuple[TwoOrders, tuple[str, int]]:
    """And the last layer's name, and how many numbers it reads."""
    made, name = two_orders(module, window, stride)
    return made, (name, made.last.weight.shape[1])
