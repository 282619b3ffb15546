"""A worked example of region pooling, as lectures give it: a map of 8x8, two answers, and boxes that lead to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.records.roi import Box, Method, Roi

MATRIX = (
    (0.1, 0.3, 0.2, 0.3, 0.2, 0.6, 0.8, 0.9),
    (0.4, 0.5, 0.1, 0.4, 0.7, 0.1, 0.4, 0.3),
    (0.2, 0.1, 0.3, 0.8, 0.6, 0.2, 0.1, 0.1),
    (0.4, 0.6, 0.2, 0.1, 0.3, 0.6, 0.1, 0.2),
    (0.1, 0.8, 0.3, 0.3, 0.5, 0.3, 0.3, 0.3),
    (0.2, 0.9, 0.4, 0.5, 0.1, 0.1, 0.1, 0.2),
    (0.3, 0.1, 0.8, 0.6, 0.3, 0.3, 0.6, 0.5),
    (0.5, 0.5, 0.2, 0.1, 0.1, 0.2, 0.1, 0.2),
)
BINS = 2
POOL_ANSWER = ((0.8, 0.6), (0.9, 0.6))
ALIGN_ANSWER = ((0.88, 0.6), (0.9, 0.6))


@dataclass(frozen=True)
class Preset:
    """A box on MATRIX, at scale 1 and not aligned, on which a method gives one of the two answers.

    box: x0 y0 x1 y1 in cells; samples: on either side of a bin, 0 for as many as cells.
    """

    name: str
    method: Method
    box: Box
    samples: int
    answer: tuple[tuple[float, ...], ...]

    @property
    def question(self) -> Roi:
        """To ask for the answer."""
        return Roi(np.array(MATRIX, np.float32), self.box, BINS, self.samples)


PRESETS = (
    Preset("RoI Pool", "pool", (1, 2, 7, 7), 0, POOL_ANSWER),
    Preset("RoI Pool, another box", "pool", (0, 3, 5, 6), 0, POOL_ANSWER),
    Preset("RoI Pool, a third box", "pool", (0, 2, 7, 6), 0, POOL_ANSWER),
    Preset("RoI Align, highest of 10x10 samples", "align_max", (0.375, 2.9, 5.375, 6.9), 10, ALIGN_ANSWER),
    Preset("RoI Align, highest of 12x12 samples", "align_max", (0.5, 2.5, 5.3, 7.3), 12, ALIGN_ANSWER),
)
