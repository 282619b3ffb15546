"""What every question and everything an engine says on the way to its answer have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

A_co = TypeVar("A_co", covariant=True)


class Question(Generic[A_co]):
    """A frozen record whose answer is an `A_co`; pictures are fields, by content id."""


@dataclass(frozen=True)
class Progress:
    """How far long work has come: `done` of `total` (0 when unknown), in the unit named by `text`."""

    text: str
    done: float = 0.0
    total: float = 0.0

    @property
    def fraction(self) -> float:
        """Share done in [0, 1], 0 when the total is unknown."""
        return min(self.done / self.total, 1.0) if self.total > 0 else 0.0


@dataclass(frozen=True)
class Partial(Generic[A_co]):
    """An answer as it stands so far."""

    answer: A_co
