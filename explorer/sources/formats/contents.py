"""The part of a picture file that a decoder needs.

A decoder sees only that part: text, thumbnails, EXIF and later frames, where most of the traps are, never reach it.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_PARTS = 200_000
ANIMATION = "first picture of an animation"


class Damaged(ValueError):
    """The file breaks the rules of its format; the message says which, as a clause."""


class CutShort(Damaged):
    """The file ends before its picture does."""


@dataclass(frozen=True)
class Contents:
    """data: a file of the same kind with nothing but its first picture; width, height: pixels; exif, icc: as found."""

    data: bytes
    width: int
    height: int
    exif: bytes | None = None
    icc: bytes | None = None
    notes: tuple[str, ...] = ()
