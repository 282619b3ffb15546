"""What a Darknet network calls its classes: a .names file, which may come from anyone, or the public lists.

COCO's 80: Lin et al., ECCV 2014, arXiv:1405.0312; VOC's 20: Everingham et al., IJCV 2010; both as Darknet spells them.
"""

from __future__ import annotations

from pathlib import Path

from explorer.errors import Mistake
from explorer.models.darknet.options import shown

MOST_BYTES = 1_000_000
MOST_LETTERS = 100

COCO = (
    *("person", "bicycle", "car", "motorbike", "aeroplane", "bus", "train", "truck", "boat", "traffic light"),
    *("fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow"),
    *("elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee"),
    *("skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard"),
    *("tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple"),
    *("sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "sofa"),
    *("pottedplant", "bed", "diningtable", "toilet", "tvmonitor", "laptop", "mouse", "remote", "keyboard"),
    *("cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors"),
    *("teddy bear", "hair drier", "toothbrush"),
)
VOC = (
    *("aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog"),
    *("horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor"),
)
_LISTS = {len(COCO): (COCO, "COCO's"), len(VOC): (VOC, "VOC's")}


def usual_names(classes: int) -> tuple[tuple[str, ...], str]:
    """Names for so many classes, and where they are from: "" where nobody named them."""
    return _LISTS.get(classes, (tuple(f"class {number}" for number in range(classes)), ""))


def read_names(path: Path, classes: int) -> tuple[str, ...]:
    """The names of so many classes from a file in UTF-8, one a line; empty lines at its end do not count.

    Raises Mistake with one sentence that names the line.
    """
    name = shown(path.name, 80)
    lines = [line.strip() for line in _text(path, name).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    for number, line in enumerate(lines, 1):
        if not line:
            raise Mistake(f"Line {number} of {name} is empty: a names file has one name a line.")
        if len(line) > MOST_LETTERS:
            raise Mistake(f"Line {number} of {name} has {len(line):,} letters: a name has {MOST_LETTERS} at most.")
        if not line.isprintable():
            raise Mistake(f"Line {number} of {name}, '{shown(line)}', holds what cannot be shown: write a plain name.")
    if len(lines) != classes:
        raise Mistake(
            f"{name} has {len(lines):,} names and the network tells {classes:,} classes apart: give the names of "
            "this cfg's classes."
        )
    return tuple(lines)


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
