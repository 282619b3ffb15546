"""A classifier at every place of a picture: slid over it window by window, or run once over the whole."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.classify import Precision, insist_on_precision
from explorer.records.frame import Size
from explorer.records.question import Question

Method = Literal["sliding", "batched", "dense"]
METHODS: tuple[Method, ...] = ("sliding", "batched", "dense")
MOST_SCALES, LEAST_SCALE, LARGEST_SCALE = 6, 0.05, 4.0
MOST_POSITIONS = 400_000


@dataclass(frozen=True)
class Dense(Question["DenseMaps"]):
    """What does a classifier see at every place of a picture?

    Sermanet et al., OverFeat, ICLR 2014. picture: content id; model, weights, precision: as in Classify; stride: pixels
    between places, one of the network's own strides, 0 for its coarsest; scales: one to six, by which the picture is
    made larger first; method: windows one by one (`sliding`), 32 at a time (`batched`), or all at once (`dense`).
    Raises Mistake for what cannot be asked.
    """

    picture: str
    model: str
    weights: str = ""
    stride: int = 0
    scales: tuple[float, ...] = (1.0,)
    method: Method = "dense"
    precision: Precision = "fp32"

    def __post_init__(self) -> None:
        if not 1 <= len(self.scales) <= MOST_SCALES or len(set(self.scales)) < len(self.scales):
            raise Mistake(f"A picture is looked at in one to {MOST_SCALES} different scales: choose so many.")
        if not all(LEAST_SCALE <= scale <= LARGEST_SCALE for scale in self.scales):
            raise Mistake(f"A scale lies between {LEAST_SCALE} and {LARGEST_SCALE:g}: choose others.")
        if self.stride < 0:
            raise Mistake("A stride is a number of pixels, or 0 for the network's own: choose one.")
        if self.method not in METHODS:
            raise Mistake(f"Method {self.method!r} is not known: choose sliding, batched or dense.")
        insist_on_precision(self.precision)


@dataclass(frozen=True, eq=False)
class Level:
    """One scale of a picture.

    scale: as asked; size: (height, width) of the picture at this scale; logits: float32 (classes, rows, columns), NaN
    where no window was yet; ms: milliseconds of all passes; macs: multiply-adds of all passes.
    """

    scale: float
    size: Size
    logits: NDArray[np.float32]
    ms: float
    macs: int

    @property
    def positions(self) -> Size:
        """Rows and columns."""
        rows, columns = self.logits.shape[1:]
        return rows, columns

    @property
    def scores(self) -> NDArray[np.float32]:
        """Float32 (classes, rows, columns): softmax of the logits, NaN where no window was yet."""
        shifted = np.exp(self.logits - self.logits.max(axis=0))
        return np.asarray(shifted / shifted.sum(axis=0), np.float32)


@dataclass(frozen=True)
class Causes:
    """Why a cell may differ from its window, by names of layers.

    padded: they pad their maps with zeros at the picture's border, where a window pads at its own; ceiled: pools whose
    last window hangs over the edge; whole: they look at the whole picture, where a window is all they see.
    """

    padded: tuple[str, ...] = ()
    ceiled: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class DenseMaps:
    """A network's answer to Dense.

    size: (height, width) of the picture; window: (height, width) of what one place sees; stride, strides: pixels
    between places at each scale, and all the network can have, the coarsest first; names: all the classes; levels: one
    a scale; linears: the dense layers that became convolutions, with (out, channels, height, width) of their kernels;
    window_macs: multiply-adds of one window; curve: (places, multiply-adds of the dense pass) of ever larger square
    pictures;
    cached: it did not run now; notes: what a reader must know to trust it.
    """

    model: str
    weights: str
    device: str
    method: Method
    precision: Precision
    size: Size
    window: Size
    stride: int
    strides: tuple[int, ...]
    names: tuple[str, ...]
    levels: tuple[Level, ...]
    causes: Causes = field(default_factory=Causes)
    linears: tuple[tuple[str, tuple[int, ...]], ...] = ()
    window_macs: int = 0
    curve: tuple[tuple[int, int], ...] = ()
    cached: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(len(level.logits) != len(self.names) for level in self.levels):
            raise ValueError(f"{len(self.names)} classes, got {[level.logits.shape for level in self.levels]}")

    def windows(self, index: int = 0) -> NDArray[np.float32]:
        """Float32 (rows, columns, 4): x0 y0 x1 y1 of every window of a level, in pixels of the picture."""
        level = self.levels[index]
        rows, columns = np.indices(level.positions)
        top, left = rows * self.stride, columns * self.stride
        corners = np.stack([left, top, left + self.window[1], top + self.window[0]], axis=-1)
        down, across = self._factors(index)
        return np.asarray(corners / np.asarray([across, down] * 2), np.float32)

    def region(self, index: int = 0) -> tuple[float, float, float, float]:
        """x0 y0 x1 y1 that the cells of a level cover, in pixels of the picture.

        Each lies around the middle of its window, as wide as the stride.
        """
        (down, across), (rows, columns) = self._factors(index), self.levels[index].positions
        top, left = ((reach - self.stride) / 2 for reach in self.window)
        right, bottom = left + columns * self.stride, top + rows * self.stride
        return left / across, top / down, right / across, bottom / down

    def cell(self, x: float, y: float, index: int = 0) -> tuple[int, int]:
        """Row and column of a level's cell at a point of the picture, in pixels; the nearest where there is none."""
        x0, y0, x1, y1 = self.region(index)
        rows, columns = self.levels[index].positions
        row, column = math.floor((y - y0) / (y1 - y0) * rows), math.floor((x - x0) / (x1 - x0) * columns)
        return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)

    def _factors(self, index: int) -> tuple[float, float]:
        """How many times taller and wider the picture is at a level."""
        size = self.levels[index].size
        return size[0] / self.size[0], size[1] / self.size[1]

    @property
    def pooled(self) -> NDArray[np.float32]:
        """Float32 (classes,): one answer of all levels, as OverFeat makes it (section 3.3).

        The highest score of each class at each scale, averaged over the scales: it does not sum to 1. NaN where a scale
        has no window yet.
        """
        highest = [np.nan_to_num(level.scores, nan=-1.0).max(axis=(1, 2)) for level in self.levels]
        made = np.asarray(np.mean(highest, axis=0), np.float32)
        return np.where(np.min(highest, axis=0) < 0, np.float32(np.nan), made)

    @property
    def limit(self) -> float:
        """How many times less the dense pass computes at most: where places lie so close that all but its dense layers
        is shared; infinite where there are none."""
        own = sum(math.prod(kernel) for _, kernel in self.linears)
        return self.window_macs / own if own else math.inf

    @property
    def ms(self) -> float:
        """Milliseconds of all levels."""
        return sum(level.ms for level in self.levels)

    @property
    def macs(self) -> int:
        """Multiply-adds of all levels."""
        return sum(level.macs for level in self.levels)

    @property
    def positions(self) -> int:
        """Places of all levels."""
        return sum(level.logits[0].size for level in self.levels)


@dataclass(frozen=True, eq=False)
class Difference:
    """Two answers, place by place.

    max_abs: the largest difference of two logits; agree: share of the places where both name the same class first;
    levels: float32 (rows, columns) a scale, the largest difference of a logit at each place. Of places that both have.
    """

    max_abs: float
    agree: float
    levels: tuple[NDArray[np.float32], ...]


def difference(one: DenseMaps, other: DenseMaps) -> Difference:
    """Of the scales that both have come to. Raises ValueError for answers to different questions."""
    both = range(min(len(one.levels), len(other.levels)))
    asked = [
        (maps.model, maps.weights, maps.stride, [(maps.levels[i].scale, maps.levels[i].size) for i in both])
        for maps in (one, other)
    ]
    if asked[0] != asked[1]:
        raise ValueError(f"answers to different questions: {asked[0]} and {asked[1]}")
    found, same, places = [], 0, 0
    for a, b in zip(one.levels, other.levels, strict=False):
        rows, columns = (min(pair) for pair in zip(a.positions, b.positions, strict=True))
        left, right = a.logits[:, :rows, :columns], b.logits[:, :rows, :columns]
        found.append(np.abs(left - right).max(axis=0))
        known = ~np.isnan(found[-1])
        same += int((left.argmax(0) == right.argmax(0))[known].sum())
        places += int(known.sum())
    values = np.concatenate([level.ravel() for level in found])
    largest = float(np.nanmax(values)) if places else float("nan")
    return Difference(largest, same / places if places else float("nan"), tuple(found))
