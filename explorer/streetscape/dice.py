"""Chance from a seed: the same numbers on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
BLOCK = 64


class Dice:
    """A stream of random choices from PCG64, drawn in blocks because single draws are slow."""

    __slots__ = ("_block", "_seed", "_source")

    def __init__(self, *seed: int) -> None:
        self._seed = seed
        self._source: np.random.Generator | None = None
        self._block: list[float] = []

    def _generator(self) -> np.random.Generator:
        if self._source is None:
            self._source = np.random.Generator(np.random.PCG64(self._seed))
        return self._source

    def _more(self) -> list[float]:
        self._block = self._generator().random(BLOCK).tolist()
        return self._block

    def unit(self) -> float:
        """A number in [0, 1)."""
        return (self._block or self._more()).pop()

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * (self._block or self._more()).pop()

    def middle(self, low: float, high: float) -> float:
        """A number in [low, high) that prefers the middle (mean of two)."""
        return low + (high - low) * 0.5 * (self.unit() + self.unit())

    def whole(self, low: int, high: int) -> int:
        """A whole number in low..high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """True in the given share of cases."""
        return self.unit() < share

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[int(self.unit() * len(options))]

    def weigh(self, options: dict[T, float]) -> T:
        """One of the keys, with the odds its value says."""
        left = self.unit() * sum(options.values())
        for key, weight in options.items():
            left -= weight
            if left < 0:
                return key
        return key

    def many(self, count: int, low: float, high: float) -> list[float]:
        """A list of numbers in [low, high)."""
        return [self.between(low, high) for _ in range(count)]

    def child(self) -> Dice:
        """A stream of its own, so that one thing's details never shift another's.

        Its first block comes from this stream, for building a generator is slow; few children ever need more.
        """
        child = Dice()
        child._block = self._generator().random(BLOCK).tolist()
        child._seed = (int(child._block[0] * (1 << 53)), 1)
        return child
