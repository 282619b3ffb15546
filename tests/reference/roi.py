"""Region pooling cell by cell in exact fractions: Girshick 2015, section 2.1; He et al. 2017, section 3."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Exact = tuple[Fraction, Fraction, Fraction, Fraction]


def exact(box: Sequence[float], scale: float) -> Exact:
    """The box in cells of the map."""
    x0, y0, x1, y1 = (Fraction(side) * Fraction(scale) for side in box)
    return x0, y0, x1, y1


def rounded(cells: Exact) -> tuple[int, ...]:
    """To the nearest whole numbers, halves away from zero."""
    return tuple(math.floor(abs(side) + Fraction(1, 2)) * (1 if side >= 0 else -1) for side in cells)


def pool(features: NDArray[np.float32], cells: Exact, bins: int) -> NDArray[np.float64]:
    """An h x w window of cells is divided into sub-windows of about h/H x w/W, and each gives its largest value."""
    channels, height, width = features.shape
    x0, y0, x1, y1 = rounded(cells)
    down, across = Fraction(y1 - y0 + 1, bins), Fraction(x1 - x0 + 1, bins)
    values = np.zeros((channels, bins, bins))
    for c in range(channels):
        for i in range(bins):
            for j in range(bins):
                found = [
                    float(features[c, y, x])
                    for y in range(y0 + math.floor(i * down), y0 + math.ceil((i + 1) * down))
                    for x in range(x0 + math.floor(j * across), x0 + math.ceil((j + 1) * across))
                    if 0 <= y < height and 0 <= x < width
                ]
                values[c, i, j] = max(found, default=0.0)
    return values


def places(start: Fraction, end: Fraction, bins: int, samples: int, aligned: bool) -> list[list[Fraction]]:
    """Along one axis: each bin's regularly spaced samples."""
    shift = Fraction(1, 2) if aligned else Fraction(0)
    extent = end - start if aligned else max(end - start, Fraction(1))
    count = samples if samples > 0 else math.ceil(extent / bins)
    size = extent / bins
    return [[start - shift + size * (p + (i + Fraction(1, 2)) / count) for i in range(count)] for p in range(bins)]


def read(channel: NDArray[np.float32], x: Fraction, y: Fraction) -> float:
    """The sum of all cells, each by max(0, 1 - |dx|) max(0, 1 - |dy|); the border's cells reach one cell out."""
    height, width = channel.shape
    if not (-1 <= x <= width and -1 <= y <= height):
        return 0.0
    x, y = min(max(x, Fraction(0)), Fraction(width - 1)), min(max(y, Fraction(0)), Fraction(height - 1))
    total = 0.0
    for v in range(height):
        for u in range(width):
            total += float(max(0, 1 - abs(x - u)) * max(0, 1 - abs(y - v))) * float(channel[v, u])
    return total


def align(
    features: NDArray[np.float32], cells: Exact, bins: int, samples: int, aligned: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean and the highest of each bin's samples."""
    xs = places(cells[0], cells[2], bins, samples, aligned)
    ys = places(cells[1], cells[3], bins, samples, aligned)
    mean, highest = np.zeros((2, len(features), bins, bins))
    for c, channel in enumerate(features):
        for i in range(bins):
            for j in range(bins):
                found = [read(channel, x, y) for y in ys[i] for x in xs[j]]
                mean[c, i, j] = sum(found) / max(len(found), 1)
                highest[c, i, j] = max(found, default=0.0)
    return mean, highest
