"""Layers over a picture as pixels: what the stage shows, for the command line, slides and downloads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import singledispatch

import cv2
import numpy as np
from numpy.typing import NDArray

from explorer.drawing.canvas import Canvas, Cover
from explorer.drawing.layers import (
    Arrows,
    Box,
    Boxes,
    DragBox,
    Grid,
    HeatMap,
    LabelMap,
    Layer,
    Pane,
    Points,
    Texts,
    View,
)
from explorer.drawing.letters import cut, letters
from explorer.drawing.nms import nms
from explorer.drawing.palette import RGB, heat_colours
from explorer.records.frame import Frame

OPACITY = 0.55
"""Of label maps and heat maps, until a slider is moved."""
INK: RGB = (24, 24, 32)
WHITE: RGB = (255, 255, 255)
PAPER = 250
GRID_OPACITY, GRID_SHADE, RIM = 0.7, 0.35, 0.6
DASH = 4
"""Strokes that one dash is long."""
CROWD = 40
"""So many labels at most; above half of it, only those that cover no other. The stage has the same."""
DEPTH = 4
"""A label whose box's edges are taken may lie so many rows down in it. The stage has the same."""


def paint(frame: Frame, pane: Pane, opacity: float = OPACITY, scale: int = 1) -> Frame:
    """The pane's picture, `frame` where it has none, with its layers over it; sliders stand where they start.

    scale: every pixel becomes scale x scale, lines and letters keep their share of the picture; for small ones.
    """
    picture = frame if pane.picture is None else _stretched(pane.picture, frame)
    canvas = Canvas(picture.pixels, scale)
    for layer in pane.layers:
        _draw(layer, canvas, opacity)
    return replace(picture, pixels=canvas.pixels, truth=None)


def _stretched(picture: Frame, over: Frame) -> Frame:
    """As large as `over`, each pixel a flat rectangle."""
    if picture.size == over.size:
        return picture
    rows, columns = (np.arange(side) * of // side for side, of in zip(over.size, picture.size, strict=True))
    return replace(picture, pixels=picture.pixels[rows][:, columns], truth=None)


def paint_view(frame: Frame, view: View, opacity: float = OPACITY, scale: int = 1) -> Frame:
    """The panes side by side on light paper, their titles above them. Raises ValueError for another picture's view."""
    if view.picture != frame.id:
        raise ValueError(f"layers of {view.picture} were to be painted over {frame.id}")
    painted = [paint(frame, pane, opacity, scale).pixels for pane in view.panes]
    titles = [pane.title for pane in view.panes]
    first = Canvas(painted[0])
    gap = 0 if len(painted) == 1 else 4 * first.stroke
    size = round(first.text * 1.15)
    head = round(size * 1.7) if any(titles) else 0
    height, width = max(len(one) for one in painted), sum(one.shape[1] + gap for one in painted) - gap
    paper = Canvas(np.full((head + height, width, 3), PAPER, np.uint8))
    x = 0
    for title, pixels in zip(titles, painted, strict=True):
        paper.pixels[head : head + len(pixels), x : x + pixels.shape[1]] = pixels
        if title:
            words = letters(cut(title, size, pixels.shape[1] - size), size)
            paper.mask((head - len(words)) // 2, x + size // 2, words, INK)
        x += pixels.shape[1] + gap
    return replace(frame, pixels=paper.pixels, truth=None)


@singledispatch
def _draw(layer: Layer, canvas: Canvas, opacity: float) -> None:
    raise TypeError(f"no way is known to paint a {type(layer).__name__}")


@_draw.register
def _(layer: Boxes, canvas: Canvas, opacity: float) -> None:
    shown = [int(i) for i in _shown(layer) if np.isfinite(layer.boxes[i]).all()]
    colours = layer.colours * len(layer.boxes) if len(layer.colours) == 1 else layer.colours
    places: list[Box] = [tuple(box) for box in layer.boxes.tolist()]
    for i in reversed(shown):  # the best on top
        canvas.ring(places[i], INK, 2 * canvas.stroke, opacity=RIM)  # or yellow is lost on yellow
        canvas.ring(places[i], colours[i], canvas.stroke, DASH * canvas.stroke if layer.dashed else 0)
    taken: list[Box] = []
    for i in shown[:CROWD]:
        name = layer.labels[i] if layer.labels else ""
        score = f"{layer.scores[i]:.0%}" if layer.scores is not None else ""
        if name or score:
            _chip(canvas, f"{name} {score}", places[i], colours[i], taken, len(shown) <= CROWD // 2)


def _shown(layer: Boxes) -> NDArray[np.int64]:
    """Indices of the boxes that the sliders leave, the best first."""
    kept = np.arange(len(layer.boxes))
    if layer.scores is None:
        return kept
    if layer.score is not None:
        kept = kept[layer.scores >= np.float32(layer.score)]
    if layer.iou is None:
        return kept
    groups = np.zeros(len(layer.boxes), np.int64) if layer.groups is None else layer.groups
    return kept[nms(layer.boxes[kept], layer.scores[kept], groups[kept], layer.iou)]


def _chip(canvas: Canvas, text: str, place: Box, colour: RGB, taken: list[Box], always: bool) -> None:
    """A filled label at a box, inside the picture, where it covers no label in `taken`; joins them.

    always: drawn even where it covers one.
    """
    x0, y0, x1, y1 = (value * canvas.scale for value in place)
    if x1 <= 0 or y1 <= 0 or x0 >= canvas.width or y0 >= canvas.height:
        return
    pad = max(1, canvas.text // 4)
    words = letters(cut(text, canvas.text, canvas.width - 2 * pad), canvas.text)
    tall, wide = words.shape[0], words.shape[1] + 2 * pad
    if not words.size:
        return
    half = canvas.stroke / 2
    left, right = x0 - half, x1 + half - wide
    above, below, top, bottom = y0 - half - tall, y1 + half, y0 - half, y1 + half - tall
    wanted = [(left, above), (right, above), (left, below), (right, below), (left, top), (right, top), (left, bottom)]
    deeper = [top + row * (tall + canvas.stroke) for row in range(1, DEPTH + 1)]
    wanted += [(x, y) for y in deeper if y < bottom for x in (left, right)]
    spots = [
        (round(min(max(x, 0), canvas.width - wide)), round(min(max(y, 0), canvas.height - tall))) for x, y in wanted
    ]
    boxes: list[Box] = [(x, y, x + wide, y + tall) for x, y in spots]
    spot = next((box for box in boxes if not _hits(box, taken)), boxes[0] if always else None)
    if spot is None:
        return
    taken.append(spot)
    canvas.bar(spot, colour)
    canvas.mask(int(spot[1]), int(spot[0]) + pad, words, _readable_on(colour))


def _hits(box: Box, others: Sequence[Box]) -> bool:
    return any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in others)


def _readable_on(colour: RGB) -> RGB:
    return INK if 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] > 128 else WHITE


@_draw.register
def _(layer: LabelMap, canvas: Canvas, opacity: float) -> None:
    rows, columns = _cells(canvas, layer.place, layer.labels.shape)
    labels = layer.labels[np.ix_(rows.index, columns.index)]
    table, drawn = np.zeros((256, 3), np.uint8), np.zeros(256, np.float32)
    for index, colour in layer.colours.items():
        table[index], drawn[index] = colour, opacity
    if 0 <= layer.void < 256:
        drawn[layer.void] = 0
    canvas.blend(rows.first, columns.first, drawn[labels], table[labels])


@_draw.register
def _(layer: HeatMap, canvas: Canvas, opacity: float) -> None:
    rows, columns = _cells(canvas, layer.place, layer.values.shape)
    whole = np.clip(layer.values, layer.low, layer.high)
    values = whole[np.ix_(rows.index, columns.index)]
    known = ~np.isnan(values)
    if layer.smooth and values.size:
        values = _between(whole, rows.at, columns.at)
    share = (np.where(known, values, layer.low) - layer.low) / (layer.high - layer.low or 1)
    steps = np.rint(share * 255).astype(np.uint8)
    canvas.blend(rows.first, columns.first, known * np.float32(opacity), heat_colours()[steps])


class _Along:
    """Drawn pixels along one side whose middles lie in a region: the first of them; where each is, in cells."""

    def __init__(self, low: float, high: float, cells: int, scale: int, count: int) -> None:
        middles = (np.arange(count) + 0.5) / scale
        inside = np.flatnonzero((middles >= low) & (middles < high) & (cells > 0))
        self.first = int(inside[0]) if len(inside) else 0
        self.at = (middles[inside] - low) / (high - low or 1) * cells
        self.index = np.minimum(self.at.astype(np.int64), cells - 1)


def _cells(canvas: Canvas, place: Box | None, shape: tuple[int, ...]) -> tuple[_Along, _Along]:
    x0, y0, x1, y1 = place or (0, 0, canvas.width / canvas.scale, canvas.height / canvas.scale)
    return (
        _Along(y0, y1, shape[0], canvas.scale, canvas.height),
        _Along(x0, x1, shape[1], canvas.scale, canvas.width),
    )


def _between(values: NDArray[np.float32], rows: NDArray[np.float64], columns: NDArray[np.float64]) -> Cover:
    """Bilinear between the middles of the cells that hold a number."""
    known = ~np.isnan(values)
    planes = np.stack([np.where(known, values, 0), known]).astype(np.float64)
    for axis, at in ((1, rows), (2, columns)):
        place = np.clip(at - 0.5, 0, planes.shape[axis] - 1)
        low = place.astype(np.int64)
        high = np.minimum(low + 1, planes.shape[axis] - 1)
        share = (place - low)[:, None] if axis == 1 else place - low
        planes = planes.take(low, axis) * (1 - share) + planes.take(high, axis) * share
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(planes[0] / planes[1], np.float32)


@_draw.register
def _(layer: Grid, canvas: Canvas, opacity: float) -> None:
    if layer.bare:
        return
    x0, y0, x1, y1 = layer.place
    room = min((x1 - x0) / max(1, layer.columns), (y1 - y0) / max(1, layer.rows)) * canvas.scale
    if room > 8 * canvas.stroke:  # light lines are lost on a light picture
        canvas.lattice(layer.place, layer.rows, layer.columns, INK, canvas.stroke * 1.25, GRID_SHADE)
    canvas.lattice(layer.place, layer.rows, layer.columns, layer.colour, max(1, canvas.stroke / 2), GRID_OPACITY)


@_draw.register
def _(layer: Points, canvas: Canvas, opacity: float) -> None:
    size = 4 * canvas.stroke + 1
    for x, y in layer.points.tolist():
        canvas.line((x, y), (x, y), size + 2 * canvas.stroke, INK)
        canvas.line((x, y), (x, y), size, layer.colour)
    for (x, y), label in zip(layer.points.tolist(), layer.labels, strict=False):
        away = (size + canvas.text // 2) / canvas.scale
        _words(canvas, x + away, y, label, layer.colour, centred=False)


@_draw.register
def _(layer: Arrows, canvas: Canvas, opacity: float) -> None:
    for x0, y0, x1, y1 in layer.arrows.tolist():
        dx, dy = x1 - x0, y1 - y0
        length = float(np.hypot(dx, dy))
        head = min(6 * canvas.stroke / canvas.scale, length / 2) / (length or 1)
        barbs = [
            (x1 - head * (dx * 0.87 + side * dy * 0.5), y1 - head * (dy * 0.87 - side * dx * 0.5)) for side in (-1, 1)
        ]
        for width, colour in ((3 * canvas.stroke, INK), (canvas.stroke, layer.colour)):
            for start in ((x0, y0), *barbs):
                canvas.line(start, (x1, y1), width, colour)


@_draw.register
def _(layer: Texts, canvas: Canvas, opacity: float) -> None:
    for x, y, text in layer.texts:
        _words(canvas, x, y, text, layer.colour)


def _words(canvas: Canvas, x: float, y: float, text: str, colour: RGB, centred: bool = True) -> None:
    """Words with an outline that stands off, their centre or the middle of their left side at (x, y).

    Those about a place in the picture are moved wholly into it.
    """
    x_px, y_px = x * canvas.scale, y * canvas.scale
    if not (0 <= x_px <= canvas.width and 0 <= y_px <= canvas.height):
        return
    rim = max(1, canvas.text // 8)
    words = np.pad(letters(text, canvas.text), rim)
    tall, wide = words.shape
    left = max(min(round(x_px - (wide / 2 if centred else 0)), canvas.width - wide), 0)
    top = max(min(round(y_px - tall / 2), canvas.height - tall), 0)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rim + 1, 2 * rim + 1))
    canvas.mask(top, left, np.asarray(cv2.dilate(words, disc), np.uint8), _readable_on(colour))
    canvas.mask(top, left, words, colour)


@_draw.register
def _(layer: DragBox, canvas: Canvas, opacity: float) -> None:
    canvas.ring(layer.box, INK, 2 * canvas.stroke, opacity=RIM)
    canvas.ring(layer.box, layer.colour, canvas.stroke)
    x0, y0, x1, y1 = layer.box
    if not np.isfinite(layer.box).all():
        return
    half = 2 * canvas.stroke
    for x in (x0, (x0 + x1) / 2, x1):
        for y in (y0, (y0 + y1) / 2, y1):
            if (x, y) != ((x0 + x1) / 2, (y0 + y1) / 2):
                at = x * canvas.scale, y * canvas.scale
                for size, colour in ((half + canvas.stroke, INK), (half, layer.colour)):
                    canvas.bar((at[0] - size, at[1] - size, at[0] + size, at[1] + size), colour)
