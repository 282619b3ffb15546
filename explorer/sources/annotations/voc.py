"""PASCAL VOC's XML, which ImageNet uses too: Everingham et al., IJCV 2010, and its development kit.

It counts pixels from 1, both ends within: a box from 1 to W covers all W pixels, so 1 is taken from the first corner.
"""

from __future__ import annotations

from xml.etree import ElementTree

from explorer.errors import Mistake, shown
from explorer.records.frame import Size
from explorer.sources.annotations.thing import MOST_PIXELS, Annotated, Thing, class_name, edges, number, room

MOST_DEEP = 32
_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_LEAVES = {"object/name": "name", "object/difficult": "difficult"} | {f"object/bndbox/{one}": one for one in _CORNERS}
_SIZE = {"size/height": "height", "size/width": "width"}


def read_voc(text: str, who: str) -> Annotated:
    """The objects of one annotation; what is difficult does not count; parts of objects are passed over.

    A file with a 0 among its corners counts from 0: its boxes are taken as they stand. Raises Mistake.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Mistake(f"{who} declares a document type, which no annotation needs: take that line out.")
    reader = _Reader(who)
    parser = ElementTree.XMLParser(target=reader)
    try:
        parser.feed(text)
        parser.close()
    except ElementTree.ParseError as error:
        raise Mistake(f"{who} is XML that is broken on line {error.position[0]:,}: save it again.") from None
    corners = [_corners(fields, f"Object {i} of {who}") for i, fields in enumerate(reader.objects, 1)]
    from_zero = any(x0 == 0 or y0 == 0 for x0, y0, *_ in corners)
    first = 0 if from_zero else 1
    things = [
        _thing(fields, (x0 - first, y0 - first, x1, y1), f"Object {i} of {who}")
        for i, (fields, (x0, y0, x1, y1)) in enumerate(zip(reader.objects, corners, strict=True), 1)
    ]
    notes = ("its boxes count pixels from 0, not from 1 as VOC's do, and are taken as they stand",)
    return Annotated("VOC", things, _size(reader.size, who), notes if from_zero else ())


class _Reader:
    """What the parser calls: it keeps the few texts that are wanted, and no tree."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.objects: list[dict[str, str]] = []
        self.size: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        self._text = []
        if len(self._path) > MOST_DEEP:
            raise Mistake(f"{self.who} nests more than {MOST_DEEP} elements, no annotation does: save it again.")
        if len(self._path) == 1 and tag != "annotation":
            raise Mistake(f"{self.who} is XML of <{shown(tag)}> and not of VOC's <annotation>: give one of those.")
        if self._path[1:] == ["object"]:
            self.objects.append({})
            room(len(self.objects), self.who)

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:
        place = "/".join(self._path[1:])
        self._path.pop()
        if place in _SIZE:
            self._keep(self.size, _SIZE[place], self.who)
        elif place in _LEAVES:
            self._keep(self.objects[-1], _LEAVES[place], f"Object {len(self.objects)} of {self.who}")
        self._text = []

    def close(self) -> None:
        pass

    def _keep(self, fields: dict[str, str], name: str, where: str) -> None:
        if name in fields:
            raise Mistake(f"{where} says its {name} twice: keep the right one.")
        fields[name] = "".join(self._text).strip()


def _corners(fields: dict[str, str], where: str) -> tuple[float, ...]:
    missing = [name for name in _CORNERS if name not in fields]
    if missing:
        raise Mistake(f"{where} has no {missing[0]}: write its box as {', '.join(_CORNERS)}.")
    return tuple(number(fields[name], where) for name in _CORNERS)


def _thing(fields: dict[str, str], corners: tuple[float, float, float, float], where: str) -> Thing:
    difficult = fields.get("difficult", "") or "0"
    if difficult not in ("0", "1"):
        raise Mistake(f"{where} has '{shown(difficult)}' for difficult: write 0 or 1.")
    return Thing(class_name(fields.get("name", ""), where), edges(*corners, where), difficult == "0")


def _size(fields: dict[str, str], who: str) -> Size | None:
    """What the file says, None where it is not said, or said as 0."""
    sides = [number(fields.get(name) or "0", f"The picture's {name} in {who}") for name in ("height", "width")]
    if not all(0 <= side <= MOST_PIXELS for side in sides):
        raise Mistake(f"{who} is about a picture of an impossible size: write its width and height in pixels.")
    height, width = (int(side) for side in sides)
    return (height, width) if height and width else None
