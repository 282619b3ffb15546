"""What is said of a live source: pictures that are answered while newer ones come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from explorer.records.frame import Frame, Size
from explorer.records.question import Question

A_co = TypeVar("A_co", covariant=True)


@dataclass(frozen=True)
class Look(Question["Looked"]):
    """Nothing but the picture itself: what a live view costs without a network. picture: content id."""

    picture: str


@dataclass(frozen=True)
class Looked:
    """The answer to Look: size is (height, width) of the picture; no network ran, so ms is 0."""

    size: Size
    ms: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Answered(Generic[A_co]):
    """A picture of a live source with its answer to `question`.

    number: the sender's own count; came: when it came, by `time.monotonic`; line: how many others were waiting for the
    device when it was taken up.
    """

    number: int
    question: Question[A_co]
    frame: Frame
    answer: A_co
    came: float
    line: int


@dataclass(frozen=True)
class Counters:
    """Of one live source: pictures that came, were answered, gave way to a newer one, and were no pictures."""

    came: int = 0
    answered: int = 0
    dropped: int = 0
    spoiled: int = 0
