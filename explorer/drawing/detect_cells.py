"""What each cell of a detector proposes, as layers over the picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.drawing.layers import Boxes, Grid, HeatMap, LabelMap, Layer, Pane, View
from explorer.drawing.palette import MARK, class_colour
from explorer.records.cell import CellBoxes
from explorer.records.cell_loss import CellLosses
from explorer.records.trace import NOBODY, Level
from explorer.records.truth import Truth

VOID = 255
CONFUSED = 2
"""So many centres in one cell are more than YOLO v1 can tell apart."""


def cells_view(
    level: Level, names: tuple[str, ...], picture: str, chosen: CellBoxes | None = None, event: str = "",
    least: float = 0.0, truth: Truth | None = None, losses: CellLosses | None = None,
) -> View:  # fmt: skip
    """The best score of every cell, and beside it the class of that score where the map tells classes.

    names: of the classes; chosen: the cell whose boxes are drawn; event: the stage reports a clicked cell under this
    name; least: cells that score less have no class in the map; truth: cells that hold the centres of two things or
    more are marked; losses: what each cell costs in training has a pane of its own.
    """
    marks = (*_grid(level, event), *_crowded(level, truth), *_chosen(chosen, names))
    scores = HeatMap("best score of a cell", level.scores, "", 0.0, 1.0, level.place)
    panes = [Pane("how sure each cell is", (scores, *marks))]
    if bool((level.labels != NOBODY).any()):
        panes.append(Pane("what each cell would say", (_classes(level, names, least), *marks)))
    if losses is not None:
        panes.append(Pane("what each cell costs in training", (_costs(level, losses), *marks)))
    return View(picture, tuple(panes))


def _costs(level: Level, losses: CellLosses) -> HeatMap:
    """On a scale from nothing to the dearest cell."""
    known = losses.of_cells[np.isfinite(losses.of_cells)]
    high = float(known.max(initial=0.0)) or 1.0
    return HeatMap("loss of each cell", losses.of_cells, "", 0.0, high, level.place)


def crowded(level: Level, truth: Truth) -> NDArray[np.int64]:
    """Int64 (rows, columns): how many counted things have their centre in each cell."""
    x0, y0, x1, y1 = level.place
    centres = (truth.boxes[truth.counts, :2] + truth.boxes[truth.counts, 2:]) / 2
    columns = np.clip((centres[:, 0] - x0) / (x1 - x0) * level.columns, 0, level.columns - 1).astype(np.int64)
    rows = np.clip((centres[:, 1] - y0) / (y1 - y0) * level.rows, 0, level.rows - 1).astype(np.int64)
    count = np.zeros((level.rows, level.columns), np.int64)
    np.add.at(count, (rows, columns), 1)
    return count


def cell_place(level: Level, row: int, column: int) -> tuple[float, float, float, float]:
    """x0 y0 x1 y1 of a cell in pixels of the picture."""
    x0, y0, x1, y1 = level.place
    wide, tall = (x1 - x0) / level.columns, (y1 - y0) / level.rows
    return x0 + column * wide, y0 + row * tall, x0 + (column + 1) * wide, y0 + (row + 1) * tall


def _grid(level: Level, event: str) -> tuple[Layer, ...]:
    return (Grid("cells to click", level.rows, level.columns, level.place, event=event),) if event else ()


def _crowded(level: Level, truth: Truth | None) -> tuple[Layer, ...]:
    if truth is None:
        return ()
    rows, columns = np.nonzero(crowded(level, truth) >= CONFUSED)
    places = [cell_place(level, int(row), int(column)) for row, column in zip(rows, columns, strict=True)]
    if not places:
        return ()
    return (Boxes("cells that hold the centres of several things", np.asarray(places, np.float32)),)


def _classes(level: Level, names: tuple[str, ...], least: float) -> LabelMap:
    """More classes than a byte holds keep their best 255."""
    told = np.where(level.scores >= least, level.labels, NOBODY)
    there = [int(label) for label in np.unique(told) if label != NOBODY][:VOID]
    index: dict[int, int] = {label: i for i, label in enumerate(there)}
    drawn = np.full(told.shape, VOID, np.uint8)
    for label, i in index.items():
        drawn[told == label] = i
    return LabelMap(
        "class of the best score",
        drawn,
        {i: names[label] for label, i in index.items()},
        {i: class_colour(label) for label, i in index.items()},
        VOID,
        level.place,
    )


def _chosen(cell: CellBoxes | None, names: tuple[str, ...]) -> tuple[Layer, ...]:
    """The cell, what its boxes began as, dashed, and what they became."""
    if cell is None:
        return ()
    made: list[Layer] = [Boxes("chosen cell", np.asarray([cell.place], np.float32))]
    began = priors(cell)
    if len(began):
        made.append(Boxes("what its boxes begin as", began, dashed=True))
    order = np.argsort(-np.nan_to_num(cell.scores, nan=-1), kind="stable")
    texts = tuple(_text(cell, int(i), names) for i in order)
    colours = tuple(class_colour(max(int(cell.labels[i]), 0)) for i in order) or (MARK,)
    made.append(Boxes("what they become", cell.boxes[order], texts, cell.scores[order], cell.labels[order], colours))
    return tuple(made)


def _text(cell: CellBoxes, index: int, names: tuple[str, ...]) -> str:
    label = int(cell.labels[index])
    return names[label] if 0 <= label < len(names) else f"box {index + 1}"


def priors(cell: CellBoxes) -> NDArray[np.float32]:
    """Float32 (m, 4): the boxes that a cell's arithmetic begins with, in pixels of the picture; none for FCOS, and for
    YOLO v1, whose boxes begin as the whole picture."""
    if cell.sum in ("distance", "yolo cell"):
        return np.empty((0, 4), np.float32)
    across, down = cell.to_picture
    sides = cell.prior[:, 2:] * np.asarray([across, down], np.float32)
    if cell.sum == "yolo anchor":
        x0, y0, x1, y1 = cell.place
        middle: Any = np.asarray([(x0 + x1) / 2, (y0 + y1) / 2], np.float32)
    else:
        middle = cell.prior[:, :2] * np.asarray([across, down], np.float32)
    return np.unique(np.concatenate([middle - sides / 2, middle + sides / 2], axis=1), axis=0)
