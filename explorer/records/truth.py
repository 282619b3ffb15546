"""What really is in a picture, as its maker or an annotator says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.arrays import settle


@dataclass(frozen=True, eq=False)
class Truth:
    """The n things in one picture.

    boxes: float32 (n, 4), x0 y0 x1 y1 in pixels of the picture, each with an area; names: the class of each; counts:
    bool (n,), whether it is to be found: what is too small, too hidden, a crowd or difficult is neither hit nor miss;
    source: where this is known from; notes: what was done to the file to make this of it, in words. The arrays are
    read-only. Raises Mistake for arrays that disagree.
    """

    boxes: NDArray[np.float32]
    names: tuple[str, ...]
    counts: NDArray[np.bool_]
    source: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.names)
        settle(self, {"boxes": (np.float32, (n, 4)), "counts": (np.bool_, (n,))}, "A truth's", "give one for each name")
        if not np.isfinite(self.boxes).all() or not (self.boxes[:, 2:] > self.boxes[:, :2]).all():
            raise Mistake("A true box is x0 y0 x1 y1 with x0 < x1 and y0 < y1: leave out those with no area.")

    def fits(self, size: tuple[int, int]) -> bool:
        """Whether every box lies within a picture of that (height, width)."""
        height, width = size
        return bool((self.boxes[:, :2] >= 0).all() and (self.boxes[:, 2:] <= (width, height)).all())
