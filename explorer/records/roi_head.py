"""One box through RoI Pool and through RoI Align into the same trained head: which classes does each lead to?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.classify import Precision, insist_on_precision
from explorer.records.frame import Size
from explorer.records.question import Question
from explorer.records.roi import Box, Poolings, Roi, checked_box, listed
from explorer.records.roi_features import STRONGEST

Way = Literal["pool", "align"]
WAYS: tuple[Way, ...] = ("pool", "align")
FAMILIES = ("Faster R-CNN", "Mask R-CNN")
"""Of models that have a head which takes boxes."""
BACKGROUND = 0
"""The class of a region with nothing in it, of every detector of two passes."""


@dataclass(frozen=True)
class RoiHead(Question["HeadAnswers"]):
    """What does a detector's head make of a box, pooled in either way?

    picture: content id; model: a detector of two passes; weights, precision: as in Classify; box: x0 y0 x1 y1 in pixels
    of the picture; channel: of the map it is cut from, as in RoiFeatures, whose values are told. Bins and samples are
    the detector's own. Raises Mistake for what cannot be asked.
    """

    picture: str
    model: str
    box: Box
    weights: str = ""
    channel: int = STRONGEST
    precision: Precision = "fp32"

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", checked_box(self.box))
        if self.channel < STRONGEST:
            raise Mistake(f"Channels count from 0, there is no {self.channel}: choose one, or none for the strongest.")
        insist_on_precision(self.precision)


@dataclass(frozen=True)
class PyramidMap:
    """A map that regions are cut from.

    name: as the network has it; level: k, its stride being 2^k pixels of the input; rows, columns: of its cells.
    """

    name: str
    level: int
    rows: int
    columns: int

    @property
    def stride(self) -> int:
        """Pixels of the input between neighbouring cells."""
        return int(2**self.level)


@dataclass(frozen=True, eq=False)
class HeadAnswer:
    """What one pooling led to.

    logits, scores: float32 (classes,), and their softmax; box: float32 (4,), x0 y0 x1 y1 in pixels of the picture where
    the head moves the box to for its best class that is no background; rounded: float32 (4,), what was pooled, in
    pixels of the picture.
    """

    logits: NDArray[np.float32]
    scores: NDArray[np.float32]
    box: NDArray[np.float32]
    rounded: NDArray[np.float32]

    @property
    def best(self) -> int:
        """The class with the highest score, background and all."""
        return int(self.scores.argmax())

    @property
    def thing(self) -> int:
        """The best class that is no background."""
        return BACKGROUND + 1 + int(self.scores[BACKGROUND + 1 :].argmax())


@dataclass(frozen=True, eq=False)
class HeadAnswers:
    """The answer to RoiHead.

    size, input: (height, width) of the picture and of it resized for the network; box, given: as asked, in pixels of
    the picture, and in pixels of the input; maps: that regions are cut from, the
    finest first; chosen: which of them by equation 1 of the pyramid paper, and exact: the level before it was rounded
    down; bins, samples: on a side of the region and of a bin; names: of all classes; pool, align: the answers; apart:
    mean absolute difference of the pooled values over RoI Align's mean absolute value; channel, roi, poolings: of one
    channel of the map, as in RoiFeatureMap; proposals: float32 (n, 4), the
    detector's own, in pixels of the picture, best first, and sure: float32 (n,), its objectness of each.
    """

    model: str
    weights: str
    device: str
    precision: Precision
    size: Size
    input: Size
    box: Box
    given: Box
    maps: tuple[PyramidMap, ...]
    chosen: int
    exact: float
    bins: int
    samples: int
    names: tuple[str, ...]
    pool: HeadAnswer
    align: HeadAnswer
    apart: float
    channel: int
    roi: Roi
    poolings: Poolings
    proposals: NDArray[np.float32]
    sure: NDArray[np.float32]
    ms: float
    cached: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        classes = (len(self.names),)
        if {self.pool.scores.shape, self.align.scores.shape} != {classes}:
            raise ValueError(f"{classes} classes, got {self.pool.scores.shape} and {self.align.scores.shape}")
        if self.proposals.shape != (len(self.sure), 4):
            raise ValueError(f"{len(self.sure)} proposals, got {self.proposals.shape}")

    @property
    def map(self) -> PyramidMap:
        """The one the box was cut from."""
        return self.maps[self.chosen]

    @property
    def largest_change(self) -> float:
        """The largest difference of any class's two scores."""
        return float(np.abs(self.pool.scores - self.align.scores).max())

    def top(self, count: int) -> list[int]:
        """The classes with the highest scores by either pooling, best first."""
        order = np.argsort(-np.maximum(self.pool.scores, self.align.scores), kind="stable")
        return [int(index) for index in order[:count]]

    def as_json(self) -> dict[str, Any]:
        """The command line's and the API's form."""
        named = [
            {"index": i, "name": self.names[i], **{way: float(getattr(self, way).scores[i]) for way in WAYS}}
            for i in self.top(5)
        ]
        return self.poolings.as_json() | {
            "model": self.model,
            "weights": self.weights,
            "device": self.device,
            "size": list(self.size),
            "input": list(self.input),
            "box": list(self.box),
            "level": self.map.level,
            "level_exact": self.exact,
            "scale": self.roi.scale,
            "map": list(self.roi.matrix.shape),
            "channel": self.channel,
            "scores": named,
            "largest_change": self.largest_change,
            "boxes": {way: listed(getattr(self, way).box) for way in WAYS},
            "rounded": listed(self.pool.rounded),
            "proposals": len(self.sure),
            "ms": self.ms,
            "cached": self.cached,
            "notes": list(self.notes),
        }
