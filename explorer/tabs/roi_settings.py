"""What the RoI panel's controls say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.frame import Size
from explorer.records.roi import Axis, Box, Roi, checked_box
from explorer.records.roi_features import STRONGEST
from explorer.records.roi_presets import BINS, MATRIX, PRESETS, Preset
from explorer.sources.matrix import matrix_of, text_of
from explorer.tabs import words

NUMBERS, SHIFT, PICTURES, HEADS = PARTS = ("numbers", "shift", "pictures", "heads")
FEWEST_BINS, MOST_BINS, MOST_SAMPLES = 2, 7, 16
MOST_SIDE = 64
"""Rows or columns of a matrix."""
LONGEST_LINK = 300
"""Letters of a matrix that a link has room for."""
FIRST_BOX = (0.21, 0.27, 0.64, 0.78)
"""Where a box lies on a picture before anybody drew one: left, top, right, bottom, as shares of its sides."""
LECTURE = text_of(np.array(MATRIX, np.float32))

_say = partial(words.say, "roi")


def box_text(box: Box) -> str:
    """As in 1, 2, 7, 7."""
    return ", ".join(f"{side:.6g}" for side in box)


def box_of(text: str) -> Box:
    """Four numbers parted by commas or spaces. Raises Mistake."""
    try:
        sides = tuple(float(part) for part in re.split(r"[,;\s]+", (text or "").strip(" ,;\n\t()[]")))
    except ValueError:
        sides = ()
    return checked_box(cast(Box, sides))


@dataclass(frozen=True)
class Settings:
    """What the controls say, as they say it.

    bin: ROW,COLUMN; the matrix and the boxes are text, `box` in cells of the matrix, `region` in pixels of the picture,
    empty before one was drawn; network, detector: MODEL or MODEL:WEIGHTS, empty for whichever knows; layer: a stride,
    empty for the last map; channel: a number or empty; cells: bins on a side, on pictures.
    """

    part: str = NUMBERS
    matrix: str = LECTURE
    box: str = box_text(PRESETS[0].box)
    bins: int = BINS
    samples: int = PRESETS[0].samples
    aligned: bool = False
    bin: str = "0,0"
    axis: Axis = "x"
    network: str = ""
    layer: str = ""
    channel: str = ""
    region: str = ""
    cells: int = MOST_BINS
    detector: str = ""

    def __post_init__(self) -> None:
        """A number that was wiped out is the default."""
        object.__setattr__(self, "bins", int(self.bins or Settings.bins))
        object.__setattr__(self, "samples", int(self.samples or 0))
        object.__setattr__(self, "cells", int(self.cells or Settings.cells))

    @property
    def on_matrix(self) -> bool:
        """Whether the box lies on the matrix and not on the picture."""
        return self.part in (NUMBERS, SHIFT)

    @property
    def side(self) -> int:
        """Bins on a side, of what is shown."""
        return self.bins if self.on_matrix else self.cells

    def numbers(self) -> NDArray[np.float32]:
        """The matrix. Raises Mistake."""
        matrix = matrix_of(self.matrix or "", _say("matrix"))
        if max(matrix.shape) > MOST_SIDE:
            rows, columns = matrix.shape
            raise Mistake(_say("too_large", most=MOST_SIDE, rows=rows, columns=columns))
        return matrix

    @property
    def question(self) -> Roi:
        """What is asked of the matrix. Raises Mistake."""
        return Roi(self.numbers(), box_of(self.box), self.bins, self.samples, 1.0, bool(self.aligned))

    @property
    def chosen(self) -> tuple[int, int]:
        """Row and column of the bin; the last ones there are, where there are fewer bins."""
        row, column = (int(part) for part in (self.bin or "0,0").split(","))
        return min(row, self.side - 1), min(column, self.side - 1)

    def on_picture(self, size: Size) -> Box:
        """The box on a picture (height, width): where none was drawn, or it lies on none of it, one in its middle.

        Raises Mistake.
        """
        height, width = size
        if (self.region or "").strip():
            x0, y0, x1, y1 = box_of(self.region)
            if x0 < width and y0 < height and x1 > 0 and y1 > 0:
                return x0, y0, x1, y1
        x0, y0, x1, y1 = FIRST_BOX
        return round(x0 * width, 1), round(y0 * height, 1), round(x1 * width, 1), round(y1 * height, 1)

    def wanted_channel(self) -> int:
        """Raises Mistake."""
        text = (self.channel or "").strip()
        if not text:
            return STRONGEST
        if not text.isascii() or not text.isdigit() or len(text) > 6:
            raise Mistake(_say("no_channel", got=text[:40]))
        return int(text)

    def preset(self) -> Preset | None:
        """The worked example that is set just now."""
        mine = self.question
        for preset in PRESETS:
            its = preset.question
            same = (mine.box, mine.bins, mine.samples, mine.aligned) == (its.box, its.bins, its.samples, its.aligned)
            if same and np.array_equal(mine.matrix, its.matrix):
                return preset
        return None

    def kept(self) -> str:
        """The matrix for a link: empty for the lecture's, and where it is too long."""
        text = text_of(self.question.matrix)
        return "" if text == LECTURE or len(text) > LONGEST_LINK else text
