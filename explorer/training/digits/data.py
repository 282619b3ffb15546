"""Drawn digits as training data: rendered once into shards, then read into memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.frame import Pixels
from explorer.records.question import Progress
from explorer.training.atomic import write_whole
from explorer.training.data import Arrays, Batch
from explorer.training.digits.draw import digit, digits

HELD_OUT = 10_000_000
_SHARD = 2000


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
        """Draw the shards that are not there, or were drawn by another version of the code."""
        done, total = 0, self.train + self.held_out
        for seeds in self._shards():
            yield Progress("digits drawn", done, total)
            if not _fresh(_place(folder, seeds), seeds):
                pictures, labels = digits(seeds)
                file = io.BytesIO()
                np.savez(file, pictures=pictures, labels=labels)
                write_whole(_place(folder, seeds), file.getvalue())
            done += len(seeds)
        yield Progress("digits drawn", done, total)

    def open(self, folder: Path, batch: int) -> Arrays:
        """All of them in memory. Raises Mistake where a shard is missing."""
        parts = [_read(_place(folder, seeds)) for seeds in self._shards()]
        pictures = np.concatenate([part[0] for part in parts])[..., None]
        labels = np.concatenate([part[1] for part in parts])
        n = self.train
        return Arrays(Batch(pictures[:n], labels[:n]), Batch(pictures[n:], labels[n:]), batch)

    def _shards(self) -> list[range]:
        return [
            range(start, min(start + _SHARD, end))
            for begin, end in ((0, self.train), (HELD_OUT, HELD_OUT + self.held_out))
            for start in range(begin, end, _SHARD)
        ]


def _place(folder: Path, seeds: range) -> Path:
    return folder / f"digits-{seeds.start:08d}-{seeds.stop:08d}.npz"


def _read(path: Path) -> tuple[Pixels, NDArray[np.int64]]:
    try:
        with np.load(path, allow_pickle=False) as found:
            return found["pictures"], found["labels"]
    except (OSError, ValueError, KeyError) as error:
        raise Mistake(f"{path} does not hold drawn digits ({error}): delete it and prepare the data again.") from error


def _fresh(path: Path, seeds: range) -> bool:
    """Whether a shard is there and its last digit is what the code draws today."""
    if not path.exists():
        return False
    pictures, labels = _read(path)
    picture, label = digit(seeds[-1])
    return len(pictures) == len(seeds) and label == labels[-1] and np.array_equal(picture, pictures[-1])
