"""`--out FILE`: a painted picture as a file, whole or not at all."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Collection
from pathlib import Path

from PIL import Image

from explorer.errors import Failure, Mistake
from explorer.records.frame import Frame
from explorer.training.atomic import write_whole

KINDS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EIO}


def writable(path: Path, source: str, kinds: Collection[str] = tuple(KINDS), what: str = "picture") -> None:
    """Raise Mistake, before any work is done, where no picture can be written or `source` would be lost.

    kinds: endings that the file's name may have; what: it is, for sentences.
    """
    if path.suffix.lower() not in kinds:
        raise Mistake(f"A {what} is written as {', '.join(kinds)}, not as {path.name[:80]!r}: choose another --out.")
    try:
        place = next((parent for parent in path.parents if parent.exists()), path)
        if path.is_dir() or not place.is_dir() or not os.access(place, os.W_OK):
            raise Mistake(f"{path} cannot be written: choose a file in a folder of yours with --out.")
        if path.exists() and os.path.lexists(source) and path.samefile(source):
            raise Mistake(f"{path} is the {what} itself and would be lost: choose another file with --out.")
    except OSError as error:
        raise Mistake(
            f"There can be no file {str(path)[:80]!r} ({error.strerror}): choose another with --out."
        ) from None


def write_picture(path: Path, frame: Frame) -> None:
    """The frame in the form that the file's name asks for. Raises Mistake for a place where nothing can be written."""
    kind, into = KINDS[path.suffix.lower()], io.BytesIO()
    options = {} if kind == "PNG" else {"quality": 92}
    try:
        Image.fromarray(frame.pixels).save(into, kind, **options)
    except (OSError, ValueError) as error:
        raise Mistake(f"{path} cannot hold this picture ({error}): choose a .png file.") from None
    try:
        write_whole(path, into.getvalue())
    except Failure as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno in FULL:
            raise
        raise Mistake(str(error)) from error
