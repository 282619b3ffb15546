"""What networks and annotators call their classes: the public lists, lists that come from anyone, and synonyms.

COCO's 80: Lin et al., ECCV 2014, arXiv:1405.0312; VOC's 20: Everingham et al., IJCV 2010; both as Darknet spells them.
"""

from __future__ import annotations

import re

from explorer.errors import Mistake, shown

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
_SYNONYMS = {
    "motorbike": "motorcycle",
    "aeroplane": "airplane",
    "sofa": "couch",
    "tvmonitor": "tv",
    "tv monitor": "tv",
    "diningtable": "dining table",
    "pottedplant": "potted plant",
    "trafficlight": "traffic light",
}


def usual_names(classes: int) -> tuple[tuple[str, ...], str]:
    """Names for so many classes, and where they are from: "" where nobody named them."""
    return _LISTS.get(classes, (tuple(f"class {number}" for number in range(classes)), ""))


def same_class(name: str) -> str:
    """One spelling for all names of a class, so that a network's and an annotator's can be compared.

    Small letters, and a blank for underscores and hyphens; then VOC's and Darknet's motorbike, aeroplane, sofa,
    tvmonitor, diningtable and pottedplant are COCO's motorcycle, airplane, couch, tv, dining table and potted plant,
    and trafficlight is traffic light. Every other name stands for itself.
    """
    plain = " ".join(re.split(r"[\s_-]+", name.strip().casefold()))
    return _SYNONYMS.get(plain, plain)


def names_in(text: str, file: str) -> tuple[str, ...]:
    """The names in a text, one a line; empty lines at its end do not count.

    file: what sentences call the text. Raises Mistake with one sentence that names the line.
    """
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    for number, line in enumerate(lines, 1):
        if not line:
            raise Mistake(f"Line {number} of {file} is empty: a names file has one name a line.")
        if len(line) > MOST_LETTERS:
            raise Mistake(f"Line {number} of {file} has {len(line):,} letters: a name has {MOST_LETTERS} at most.")
        if not line.isprintable():
            raise Mistake(f"Line {number} of {file}, '{shown(line)}', holds what cannot be shown: write a plain name.")
    return tuple(lines)
