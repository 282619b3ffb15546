"""How a picture becomes a Darknet network's input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from explorer.errors import Mistake
from explorer.models.darknet.plan import Plan
from explorer.models.preparation import Preparation
from explorer.records.frame import Frame


@dataclass(frozen=True)
class DarknetPreparation:
    """The whole picture, at the size that the network was planned for."""

    plan: Plan

    def batch(self, frame: Frame, crops: int = 1) -> Tensor:
        """As `prepare`. Raises Mistake also when crops are asked for: a detector sees the whole picture."""
        if crops != 1:
            raise Mistake("A detector sees the whole picture: ask for 1 crop.")
        return prepare(self.plan, frame)

    def windows(self, frame: Frame, crops: int = 1) -> NDArray[np.float32]:
        """Float32 (1, 4): the whole picture."""
        return np.asarray([[0, 0, frame.size[1], frame.size[0]]], np.float32)


def prepare(plan: Plan, frame: Frame) -> Tensor:
    """Float32 (1, 3, h, w) in [0, 1]: as Pillow's bilinear, antialiased, straight to the network's size, nothing added.

    Raises Mistake where the network does not take three channels.
    """
    takes_pictures(plan)
    height, width = plan.size
    return Preparation(height, width, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)).whole(frame, plan.size)


def takes_pictures(plan: Plan) -> None:
    """Raises Mistake where the network does not take three channels."""
    if plan.input[0] != 3:
        raise Mistake(f"This network takes {plan.input[0]} channels and a picture has 3: choose one with channels=3.")
