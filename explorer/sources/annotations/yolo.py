"""YOLO's text: a thing a line, its class's number, then centre and size as parts of the picture's.

github.com/AlexeyAB/darknet, "How to train (to detect your custom objects)".
"""

from __future__ import annotations

from collections.abc import Sequence

from explorer.class_names import COCO
from explorer.errors import Mistake, shown
from explorer.records.frame import Size
from explorer.sources.annotations.thing import Annotated, Thing, edges, number, room

_WANTED = "class cx cy w h, the last four as parts of the picture from 0 to 1"


def read_yolo(text: str, who: str, size: Size, names: Sequence[str]) -> Annotated:
    """The things of one picture of that (height, width); empty lines are passed over.

    Class numbers count in `names` where all of them have one there, else in COCO's 80 where all have, and are "class 3"
    otherwise. Raises Mistake that names the line.
    """
    lines = [(at, line.split()) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    room(len(lines), who)
    read = [_line(parts, f"Line {at} of {who}") for at, parts in lines]
    most = max((label for label, *_ in read), default=-1)
    called, note = _names(most, names)
    height, width = size
    things = [
        Thing(
            called[label] if called else f"class {label}",
            edges(
                (cx - w / 2) * width, (cy - h / 2) * height, (cx + w / 2) * width, (cy + h / 2) * height,
                f"Line {at} of {who}",
            ),
        )
        for (at, _), (label, cx, cy, w, h) in zip(lines, read, strict=True)
    ]  # fmt: skip
    return Annotated("YOLO", things, None, (note,) if note else ())


def _line(parts: list[str], where: str) -> tuple[int, float, float, float, float]:
    if len(parts) != 5:
        what = "a polygon" if len(parts) > 6 else f"{len(parts)} values"
        raise Mistake(f"{where} has {what}: write {_WANTED}.")
    if not (parts[0].isascii() and parts[0].isdigit() and len(parts[0]) <= 6):
        raise Mistake(f"{where} has '{shown(parts[0])}' for its class: write its number, from 0 up.")
    cx, cy, w, h = (number(part, where) for part in parts[1:])
    if not all(-1 <= value <= 2 for value in (cx, cy, w, h)):
        raise Mistake(f"{where} has numbers that are no parts of a picture, perhaps pixels: write {_WANTED}.")
    return int(parts[0]), cx, cy, w, h


def _names(most: int, names: Sequence[str]) -> tuple[Sequence[str], str]:
    """The names that numbers up to `most` have, and what to say of them."""
    if most < len(names):
        return names, ""
    beside = f"there are {len(names)} names, which is too few, so " if names else ""
    if most < len(COCO):
        return COCO, f"{beside}class numbers are read as those of COCO's 80 names"
    return (), f"{beside}class numbers have no names here"
