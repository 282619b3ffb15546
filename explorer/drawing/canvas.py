"""Marks on pixels, each pixel blended by the share of it that is covered, so that half pixels are true.

OpenCV's own anti-aliased lines and discs spread: a line 1 px wide covers 3, a disc of radius 3 is drawn with 3.6.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from explorer.drawing.layers import Box
from explorer.drawing.palette import RGB
from explorer.records.frame import Pixels

Cover = NDArray[np.float32]


class Canvas:
    """A copy of a picture, every pixel `scale` x `scale`, to draw on. Places are in pixels of the original picture.

    pixels: uint8 (h, w, 3); stroke: width of a line, text: height of letters, both in drawn pixels and by the size of
    the picture, so that all pictures look alike on one screen. What lies outside is cut; what is no number is left out.
    """

    def __init__(self, pixels: Pixels, scale: int = 1) -> None:
        self.pixels = np.repeat(np.repeat(pixels, scale, axis=0), scale, axis=1)
        self.scale = scale
        self.height, self.width = self.pixels.shape[:2]
        short = min(self.height, self.width)
        self.stroke = max(1, round(short / 240))
        self.text = max(12, round(short / 30))

    def blend(self, y: int, x: int, cover: Cover, colour: RGB | NDArray[np.uint8]) -> None:
        """Mix in one colour, or uint8 (rows, columns, 3), by cover (rows, columns) in [0, 1], from pixel (y, x) on."""
        rows, columns = cover.shape
        region = self.pixels[y : y + rows, x : x + columns]
        share = cover[:, :, None]
        region[:] = np.rint(region * (1 - share) + np.asarray(colour, np.float32) * share)

    def bar(self, box: Box, colour: RGB, opacity: float = 1.0) -> None:
        """A filled rectangle, in drawn pixels."""
        y, rows = _span(box[1], box[3], self.height)
        x, columns = _span(box[0], box[2], self.width)
        self.blend(y, x, _outer(rows, columns) * np.float32(opacity), colour)

    def mask(self, y: int, x: int, cover: NDArray[np.uint8], colour: RGB) -> None:
        """A shape given by its cover in 255ths, its first pixel at (y, x) of the drawn ones, perhaps outside."""
        top, left = max(-y, 0), max(-x, 0)
        part = cover[top : max(self.height - y, 0), left : max(self.width - x, 0)]
        if part.size:
            self.blend(y + top, x + left, np.asarray(part / 255, np.float32), colour)

    def ring(self, box: Box, colour: RGB, stroke: float, dash: float = 0.0, opacity: float = 1.0) -> None:
        """A rectangle's outline, the lines' middle on its edges; an edge on the picture's border is moved inside.

        stroke, dash: the lines' width and, where they have gaps, about the length of a dash, in drawn pixels.
        """
        if not all(map(math.isfinite, box)):
            return
        half = stroke / 2
        xs = [_inside(x * self.scale, half, self.width) for x in sorted((box[0], box[2]))]
        ys = [_inside(y * self.scale, half, self.height) for y in sorted((box[1], box[3]))]
        left, columns = _span(xs[0] - half, xs[1] + half, self.width)
        top, rows = _span(ys[0] - half, ys[1] + half, self.height)
        hole_x = _covered(xs[0] + half, xs[1] - half, left, len(columns))
        hole_y = _covered(ys[0] + half, ys[1] - half, top, len(rows))
        dash_x = _dashes(xs, left, len(columns), dash) if dash else np.ones_like(columns)
        dash_y = _dashes(ys, top, len(rows), dash) if dash else np.ones_like(rows)
        # only the four strips that hold a line are blended: a box may be the whole of a large picture
        upper, lower = _solid(hole_y)
        before, after = _solid(hole_x)
        whole, middle = slice(0, len(columns)), slice(upper, lower)
        for r, c in (
            (slice(0, upper), whole),
            (slice(lower, len(rows)), whole),
            (middle, slice(0, before)),
            (middle, slice(after, len(columns))),
        ):
            cover = _outer(rows[r], columns[c]) - _outer(hole_y[r], hole_x[c])
            cover *= dash_y[r, None] if r is middle else dash_x[None, c]
            self.blend(top + r.start, left + c.start, cover * np.float32(opacity), colour)

    def line(self, start: tuple[float, float], end: tuple[float, float], width: float, colour: RGB) -> None:
        """A line with round ends; a disc where it has no length. width: in drawn pixels."""
        if not all(map(math.isfinite, (*start, *end))):
            return
        (ax, ay), (bx, by) = ((x * self.scale, y * self.scale) for x, y in (start, end))
        reach = width / 2 + 0.5
        y, rows = _span(min(ay, by) - reach, max(ay, by) + reach, self.height)
        x, columns = _span(min(ax, bx) - reach, max(ax, bx) + reach, self.width)
        right = np.arange(x, x + len(columns))[None] + 0.5 - ax
        down = np.arange(y, y + len(rows))[:, None] + 0.5 - ay
        dx, dy = bx - ax, by - ay
        along = np.clip((right * dx + down * dy) / (dx * dx + dy * dy or 1), 0, 1)
        distance = np.hypot(right - along * dx, down - along * dy)
        self.blend(y, x, np.clip(reach - distance, 0, 1).astype(np.float32), colour)

    def lattice(self, place: Box, rows: int, columns: int, colour: RGB, stroke: float, opacity: float) -> None:
        """The lines that cut a rectangle into cells."""
        if not all(map(math.isfinite, place)):
            return
        x0, y0, x1, y1 = (value * self.scale for value in place)
        half = stroke / 2
        top, tall = _span(y0 - half, y1 + half, self.height)
        left, wide = _span(x0 - half, x1 + half, self.width)
        down, across = np.zeros_like(tall), np.zeros_like(wide)
        for edge in np.linspace(y0, y1, rows + 1):
            middle = _inside(float(edge), half, self.height)
            down = np.maximum(down, _covered(middle - half, middle + half, top, len(tall)))
        for edge in np.linspace(x0, x1, columns + 1):
            middle = _inside(float(edge), half, self.width)
            across = np.maximum(across, _covered(middle - half, middle + half, left, len(wide)))
        cover = np.maximum(_outer(down, wide), _outer(tall, across))
        self.blend(top, left, cover * np.float32(opacity), colour)


def _outer(rows: Cover, columns: Cover) -> Cover:
    return rows[:, None] * columns[None]


def _covered(low: float, high: float, first: int, count: int) -> Cover:
    """Float32 (count,): the share of each pixel, from `first` on, that lies between low and high."""
    starts = np.arange(first, first + count)
    share = np.minimum(starts + 1, high) - np.maximum(starts, low)
    return np.asarray(np.clip(share, 0, 1), np.float32)


def _span(low: float, high: float, count: int) -> tuple[int, Cover]:
    """First of the `count` pixels that are touched by [low, high], and how much of each is."""
    first = math.floor(min(max(low, 0), count))
    stop = math.ceil(min(max(high, first), count))
    return first, _covered(low, high, first, stop - first)


def _solid(hole: Cover) -> tuple[int, int]:
    """Where the pixels begin and end that lie wholly in the hole."""
    full = np.flatnonzero(hole == 1)
    return (int(full[0]), int(full[-1]) + 1) if len(full) else (len(hole), len(hole))


def _inside(edge: float, half: float, count: int) -> float:
    return min(max(edge, half), count - half) if 0 <= edge <= count else edge


def _dashes(ends: list[float], first: int, count: int, length: float) -> Cover:
    """Float32 (count,): 1 on a dash, 0 in a gap; as many that both corners have one."""
    pieces = int((ends[1] - ends[0]) / length) | 1
    share = (np.arange(first, first + count) + 0.5 - ends[0]) / (ends[1] - ends[0] or 1)
    piece = np.clip(np.floor(share * pieces), 0, pieces - 1)
    return np.asarray(piece % 2 == 0, np.float32)
