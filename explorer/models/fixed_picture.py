"""How a picture becomes a detector's input of one size: whole, each side by a factor of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from explorer.errors import Mistake
from explorer.models.preparation import Preparation
from explorer.records.frame import Frame, Size


@dataclass(frozen=True)
class FixedPicture:
    """Resized to `size` (height, width) as by Pillow's antialiased bilinear, scaled to [0, 1], normalised; nothing is
    cut or added. mean, std: per channel, of values in [0, 1]."""

    size: Size
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def batch(self, frame: Frame, crops: int = 1) -> Tensor:
        """Float32 (1, 3, h, w). Raises Mistake when crops are asked for: a detector sees the whole picture."""
        if crops != 1:
            raise Mistake("A detector sees the whole picture: ask for 1 crop.")
        return Preparation(max(self.size), max(self.size), self.mean, self.std).whole(frame, self.size)

    def windows(self, frame: Frame, crops: int = 1) -> NDArray[np.float32]:
        """Float32 (1, 4): the whole picture."""
        return np.asarray([[0, 0, frame.size[1], frame.size[0]]], np.float32)
