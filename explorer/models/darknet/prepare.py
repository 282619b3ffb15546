"""How a picture becomes a Darknet network's input."""

from __future__ import annotations

from torch import Tensor

from explorer.errors import Mistake
from explorer.models.darknet.plan import Plan
from explorer.models.preparation import Preparation
from explorer.records.frame import Frame


def prepare(plan: Plan, frame: Frame) -> Tensor:
    """Float32 (1, 3, h, w) in [0, 1]: Pillow's bilinear, antialiased, straight to the network's size, nothing added.

    Raises Mistake where the network does not take three channels.
    """
    if plan.input[0] != 3:
        raise Mistake(f"This network takes {plan.input[0]} channels and a picture has 3: choose one with channels=3.")
    height, width = plan.size
    return Preparation(height, width, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)).whole(frame, plan.size)
