"""How a picture looks to a network that learns from it: a random window, perhaps mirrored, its colours shifted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.frame import Pixels
from explorer.records.question import Question

MOST = 16


@dataclass(frozen=True)
class Vary(Question["Variations"]):
    """What does a network answer when a picture is varied as AlexNet's training pictures were?

    Krizhevsky, Sutskever, Hinton, NIPS 2012, section 4.1. picture: content id; model, weights: as in Classify; seed: of
    the chance; count: how many; window, mirror, colour: which of the paper's three ways are used. Raises Mistake.
    """

    picture: str
    model: str
    weights: str = ""
    seed: int = 0
    count: int = 8
    window: bool = True
    mirror: bool = True
    colour: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST or self.seed < 0:
            raise Mistake(f"Between 1 and {MOST} variations can be made, from a seed of 0 or more: choose others.")


@dataclass(frozen=True, eq=False)
class Variations:
    """What the network saw, and its answers.

    pictures: uint8 (n, s, s, 3); windows: float32 (n, 4), where each was cut, x0 y0 x1 y1 in pixels of the picture;
    mirrored: bool (n,); shifts: int64 (n, 3), what was added to R, G and B of 255; best: int64 (n,), the class named
    first; scores: float32 (n,), its softmax score; names: all the classes; ms: of the one forward pass; notes: what a
    reader must know to trust it.
    """

    model: str
    weights: str
    pictures: Pixels
    windows: NDArray[np.float32]
    mirrored: NDArray[np.bool_]
    shifts: NDArray[np.int64]
    best: NDArray[np.int64]
    scores: NDArray[np.float32]
    names: tuple[str, ...]
    ms: float
    cached: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.pictures)
        shapes = {len(part) for part in (self.windows, self.mirrored, self.shifts, self.best, self.scores)}
        if self.pictures.ndim != 4 or shapes != {n}:
            raise ValueError(f"{n} pictures and parts of {sorted(shapes)}")
