"""A box on a matrix as two panes of the stage: the cells RoI Pool compares, the places RoI Align reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from explorer.drawing.layers import Arrows, Boxes, DragBox, Grid, HeatMap, Layer, Pane, Points, Texts, View
from explorer.drawing.palette import CLASSES, RGB
from explorer.records.frame import Frame, Size
from explorer.records.roi import Box, Poolings, Roi, RoiShift, Sampled

POOL, ALIGN, LARGEST, CHOSEN = CLASSES[9], CLASSES[1], CLASSES[6], (255, 255, 255)
GROUND: RGB = (44, 52, 59)
MARGIN = 0.6
WIDEST = 1.5
"""A cell is at most so many times as wide as high, or as high as wide."""
MOST_NUMBERS = 12
"""Rows or columns of cells whose numbers have room."""
MOST_DOTS, MOST_POINTS = 16, 200
DECIMALS = 3
"""Of a cell: what a dragged box is told in."""
HALF = 0.5
"""RoI Align's places count from the middle of cell 0, cells on the stage from its corner."""


@dataclass(frozen=True)
class Board:
    """Where a matrix lies on a picture: its upper left corner, and the size of one cell, in pixels."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def on(cls, size: Size, shape: tuple[int, ...]) -> Board:
        """In the middle of a picture (h, w), for a matrix (rows, columns), with room for a box that sticks out."""
        (height, width), (rows, columns) = size, shape
        across, down = width / (columns + 2 * MARGIN), height / (rows + 2 * MARGIN)
        across, down = min(across, WIDEST * down), min(down, WIDEST * across)
        return cls((width - columns * across) / 2, (height - rows * down) / 2, across, down)

    def pixels(self, cells: Iterable[float]) -> Box:
        """x0 y0 x1 y1 in pixels of the picture."""
        x0, y0, x1, y1 = cells
        return (*self.point(x0, y0), *self.point(x1, y1))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place in pixels of the picture."""
        return self.left + float(x) * self.width, self.top + float(y) * self.height

    def cells(self, pixels: Iterable[float]) -> Box:
        """x0 y0 x1 y1 in cells, as the page tells them: what is said is what is asked."""
        x0, y0, x1, y1 = pixels
        xs = (round((x - self.left) / self.width, DECIMALS) for x in (x0, x1))
        ys = (round((y - self.top) / self.height, DECIMALS) for y in (y0, y1))
        (x0, x1), (y0, y1) = xs, ys
        return x0, y0, x1, y1


def poolings_view(
    question: Roi, answer: Poolings, frame: Frame, chosen: tuple[int, int], events: tuple[str, str]
) -> View:
    """RoI Pool | RoI Align over a plain ground.

    question: at scale 1; chosen: row and column of a bin; events: under which the stage reports a moved box and a
    clicked bin.
    """
    board = Board.on(frame.size, question.matrix.shape)
    moved, picked = events
    below, above = _matrix(question, board), _numbers(question.matrix, board)
    box = DragBox("the box", board.pixels(question.box), moved)
    pool, align = _pool(answer, board, chosen, picked), _align(answer.align, board, chosen, picked)
    ground = Frame(np.full((1, 1, 3), GROUND, np.uint8))
    return View(
        frame.id,
        (
            Pane("RoI Pool: compares whole cells", (*below, *pool, *above, box), ground),
            Pane("RoI Align: reads between cells", (*below, *align, *above, box), ground),
        ),
    )


def with_path(view: View, question: RoiShift, frame: Frame) -> View:
    """The same, and how far and where to the box moves."""
    board = Board.on(frame.size, question.roi.matrix.shape)
    first, last = (np.array(board.pixels(question.box_at(step)), np.float32) for step in (0, question.steps))
    middles = [((box[:2] + box[2:]) / 2).tolist() for box in (first, last)]
    path: tuple[Layer, ...] = (
        Boxes("how the box moves", last[None], dashed=True),
        Arrows("how the box moves", np.array([[*middles[0], *middles[1]]], np.float32)),
    )
    return replace(view, panes=tuple(replace(pane, layers=(*pane.layers, *path)) for pane in view.panes))


def _matrix(question: Roi, board: Board) -> tuple[Layer, ...]:
    rows, columns = question.matrix.shape
    place = board.pixels((0, 0, columns, rows))
    low, high = float(question.matrix.min()), float(question.matrix.max())
    return HeatMap("the matrix", question.matrix, "", low, high, place), Grid("numbers", rows, columns, place)


def _numbers(matrix: NDArray[np.float32], board: Board) -> tuple[Layer, ...]:
    if max(matrix.shape) > MOST_NUMBERS:
        return ()
    texts = [(*board.point(x + HALF, y + HALF), brief(float(value))) for (y, x), value in np.ndenumerate(matrix)]
    return (Texts("numbers", tuple(texts)),)


def brief(value: float) -> str:
    """A number in as few letters as a cell has room for: .8, .12, 3.5, 120."""
    size = abs(value)
    if size and (size < 0.005 or size >= 1000):
        return f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e")
    text = f"{value:.{2 if size < 1 else 1 if size < 10 else 0}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("0.", ".", 1) if size < 1 and "." in text else text


def _pool(answer: Poolings, board: Board, chosen: tuple[int, int], picked: str) -> list[Layer]:
    pool = answer.pool
    row, column = chosen
    (left, right), (top, bottom) = pool.columns[column].tolist(), pool.rows[row].tolist()
    compared = [(left, top, right, bottom)] if left < right and top < bottom else []
    cells = [(x, y, x + 1, y + 1) for x, y in pool.largest[0].reshape(-1, 2).tolist() if x >= 0]
    return [
        *_bins("RoI Pool’s bins", pool.cuts_x, pool.cuts_y, board, POOL, picked),
        Boxes("the chosen bin", _placed(compared, board), colours=(CHOSEN,)),
        Boxes("largest in each bin", _placed(sorted(set(cells)), board), colours=(LARGEST,)),
    ]


def _align(align: Sampled, board: Board, chosen: tuple[int, int], picked: str) -> list[Layer]:
    row, column = chosen
    x, y = align.edges_x + HALF, align.edges_y + HALF
    places = [
        [board.point(*(place + HALF)) for place in each] for each in align.points.reshape(-1, *align.points.shape[2:])
    ]
    here = places.pop(row * len(align.points) + column)
    others = [one for each in places for one in each] if align.points.size <= 2 * MOST_POINTS else []
    large = here if len(here) <= MOST_DOTS else []
    small = others + (here if here is not large else [])
    return [
        *_bins("RoI Align’s bins", x, y, board, ALIGN, picked),
        Boxes("the chosen bin", _placed([(x[column], y[row], x[column + 1], y[row + 1])], board), colours=(CHOSEN,)),
        Texts("samples", tuple((*place, "·") for place in small), ALIGN),
        Points("samples", np.array(large, np.float32).reshape(-1, 2), colour=ALIGN),
    ]


def _bins(
    title: str, x: NDArray[np.float32], y: NDArray[np.float32], board: Board, colour: RGB, picked: str
) -> tuple[Layer, ...]:
    """Their edges, and a grid that says which one was clicked."""
    each = [(x[j], y[i], x[j + 1], y[i + 1]) for i in range(len(y) - 1) for j in range(len(x) - 1)]
    place = board.pixels((x[0], y[0], x[-1], y[-1]))
    bins = Boxes(title, _placed(each, board), colours=(colour,))
    return bins, Grid(title, len(y) - 1, len(x) - 1, place, colour, picked)


def _placed(cells: Iterable[Iterable[float]], board: Board) -> NDArray[np.float32]:
    return np.array([board.pixels(one) for one in cells], np.float32).reshape(-1, 4)
