"""Drawn digits as training data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from explorer.errors import Mistake
from explorer.records.question import Progress
from explorer.training.data import Arrays, Batch
from explorer.training.digits.draw import digits
from explorer.training.shards import Shards

HELD_OUT = 10_000_000
_SHARDS = Shards("digits", digits, 2000)


@dataclass(frozen=True)
class DrawnDigits:
    """train, held_out: how many digits to learn from (seeds from 0) and to validate on (seeds from 10,000,000)."""

    train: int
    held_out: int

    def __post_init__(self) -> None:
        if not 0 < self.train <= HELD_OUT or self.held_out < 1:
            raise Mistake(f"Between 1 and {HELD_OUT} digits can be trained on and at least 1 held out: choose others.")

    def sentence(self) -> str:
        """What a card says."""
        return (
            f"{self.train:,} handwritten digits drawn from pen strokes, seeds 0 to {self.train - 1}; validated on "
            f"{self.held_out:,} more, seeds {HELD_OUT} to {HELD_OUT + self.held_out - 1}. No scanned or photographed "
            "digit was trained on."
        )

    def prepare(self, folder: Path) -> Iterator[Progress]:
        """Draw the digits that are not there, or were drawn by another version of the code."""
        return _SHARDS.prepare(folder, self._parts())

    def open(self, folder: Path, batch: int) -> Arrays:
        """All of them in memory. Raises Mistake where a shard is missing."""
        train, held_out = (_SHARDS.read(folder, part) for part in self._parts())
        return Arrays(Batch(train[0][..., None], train[1]), Batch(held_out[0][..., None], held_out[1]), batch)

    def _parts(self) -> tuple[range, range]:
        return range(self.train), range(HELD_OUT, HELD_OUT + self.held_out)
