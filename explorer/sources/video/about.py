"""What is known of a video before it is decoded, and how much of one is taken."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.records.frame import Size

LONGEST_SIDE = 4096
"""Pixels. A larger video is refused: its decoder would keep up to 16 pictures of 100 MB and more, whatever is shown."""
RATES = (1.0, 60.0)
"""Pictures a second between which a header's word is taken, for pacing; what it says may be anything."""


@dataclass(frozen=True)
class VideoLimits:
    """How much of a video is taken; None for as much as there is.

    max_bytes: of the file, refused above; seconds, pictures: of the video, cut there with a word; work: seconds of the
    processor that its decoder may take.
    """

    max_bytes: int | None = None
    seconds: float | None = None
    pictures: int | None = None
    work: int | None = None


OWNER = VideoLimits()
PUBLIC = VideoLimits(100_000_000, 60.0, 60 * 240, 600)
CLASS = VideoLimits(500_000_000, 600.0, 600 * 240, 3600)


@dataclass(frozen=True)
class VideoAbout:
    """A video, as its first picture and its header tell.

    size: (height, width) of its upright pictures; seconds: as the header says, 0 where it says nothing; rate:
    pictures a second, between 1 and 60; kind: MP4, MOV, WebM, MKV or AVI; codec: of the pictures; starts: the first
    picture's own timestamp in seconds, which is 0 for a Frame; notes: what was done to its pictures, in words.
    """

    size: Size
    seconds: float
    rate: float
    kind: str
    codec: str
    has_sound: bool
    starts: float = 0.0
    notes: tuple[str, ...] = ()
