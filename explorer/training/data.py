"""What a recipe learns from: descriptions that can be written in a card, and the batches they open into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.frame import Pixels
from explorer.records.question import Progress


@dataclass(frozen=True, eq=False)
class Batch:
    """n pictures, uint8 (n, h, w, c), and what is true of them, in the form that the recipe's objective reads.

    targets: for `classify`, int64 (n,) class indices; other objectives may take any pytree of arrays.
    """

    pictures: Pixels
    targets: Any

    def __post_init__(self) -> None:
        if self.pictures.dtype != np.uint8 or self.pictures.ndim != 4:
            got = f"{self.pictures.dtype} {self.pictures.shape}"
            raise Mistake(f"A batch is a uint8 array (n, h, w, c), got {got}: convert the pictures first.")


class Data(Protocol):
    """Opened data. `train_batches` is a pure function of its arguments, so that training may resume anywhere."""

    @property
    def steps(self) -> int:
        """Training batches in one epoch."""

    def train_batches(self, epoch: int, rng: np.random.Generator, first: int = 0) -> Iterator[Batch]:
        """The batches of an epoch in an order drawn from `rng`, without the `first` ones, made one at a time."""

    def validation(self) -> Iterator[Batch]:
        """Pictures that are never trained on, always the same."""


class Description(Protocol):
    """A frozen dataclass of plain values that says which data, and can make them."""

    def sentence(self) -> str:
        """What a card says of it."""

    def prepare(self, folder: Path) -> Iterator[Progress]:
        """Make what is not yet in `folder`; may be broken off and begun again at any time."""

    def open(self, folder: Path, batch: int) -> Data:
        """The prepared data in batches of `batch`."""


class Arrays:
    """Pictures held in memory, uint8 (n, h, w, c), with class indices int64 (n,)."""

    def __init__(self, train: Batch, held_out: Batch, batch: int) -> None:
        if len(train.pictures) < batch:
            raise Mistake(f"A batch of {batch} was wanted of {len(train.pictures)} pictures: choose a smaller batch.")
        self._train, self._held_out, self._batch = train, held_out, batch

    @property
    def steps(self) -> int:
        """Training batches in one epoch: whole ones only."""
        return len(self._train.pictures) // self._batch

    def train_batches(self, epoch: int, rng: np.random.Generator, first: int = 0) -> Iterator[Batch]:
        """A permutation of the pictures drawn from `rng`, cut into batches."""
        order: NDArray[np.int64] = rng.permutation(len(self._train.pictures))
        for step in range(first, self.steps):
            yield _part(self._train, order[step * self._batch : (step + 1) * self._batch])

    def validation(self) -> Iterator[Batch]:
        """In their order, the last batch perhaps smaller."""
        count = len(self._held_out.pictures)
        for start in range(0, count, self._batch):
            yield _part(self._held_out, np.arange(start, min(start + self._batch, count)))


def _part(whole: Batch, places: NDArray[np.int64]) -> Batch:
    return Batch(whole.pictures[places], whole.targets[places])
