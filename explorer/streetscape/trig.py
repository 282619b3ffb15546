"""Sine and cosine by table in whole-number arithmetic: libraries differ in the last bit between processors."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

STEPS = 4096
_BITS = 62
_PI = 14488038916154245685


@lru_cache(maxsize=1)
def table() -> NDArray[np.float64]:
    """Sine of k / STEPS turns, (STEPS,)."""
    values = np.zeros(STEPS)
    for k in range(STEPS // 4 + 1):
        angle = _PI * 2 * k // STEPS
        term = total = angle
        for n in range(1, 16):
            term = -(term * angle >> _BITS) * angle // ((2 * n) * (2 * n + 1)) >> _BITS
            total += term
        value = (total + (1 << 21) >> 22) / (1 << 40)
        values[k] = values[STEPS // 2 - k] = value
        values[(STEPS - k) % STEPS] = values[STEPS // 2 + k] = -value
    values[0] = values[STEPS // 2] = 0.0
    return values


@cache
def _plain() -> tuple[float, ...]:
    """The table as Python's own numbers: asked one by one they come three times as fast."""
    return tuple(table().tolist())


def sine(turns: float) -> float:
    """Sine of an angle in turns."""
    return _plain()[int(turns * STEPS + 0.5 if turns >= 0 else turns * STEPS - 0.5) % STEPS]


def cosine(turns: float) -> float:
    """Cosine of an angle in turns."""
    return sine(turns + 0.25)


@lru_cache(maxsize=64)
def circle(count: int) -> NDArray[np.float64]:
    """Points (count, 2) of the unit circle."""
    index = np.arange(count) * STEPS // count
    points = np.stack([table()[(index + STEPS // 4) % STEPS], table()[index]], axis=1)
    points.flags.writeable = False
    return points


@lru_cache(maxsize=64)
def ring(count: int) -> tuple[tuple[float, float], ...]:
    """Points of the unit circle as plain tuples, for building solid shapes one by one."""
    return tuple((float(x), float(y)) for x, y in circle(count))
