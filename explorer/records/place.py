"""One place of a dense map: what its window says, by three computations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.classify import Precision, insist_on_precision
from explorer.records.dense import LARGEST_SCALE, LEAST_SCALE
from explorer.records.frame import Pixels
from explorer.records.question import Question

WAYS = ("sliding", "dense", "alone")
"""The window as one of those that slide, the cell of the map made at once, the window's pixels as a picture."""


@dataclass(frozen=True)
class Place(Question["PlaceSeen"]):
    """What does a classifier see at one place of a picture, slid there, run over the whole, and shown nothing else?

    picture: content id; model, weights, stride, precision: as in Dense; scale: of the picture; row, column: of the
    place, among those of this scale and stride. Raises Mistake for what cannot be asked.
    """

    picture: str
    model: str
    weights: str = ""
    stride: int = 0
    scale: float = 1.0
    row: int = 0
    column: int = 0
    precision: Precision = "fp32"

    def __post_init__(self) -> None:
        if not LEAST_SCALE <= self.scale <= LARGEST_SCALE:
            raise Mistake(f"A scale lies between {LEAST_SCALE} and {LARGEST_SCALE:g}: choose another.")
        if self.stride < 0:
            raise Mistake("A stride is a number of pixels, or 0 for the network's own: choose one.")
        if self.row < 0 or self.column < 0:
            raise Mistake("Rows and columns count from 0: choose a place inside the map.")
        insist_on_precision(self.precision)


@dataclass(frozen=True, eq=False)
class PlaceSeen:
    """A network's answer to Place.

    box: float32 (4,), x0 y0 x1 y1 of the window in pixels of the picture; pixels: uint8 (h, w, 3), what the window
    shows; names: all the classes; logits: float32 (3, classes), by `WAYS`; ms: milliseconds of the window's pixels
    alone; cached: that did not run now; notes: what a reader must know to trust it.
    """

    model: str
    weights: str
    device: str
    row: int
    column: int
    box: NDArray[np.float32]
    pixels: Pixels
    names: tuple[str, ...]
    logits: NDArray[np.float32]
    ms: float
    cached: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.logits.shape != (len(WAYS), len(self.names)) or self.box.shape != (4,):
            raise ValueError(f"{len(self.names)} classes in {len(WAYS)} ways, got {self.logits.shape}")

    def apart(self, one: str, other: str) -> float:
        """The largest difference of a logit between two ways."""
        return float(np.abs(self.logits[WAYS.index(one)] - self.logits[WAYS.index(other)]).max())

    def order(self, top: int) -> list[int]:
        """The classes that any way has among its `top` first, those that the window alone is surest of first."""
        best = {int(i) for row in self.logits for i in np.argsort(-row, kind="stable")[:top]}
        return sorted(best, key=lambda i: (-self.logits[-1, i], i))
