"""A pen that draws strokes through points: smooth between them, turning sharply where a corner is asked for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float64]
Point = tuple[float, float] | tuple[float, float, bool]
CORNER = True
_SAMPLES = 10


class Pen:
    """One writer's hand in one digit: every point it is told to pass lands a little beside where it was meant.

    Coordinates are of a unit square, x to the right, y down. wobble: standard deviation of a point, in those units.
    """

    def __init__(self, rng: np.random.Generator, wobble: float = 0.0) -> None:
        self._rng = rng
        self._wobble = wobble

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * float(self._rng.random())

    def chance(self, share: float) -> bool:
        """True in the given share of cases."""
        return float(self._rng.random()) < share

    def stroke(self, *points: Point) -> Stroke:
        """Float64 (m, 2): a smooth line through the points; (x, y, CORNER) is a point where it turns sharply."""
        places = np.array([point[:2] for point in points], np.float64)
        places += self._rng.normal(0.0, self._wobble, places.shape)
        turns = [i for i, point in enumerate(points) if len(point) == 3 and 0 < i < len(points) - 1]
        ends = [0, *turns, len(points) - 1]
        parts = [smooth(places[a : b + 1]) for a, b in pairwise(ends)]
        return np.concatenate(parts)

    def arc(
        self, centre: tuple[float, float], radii: tuple[float, float], start: float, sweep: float, grow: float = 1.0
    ) -> list[Point]:
        """Points of an ellipse from angle `start` over `sweep`, in degrees, 0 to the right and 90 down.

        grow: the factor by which the radii have changed at the end, so that a ring may close short or run over.
        """
        steps = max(int(abs(sweep) / 42), 2)
        angles = np.deg2rad(start + sweep * np.linspace(0, 1, steps + 1))
        size = np.linspace(1, grow, steps + 1)
        x, y = centre[0] + radii[0] * size * np.cos(angles), centre[1] + radii[1] * size * np.sin(angles)
        return list(zip(x.tolist(), y.tolist(), strict=True))


def smooth(points: Stroke) -> Stroke:
    """A Catmull-Rom spline (Catmull, Rom 1974) through points (k, 2), sampled evenly between each two."""
    if len(points) == 2:
        return np.asarray(points[0] + (points[1] - points[0]) * np.linspace(0, 1, _SAMPLES)[:, None])
    before, after = 2 * points[0] - points[1], 2 * points[-1] - points[-2]
    p = np.concatenate([before[None], points, after[None]])
    a, b, c, d = (p[i : len(p) - 3 + i, None] for i in range(4))
    t = np.linspace(0, 1, _SAMPLES, endpoint=False)[None, :, None]
    curve = b + 0.5 * t * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * (b - c) + d - a)))
    return np.concatenate([curve.reshape(-1, 2), points[-1:]])
