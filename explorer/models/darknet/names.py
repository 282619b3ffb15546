"""What a Darknet network calls its classes: a .names file, which may come from anyone."""

from __future__ import annotations

from pathlib import Path

from explorer.class_names import names_in
from explorer.errors import Mistake, shown

MOST_BYTES = 1_000_000


def read_names(path: Path, classes: int) -> tuple[str, ...]:
    """The names of so many classes from a file in UTF-8, one a line; empty lines at its end do not count.

    Raises Mistake with one sentence that names the line.
    """
    name = shown(path.name, 80)
    names = names_in(_text(path, name), name)
    if len(names) != classes:
        raise Mistake(
            f"{name} has {len(names):,} names and the network tells {classes:,} classes apart: give the names of "
            "this cfg's classes."
        )
    return names


def _text(path: Path, name: str) -> str:
    try:
        if not path.is_file():
            raise Mistake(f"There is no names file at {shown(str(path), 300)}: check the name.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError:
        raise Mistake(f"The names file {name} cannot be read: check its name and its rights.") from None
    if len(data) > MOST_BYTES:
        raise Mistake(f"{name} has more than {MOST_BYTES:,} bytes, no names file does: give a name a line.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Mistake(f"{name} is not UTF-8 text on line {line}: save it as UTF-8, a name a line.") from None
