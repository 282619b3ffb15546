"""One name for every picture: a path, or `sample:NAME`."""

from __future__ import annotations

from explorer.records.frame import Frame
from explorer.sources.image import VISITOR, Limits, read_image
from explorer.sources.samples import sample

SAMPLE = "sample:"


def open_picture(name: str, limits: Limits = VISITOR) -> Frame:
    """Raises BadPicture for a file that is no picture, UnknownName for a sample that is not there."""
    if name.startswith(SAMPLE):
        return sample(name.removeprefix(SAMPLE))
    return read_image(name, limits)
