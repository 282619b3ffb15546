"""The names that class numbers stand for, from a text file of a visitor's own."""

from __future__ import annotations

from explorer.class_names import names_in
from explorer.errors import Mistake
from explorer.sources.whole_file import Source, bytes_of, shown_name

MOST_BYTES = 1_000_000


def read_class_names(source: Source, name: str | None = None) -> tuple[str, ...]:
    """One name a line, in UTF-8, from a path or from the file's bytes; name: what sentences call bytes.

    Raises Mistake with one sentence.
    """
    who = shown_name(source, name) or "names"
    data = bytes_of(source, MOST_BYTES, who, "names file", smaller="give a name a line")
    try:
        names = names_in(data.decode("utf-8-sig"), who)
    except UnicodeDecodeError:
        raise Mistake(f"{who} is no UTF-8 text: save it as UTF-8, a name a line.") from None
    if not names:
        raise Mistake(f"{who} is empty: give a name a line.")
    return names
