"""An annotation file of any of three kinds, told by its content, becomes the truth about one picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer.errors import Mistake
from explorer.records.frame import Size
from explorer.records.truth import Truth
from explorer.sources import kinds
from explorer.sources.annotations.coco import read_coco
from explorer.sources.annotations.thing import Annotated
from explorer.sources.annotations.voc import read_voc
from explorer.sources.annotations.yolo import read_yolo
from explorer.sources.whole_file import Source, bytes_of, shown_name

MOST_BYTES, MOST_JSON_BYTES = 1_000_000, 20_000_000
READ = "VOC XML, YOLO text and COCO JSON"
_LEAST_CUT_PX = 1.0


def read_annotation(
    source: Source, size: Size, picture: str = "", names: Sequence[str] = (), name: str | None = None
) -> Truth:
    """What really is in a picture, from VOC XML, YOLO text or COCO JSON: a path, or the file's bytes.

    size: (height, width) of the picture; picture: its file's name, by which one of COCO's many is chosen; names: of the
    classes that YOLO's numbers stand for; name: what sentences call bytes. Boxes are cut at the picture's edges, and
    those with nothing inside are left out; a file about the same picture in another size is scaled: what was done is in
    the truth's notes. Raises Mistake with one sentence for everything else.
    """
    who = shown_name(source, name) or "annotation"
    annotated = _parsed(_text(source, who), who, size, picture, names)
    across, down, scaled = _scales(annotated.size, size, who)
    height, width = size
    whole = np.array([thing.edges for thing in annotated.things], np.float64).reshape(-1, 4)
    whole = whole * (across, down, across, down)
    inside = np.clip(whole, 0, (width, height, width, height)).astype(np.float32)
    kept = np.all(inside[:, 2:] > inside[:, :2], axis=1)
    cut = kept & (np.abs(whole - inside) >= _LEAST_CUT_PX).any(axis=1)
    notes = [*annotated.notes, *scaled, *_left_out(int(cut.sum()), int((~kept).sum()))]
    things = [thing for thing, stays in zip(annotated.things, kept.tolist(), strict=True) if stays]
    if not things:
        notes.append("it says that nothing is in this picture")
    return Truth(
        inside[kept],
        tuple(thing.name for thing in things),
        np.array([thing.counts for thing in things], bool),
        f"{who} ({annotated.kind})",
        tuple(notes),
    )


def _text(source: Source, who: str) -> str:
    """Raises Mistake for what is empty, too large, or no text."""
    data = bytes_of(source, MOST_JSON_BYTES, who, "annotation", smaller="give one of fewer pictures")
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise Mistake(f"{who} is an empty file: give one that says what is in the picture.")
    if head[:1] != b"{" and len(data) > MOST_BYTES:
        raise Mistake(
            f"{who} has {len(data) / 1e6:.1f} MB and the limit is {MOST_BYTES / 1e6:g} MB: give a smaller one."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        kind = kinds.kind_of(data)
        what = f"a {kind.name}" if kind.read else kind.name
        what = what if what.startswith(("a ", "an ")) else "no UTF-8 text"
        raise Mistake(f"{who} is {what}, and annotations are {READ}: give one of those.")
    return text


def _parsed(text: str, who: str, size: Size, picture: str, names: Sequence[str]) -> Annotated:
    first = text.lstrip()[:1]
    if first == "<":
        return read_voc(text, who)
    if first in ("{", "["):
        return read_coco(text, who, picture)
    if first.isascii() and first.isdigit():
        return read_yolo(text, who, size, names)
    raise Mistake(f"{who} is none of {READ}: give one of those.")


def _scales(said: Size | None, size: Size, who: str) -> tuple[float, float, tuple[str, ...]]:
    """Factors along x and y from the picture that the file is about to this one, and what to say of them."""
    if said is None or said == size:
        return 1.0, 1.0, ()
    down, across = size[0] / said[0], size[1] / said[1]
    if abs(said[0] * across - size[0]) > max(1.0, 0.01 * size[0]):
        raise Mistake(
            f"{who} is about a picture of {said[1]} x {said[0]} pixels and this one has {size[1]} x {size[0]}: give "
            "the annotation of this picture."
        )
    return across, down, (f"scaled from its {said[1]} x {said[0]} pixels to the picture's {size[1]} x {size[0]}",)


def _left_out(cut: int, gone: int) -> list[str]:
    notes = []
    if cut:
        notes.append(f"{_boxes(cut)} past the picture's edge, cut there")
    if gone:
        notes.append(f"{_boxes(gone)} with nothing inside the picture, left out")
    return notes


def _boxes(count: int) -> str:
    return "1 box" if count == 1 else f"{count:,} boxes"
