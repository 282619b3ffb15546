"""One answer from a map of answers: averaging before the last layer and after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.classify import Precision, insist_on_precision
from explorer.records.dense import LARGEST_SCALE, LEAST_SCALE
from explorer.records.frame import Size
from explorer.records.question import Question


@dataclass(frozen=True)
class Averages(Question["Averaged"]):
    """Is the mean of a map's logits what the last layer makes of the mean of its features?

    It is where that layer is linear (He et al., ResNet, CVPR 2016, end so). picture: content id; model, weights,
    stride, precision: as in Dense; scale: of the picture. Raises Mistake for what cannot be asked.
    """

    picture: str
    model: str
    weights: str = ""
    stride: int = 0
    scale: float = 1.0
    precision: Precision = "fp32"

    def __post_init__(self) -> None:
        if not LEAST_SCALE <= self.scale <= LARGEST_SCALE:
            raise Mistake(f"A scale lies between {LEAST_SCALE} and {LARGEST_SCALE:g}: choose another.")
        if self.stride < 0:
            raise Mistake("A stride is a number of pixels, or 0 for the network's own: choose one.")
        insist_on_precision(self.precision)


@dataclass(frozen=True, eq=False)
class Averaged:
    """A network's answer to Averages.

    layer: name of the last layer; features: how many numbers it reads at a place; positions: rows and columns that were
    averaged; names: all the classes; after, before: float32 (classes,), the mean of the logits, and the logits of the
    mean features; ms: milliseconds of the pass; cached: it did not run now; notes: what must be known to trust it.
    """

    model: str
    weights: str
    device: str
    layer: str
    features: int
    positions: Size
    names: tuple[str, ...]
    after: NDArray[np.float32]
    before: NDArray[np.float32]
    ms: float
    cached: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.after.shape != (len(self.names),) or self.before.shape != self.after.shape:
            raise ValueError(f"{len(self.names)} classes, got {self.after.shape} and {self.before.shape}")

    @property
    def apart(self) -> float:
        """The largest difference of a logit."""
        return float(np.abs(self.after - self.before).max())

    @property
    def scores(self) -> NDArray[np.float32]:
        """Float32 (classes,): softmax of the mean logits."""
        shifted = np.exp(self.after - self.after.max())
        return np.asarray(shifted / shifted.sum(), np.float32)
