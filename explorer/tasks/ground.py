"""A picture, a classifier and the same classifier made convolutional: where dense questions begin; Sermanet et al.,
OverFeat, ICLR 2014, arXiv:1312.6229, section 3.5."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.errors import Mistake
from explorer.models.preparation import Preparation
from explorer.ops.dense import Plan, convolutionize
from explorer.ops.windows import positions
from explorer.records.classify import Precision
from explorer.records.dense import MOST_POSITIONS
from explorer.records.frame import Frame, Size
from explorer.tasks.desk import Desk, Network, Outputs, Steps


def scaled(size: Size, scale: float) -> Size:
    """(height, width) of a picture of `size` at a scale."""
    height, width = (max(1, round(side * scale)) for side in size)
    return height, width


def insist_on_few(places: int) -> None:
    """Raises Mistake where a question asks for more places, of all scales, than there is memory for."""
    if places > MOST_POSITIONS:
        raise Mistake(f"There would be {places} places, and {MOST_POSITIONS} are the most: choose a coarser stride.")


@dataclass(frozen=True)
class Ground:
    """Where questions about every place of a picture stand: the picture, the network, the same made convolutional."""

    picture: str
    frame: Frame
    network: Network
    whole: Network
    plan: Plan
    preparation: Preparation

    def size(self, scale: float) -> Size:
        """(height, width) of the picture at a scale."""
        return scaled(self.frame.size, scale)

    def positions(self, size: Size) -> Size:
        """Rows and columns of windows. Raises Mistake where there is no room for one."""
        return positions(size, self.plan.window, self.plan.stride)

    def prepared(self, size: Size) -> Tensor:
        """Float32 (1, c, h, w)."""
        return self.preparation.whole(self.frame, size)

    def map(self, desk: Desk, size: Size, precision: Precision) -> Steps[Outputs]:
        """All places at once: logits (1, classes, rows, columns), and cells that hang over the edge behind them."""
        made = yield from desk.forward(
            self.whole, lambda: self.prepared(size), key=(self.picture, size), precision=precision
        )
        return made

    def cut(self, prepared: Tensor, places: NDArray[np.int64], columns: int) -> Tensor:
        """Windows (n, c, h, w) of a prepared picture (c, H, W) at places counted row by row."""
        (tall, wide), stride = self.plan.window, self.plan.stride
        corners = zip(places // columns * stride, places % columns * stride, strict=True)
        return torch.stack([prepared[:, y : y + tall, x : x + wide] for y, x in corners])

    def slide(
        self, desk: Desk, size: Size, places: NDArray[np.int64], prepared: Callable[[], Tensor], precision: Precision,
        in_pass: int,
    ) -> Steps[Outputs]:  # fmt: skip
        """Logits (n, classes) of windows at neighbouring places; prepared: gives the picture (c, H, W)."""
        _, columns = self.positions(size)
        key = (self.picture, size, self.plan.stride, int(places[0]), int(places[-1]))
        made = yield from desk.forward(
            self.network, lambda: self.cut(prepared(), places, columns), key, precision, in_pass
        )
        return made


def ground(picture: str, model: str, weights: str, stride: int, desk: Desk) -> Steps[Ground]:
    """Raises Mistake for networks that cannot be slid over a picture, and whatever the desk raises."""
    frame = desk.frame(picture)
    network = yield from desk.network(model, weights)
    preparation = network.preparation
    if not isinstance(preparation, Preparation):
        raise Mistake(
            f"{network.card.name} reads its picture whole: choose a network of pictures with windows in them."
        )
    window = network.card.input
    whole, plan = yield from desk.rebuilt(
        network, f"dense {stride}", lambda module: convolutionize(module, window, stride)
    )
    return Ground(picture, frame, network, whole, plan, preparation)
