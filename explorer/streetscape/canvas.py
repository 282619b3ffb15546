"""The raster: colour, semantic label and owner of every pixel, painted in step from one coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from explorer.records.scene import SEMANTIC, VOID
from explorer.streetscape.camera import Point2
from explorer.streetscape.palette import Colour

SHIFT = 4
COVERED = 128
LABEL = {name: index for index, name in enumerate(SEMANTIC)} | {"void": VOID}


@dataclass(frozen=True)
class Patch:
    """A painted thing before it is laid: rgba uint8 (h, w, 4), premultiplied, its first pixel at (left, top)."""

    left: int
    top: int
    rgba: NDArray[np.uint8]

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Pixels (h, w) at least half covered."""
        return self.rgba[..., 3] >= COVERED

    @property
    def whole(self) -> int:
        """Number of pixels at least half covered, in the frame and out of it."""
        return int(np.count_nonzero(self.rgba[..., 3] >= COVERED))

    def clip(self, width: int, height: int) -> tuple[slice, slice, NDArray[np.uint8]] | None:
        """Rows, columns and the part of the patch that lie in a frame, or None."""
        x0, y0 = max(self.left, 0), max(self.top, 0)
        x1, y1 = min(self.left + self.rgba.shape[1], width), min(self.top + self.rgba.shape[0], height)
        if x0 >= x1 or y0 >= y1:
            return None
        return slice(y0, y1), slice(x0, x1), self.rgba[y0 - self.top : y1 - self.top, x0 - self.left : x1 - self.left]


FAR = 1_000_000.0


def fixed(points: Sequence[Point2]) -> NDArray[np.int32]:
    """Points (n, 2) in pixels as whole sixteenths from pixel centres, as OpenCV counts, kept within its range."""
    return np.array(
        [
            (
                int(16 * (x if -FAR < x < FAR else FAR if x > 0 else -FAR) + 16_000_000.5) - 16_000_008,
                int(16 * (y if -FAR < y < FAR else FAR if y > 0 else -FAR) + 16_000_000.5) - 16_000_008,
            )
            for x, y in points
        ],
        np.int32,
    )


class Canvas:
    """The picture while it is painted."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.picture = np.zeros((height, width, 3), np.uint8)
        self.label = np.full((height, width), LABEL["sky"], np.uint8)
        self.owner = np.zeros((height, width), np.int32)

    def fill(self, polygon: Sequence[Point2], colour: Colour, label: str | None) -> None:
        """Fill a polygon of the backdrop; with a label the pixels take it, without they keep theirs."""
        self.fill_all([polygon], colour, label)

    def fill_all(self, polygons: Sequence[Sequence[Point2]], colour: Colour, label: str | None = None) -> None:
        """Fill polygons that do not overlap one another with one colour."""
        drawn = [fixed(polygon) for polygon in polygons if len(polygon) > 2]
        if drawn:
            cv2.fillPoly(self.picture, drawn, colour, cv2.LINE_AA, SHIFT)
            if label is not None:
                cv2.fillPoly(self.label, drawn, (LABEL[label],), cv2.LINE_8, SHIFT)

    def fill_fixed(self, polygons: NDArray[np.int32], colour: Colour, smooth: bool = True) -> None:
        """Fill polygons (n, corners, 2) given in sixteenths; labels stay."""
        if len(polygons):
            cv2.fillPoly(self.picture, list(polygons), colour, cv2.LINE_AA if smooth else cv2.LINE_8, SHIFT)

    def stroke(self, lines: Sequence[Sequence[Point2]], colour: Colour, width: int = 1) -> None:
        """Draw open lines on the backdrop; labels stay."""
        drawn = [fixed(line) for line in lines if len(line) > 1]
        if drawn:
            cv2.polylines(self.picture, drawn, False, colour, width, cv2.LINE_AA, SHIFT)

    def lay(self, patch: Patch, label: int, owner: int = 0) -> None:
        """Lay a patch over everything before it; pixels at least half covered take its label and owner."""
        part = patch.clip(self.width, self.height)
        if part is None:
            return
        rows, columns, rgba = part
        alpha = rgba[..., 3]
        blend(self.picture[rows, columns], rgba[..., :3], alpha)
        covered = alpha >= COVERED
        np.copyto(self.label[rows, columns], np.uint8(label), where=covered)
        np.copyto(self.owner[rows, columns], np.int32(owner), where=covered)


def blend(under: NDArray[np.uint8], over: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> None:
    """Paint premultiplied colour (h, w, 3) over a view of the picture, in place, in whole numbers."""
    rest = alpha.astype(np.uint16)
    rest += rest >> 7
    np.subtract(256, rest, out=rest)
    kept = under * rest[..., None]
    kept >>= 8
    np.add(kept.astype(np.uint8), over, out=under)
