"""OverFeat's way to find things: a classifier and a box at every place and scale, and a greedy merge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.classify import Precision, insist_on_precision
from explorer.records.dense import LARGEST_SCALE, LEAST_SCALE, MOST_SCALES
from explorer.records.detect import Detections
from explorer.records.question import Question

LEAST_CLASS_SCORE, MATCH = 0.35, 0.9
MOST_CANDIDATES = 1000


@dataclass(frozen=True)
class Localize(Question["Localized"]):
    """What is where in a picture, and from which places did it come?

    Sermanet et al., OverFeat, ICLR 2014, section 4. picture: content id; model: a network with a box regressor;
    weights, precision: as in Classify; stride: pixels between places, 0 for the network's coarsest; scales: at most
    six, none for six that suit the picture; score: places where no class scores higher say nothing; match: how badly
    two boxes may match and be merged (`ops.greedy_merge`); regressor: the boxes are the regressor's, else the windows
    themselves. Raises Mistake for what cannot be asked.
    """

    picture: str
    model: str
    weights: str = ""
    stride: int = 0
    scales: tuple[float, ...] = ()
    score: float = LEAST_CLASS_SCORE
    match: float = MATCH
    regressor: bool = True
    precision: Precision = "fp32"

    def __post_init__(self) -> None:
        if len(self.scales) > MOST_SCALES or len(set(self.scales)) < len(self.scales):
            raise Mistake(f"A picture is looked at in at most {MOST_SCALES} different scales: choose so many.")
        if not all(LEAST_SCALE <= scale <= LARGEST_SCALE for scale in self.scales):
            raise Mistake(f"A scale lies between {LEAST_SCALE} and {LARGEST_SCALE:g}: choose others.")
        if self.stride < 0 or not 0 <= self.score <= 1 or self.match < 0:
            raise Mistake("A stride and a match are not below 0 and a score lies between 0 and 1: choose others.")
        insist_on_precision(self.precision)


@dataclass(frozen=True, eq=False)
class Candidates:
    """Places that name a class, the highest score first; at most 1,000.

    boxes: float32 (n, 4), what the regressor makes of each, and windows: float32 (n, 4), what each place sees, x0 y0 x1
    y1 in pixels of the picture; labels: int64 (n,); scores: float32 (n,); scales: float32 (n,); members: int64 (n,),
    the detection that each went into; total: how many there were.
    """

    boxes: NDArray[np.float32]
    windows: NDArray[np.float32]
    labels: NDArray[np.int64]
    scores: NDArray[np.float32]
    scales: NDArray[np.float32]
    members: NDArray[np.int64]
    total: int


@dataclass(frozen=True, eq=False)
class Localized:
    """A network's answer to Localize.

    detections: after the merge, best first; candidates: before it; scales: that were looked at; stride: pixels between
    places at each scale; positions: places of all scales.
    """

    detections: Detections
    candidates: Candidates
    scales: tuple[float, ...]
    stride: int
    positions: int
