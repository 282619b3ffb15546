"""A file from anyone as bytes, once it is known to be an ordinary file and not to be too large."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from explorer.errors import Mistake

Source = str | os.PathLike[str] | bytes


def shown_name(source: Source, name: str | None = None) -> str:
    """A file's name fit for a sentence: its printable characters, at most 60 of them; "" for bytes without a name."""
    if name is None:
        name = "" if isinstance(source, bytes) else Path(source).name
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name).strip()
    return clean[:40] + "…" + clean[-19:] if len(clean) > 60 else clean


@contextmanager
def ordinary(source: str | os.PathLike[str], who: str, what: str, refusal: type[Mistake]) -> Iterator[tuple[Path, int]]:
    """An ordinary file's path and how many bytes it has; what goes wrong with it inside is a sentence too.

    who, what: as in `bytes_of`. Raises `refusal`.
    """
    try:
        path = Path(source)
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            raise refusal(f"{who} is a folder: give the path of one {what} in it.")
        if not stat.S_ISREG(about.st_mode):
            raise refusal(f"{who} is a device or a pipe: give the path of an ordinary file.")
        yield path, about.st_size
    except FileNotFoundError as error:
        raise refusal(f"There is no file {who}: check the path.") from error
    except PermissionError as error:
        raise refusal(f"{who} may not be read by this user: change its permissions or copy it.") from error
    except ValueError as error:
        raise refusal(f"{who} has a character in its path that no path may have: check the path.") from error
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise refusal(f"{who} cannot be opened ({reason}): check the path.") from error


def bytes_of(
    source: Source, most: int, who: str, what: str = "picture", refusal: type[Mistake] = Mistake, smaller: str = ""
) -> bytes:
    """All of it: a pipe or a device would never end.

    most: bytes; who: what sentences call the file; what: what it is to be; smaller: what to do where it is too large.
    Raises `refusal` with one sentence.
    """
    too_large = f"the limit is {most / 1e6:g} MB: {smaller or 'make it smaller and give that'}."
    if isinstance(source, bytes):
        if len(source) > most:
            raise refusal(f"{who} has {len(source) / 1e6:.1f} MB and {too_large}")
        return source
    if not os.fspath(source):
        raise refusal(f"No {what} is named: give the path of one.")
    with ordinary(source, who, what, refusal) as (path, size):
        if size > most:
            raise refusal(f"{who} has {size / 1e6:.1f} MB and {too_large}")
        with path.open("rb") as file:
            data = file.read(most + 1)
    if len(data) > most:
        raise refusal(f"{who} has grown past {too_large}")
    return data
