"""What the three kinds of annotation files have in common: things, and how a stranger's numbers and names are read."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.class_names import MOST_LETTERS
from explorer.errors import Mistake, shown
from explorer.records.frame import Size

MOST_THINGS = 10_000
MOST_PIXELS = 999_999_999
"""Of a side."""
Edges = tuple[float, float, float, float]
_NUMBER = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})(e[+-]?[0-9]{1,2})?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Thing:
    """One annotated thing: its class, x0 y0 x1 y1 in pixels of the picture its file is about, and whether it counts."""

    name: str
    edges: Edges
    counts: bool = True


@dataclass(frozen=True)
class Annotated:
    """What a file says of one picture.

    kind: of the file; things: in its order; size: (height, width) that the picture has by it, None where it says none;
    notes: how it was read, in words.
    """

    kind: str
    things: Sequence[Thing]
    size: Size | None = None
    notes: tuple[str, ...] = ()


def number(text: str, where: str) -> float:
    """A finite number written in plain digits. Raises Mistake that says where."""
    if _NUMBER.fullmatch(text):
        return float(text)
    raise Mistake(f"{where} has {told(text)} where a finite number belongs: write one there.")


def class_name(text: object, where: str) -> str:
    """A name fit for a page. Raises Mistake that says where."""
    name = text.strip() if isinstance(text, str) else ""
    if name and name.isprintable() and len(name) <= MOST_LETTERS:
        return name
    raise Mistake(f"{where} has {told(text)} for its class: write a name of 1 to {MOST_LETTERS} plain letters.")


def edges(x0: float, y0: float, x1: float, y1: float, where: str) -> Edges:
    """The four, where they are finite and in order. Raises Mistake that says where."""
    if not all(math.isfinite(edge) for edge in (x0, y0, x1, y1)):
        raise Mistake(f"{where} has a box that is not finite: write its four numbers.")
    if x1 < x0 or y1 < y0:
        raise Mistake(
            f"{where} has a box of negative size ({x1 - x0:.5g} x {y1 - y0:.5g}): write its corners in order."
        )
    return x0, y0, x1, y1


def room(things: int, who: str) -> None:
    """Raises Mistake where there are more things than are judged."""
    if things > MOST_THINGS:
        raise Mistake(f"{who} has more than {MOST_THINGS:,} boxes for one picture: give those that matter.")


def told(value: object) -> str:
    """A stranger's value in a sentence; no more than its kind where it holds others."""
    if value is None or value == "":
        return "nothing"
    plain = isinstance(value, str | int | float)
    return f"'{shown(str(value)[:80])}'" if plain else f"a {type(value).__name__}"
