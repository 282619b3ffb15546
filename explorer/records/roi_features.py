"""A region of a real network's feature map: what RoI Pool and RoI Align make of a box on a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.classify import Precision, insist_on_precision
from explorer.records.frame import Size
from explorer.records.question import Question
from explorer.records.roi import MOST_BINS, MOST_SAMPLES, Box, Poolings, Roi, checked_box, listed

STRONGEST = -1
"""The channel with the greatest value in the box."""


@dataclass(frozen=True)
class RoiFeatures(Question["RoiFeatureMap"]):
    """What do the poolings make of a box on a picture, on a network's own feature map?

    picture: content id; model, weights, precision: as in Classify; layer: the name or the stride of one of the
    network's stages, "" for the last; box: x0 y0 x1 y1 in pixels of the picture; bins, samples, aligned: as in Roi;
    channel: of the map, STRONGEST for the one that answers most in the box. Raises Mistake for what cannot be asked.
    """

    picture: str
    model: str
    box: Box
    weights: str = ""
    layer: str = ""
    bins: int = 7
    samples: int = 0
    channel: int = STRONGEST
    aligned: bool = False
    precision: Precision = "fp32"

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", checked_box(self.box))
        if not 1 <= self.bins <= MOST_BINS:
            raise Mistake(f"A side is cut into 1 to {MOST_BINS} bins, not {self.bins}: choose another number.")
        if not -1 <= self.samples <= MOST_SAMPLES:
            raise Mistake(
                f"A bin has 0 to {MOST_SAMPLES} samples on a side, not {self.samples}: choose another number."
            )
        if self.channel < STRONGEST:
            raise Mistake(f"Channels count from 0, there is no {self.channel}: choose one, or none for the strongest.")
        insist_on_precision(self.precision)


@dataclass(frozen=True)
class Stage:
    """The last map of a network at one stride.

    name: of the layer that gives it; stride: pixels of the input between neighbouring cells; channels: how many; first:
    x y of the place in the input that the first cell's kernels are centred on, pixel 0 covering 0 to 1.
    """

    name: str
    stride: int
    channels: int
    first: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True, eq=False)
class RoiFeatureMap:
    """The answer to RoiFeatures.

    size, input: (height, width) of the picture and of what the network was given; stage, stages: the layer, and all
    there are; channel: of the map; strongest: it was taken for its greatest value in the box, and by nobody's choice;
    box: as asked, in pixels of the picture; roi: what was pooled: the channel's map, the box in pixels of the input,
    scale 1 / stride; poolings: of it; rounded, read: float32 (4,), x0 y0 x1 y1 in pixels of the picture of the whole
    cells that RoI Pool compared, and of what RoI Align read; moved: float32 (4,), pixels of the picture by which
    RoI Pool's sides lie left of or above (-), right of or below (+) the box's; ms: of the forward pass; cached: it did
    not run now; notes: what a reader must know to trust it.
    """

    model: str
    weights: str
    device: str
    precision: Precision
    size: Size
    input: Size
    stage: Stage
    stages: tuple[Stage, ...]
    channel: int
    strongest: bool
    box: Box
    roi: Roi
    poolings: Poolings
    rounded: NDArray[np.float32]
    read: NDArray[np.float32]
    moved: NDArray[np.float32]
    macs: int
    ms: float
    cached: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if {self.rounded.shape, self.read.shape, self.moved.shape} != {(4,)}:
            raise ValueError(f"boxes (4,), got {self.rounded.shape}, {self.read.shape} and {self.moved.shape}")
        if self.stage not in self.stages or not 0 <= self.channel < self.stage.channels:
            raise ValueError(f"channel {self.channel} of {self.stage}, one of {self.stages}")

    @property
    def cell(self) -> tuple[float, float]:
        """Pixels of the picture across and down from one cell to the next."""
        (height, width), (tall, wide) = self.size, self.input
        return self.stage.stride * width / wide, self.stage.stride * height / tall

    @property
    def difference(self) -> NDArray[np.float32]:
        """Float32 (bins, bins): RoI Pool's values less RoI Align's."""
        return np.asarray(self.poolings.pool.values[0] - self.poolings.align.average[0], np.float32)

    def as_json(self) -> dict[str, Any]:
        """The command line's and the API's form: as of a matrix, and where the matrix is from."""
        return self.poolings.as_json() | {
            "model": self.model,
            "weights": self.weights,
            "device": self.device,
            "size": list(self.size),
            "input": list(self.input),
            "layer": self.stage.name,
            "layers": [stage.name for stage in self.stages],
            "stride": self.stage.stride,
            "scale": self.roi.scale,
            "map": list(self.roi.matrix.shape),
            "channel": self.channel,
            "channels": self.stage.channels,
            "box": list(self.box),
            "rounded": listed(self.rounded),
            "moved": listed(self.moved),
            "difference": listed(self.difference),
            "ms": self.ms,
            "cached": self.cached,
            "notes": list(self.notes),
        }
