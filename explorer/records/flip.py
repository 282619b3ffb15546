"""A dense layer and the convolution that it is, on the same numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.classify import Precision, insist_on_precision
from explorer.records.dense import LARGEST_SCALE, LEAST_SCALE
from explorer.records.frame import Size
from explorer.records.question import Question

FORMS = ("linear", "convolution", "product")
"""A Linear layer, the Conv2d with the same weights, and one matrix product over gathered windows."""


@dataclass(frozen=True)
class Flip(Question["Flipped"]):
    """Do a network's dense layers, as convolutions, give the numbers that they gave?

    Long, Shelhamer, Darrell, CVPR 2015, section 3.1. picture: content id, of which the network sees the crop that it
    always does; scale: of the picture that is to give a map; model, weights, precision: as in Classify. Raises Mistake
    for what cannot be asked.
    """

    picture: str
    model: str
    weights: str = ""
    scale: float = 1.0
    precision: Precision = "fp32"

    def __post_init__(self) -> None:
        if not LEAST_SCALE <= self.scale <= LARGEST_SCALE:
            raise Mistake(f"A scale lies between {LEAST_SCALE} and {LARGEST_SCALE:g}: choose another.")
        insist_on_precision(self.precision)


@dataclass(frozen=True)
class FlippedLayer:
    """One dense layer.

    linear: (out, in) of its weights; kernel: (out, c, h, w) of the same as a convolution's; largest: the greatest of
    its outputs without sign; convolution, product: their largest difference from its outputs.
    """

    name: str
    linear: tuple[int, int]
    kernel: tuple[int, int, int, int]
    largest: float
    convolution: float
    product: float


@dataclass(frozen=True, eq=False)
class Flipped:
    """A network's answer to Flip.

    crop: (height, width) it was trained on; layers: its dense ones in order, none where it has none; unit: the output
    of the first layer that is greatest on this crop; weights_of_unit: float32 (c, h, w), its kernel; outputs: float32
    (3,), that unit by `FORMS`; largest_logit, logits_apart: of the whole network at its own size, and of its
    difference from the converted one; size, map: (height, width) of the picture at its scale, and rows and columns of
    the converted network's map of it, (0, 0) where that is smaller than the crop; cached: it did not run now.
    """

    model: str
    weights: str
    device: str
    crop: Size
    layers: tuple[FlippedLayer, ...]
    unit: int
    weights_of_unit: NDArray[np.float32]
    outputs: NDArray[np.float32]
    largest_logit: float
    logits_apart: float
    size: Size
    map: Size
    cached: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.layers and self.weights_of_unit.shape != self.layers[0].kernel[1:]:
            raise ValueError(f"a kernel of {self.layers[0].kernel[1:]} was wanted, got {self.weights_of_unit.shape}")
