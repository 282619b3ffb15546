"""A classifier at every place of a picture, as layers over it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer.drawing.layers import Boxes, Grid, HeatMap, Layer, Pane, View
from explorer.drawing.palette import CLASSES
from explorer.records.dense import DenseMaps, difference

TITLES = {"sliding": "window by window", "batched": "32 windows at a time", "dense": "all at once"}
CHOSEN = CLASSES[5]
Cell = tuple[int, int]


def dense_view(
    found: Sequence[DenseMaps], index: int, picture: str, level: int = 0, cell: Cell | None = None, event: str = ""
) -> View:
    """One pane an answer, coloured by the score of class `index` at each place; of two, where they differ comes third.

    picture: content id; level: the scale that is drawn; cell: (row, column) whose window is drawn; event: the stage
    reports a clicked cell under this name.
    """
    found = [maps for maps in found if level < len(maps.levels)]  # a march may not have come so far
    titles = [TITLES[maps.method] for maps in found] if len(found) > 1 else [""]
    marks = _marks(found[-1], level, cell, event)
    panes = [Pane(title, (*_scores(maps, index, level), *marks)) for title, maps in zip(titles, found, strict=True)]
    if len(found) == 2:
        apart = difference(*found).levels[level]
        top = float(np.nanmax(apart, initial=0.0))
        place = found[-1].region(level)
        layer = HeatMap("largest difference of a logit", apart, "logit", 0.0, top or 1e-6, place)
        panes.append(Pane("difference", (layer, *marks)))
    return View(picture, tuple(panes))


def surest(maps: DenseMaps) -> int:
    """The class that is named with the highest score anywhere; what stands for nothing is passed over."""
    best = np.max([np.nan_to_num(level.scores, nan=0.0).max(axis=(1, 2)) for level in maps.levels], axis=0)
    for i, name in enumerate(maps.names):
        if name == "background":
            best[i] = 0.0
    return int(best.argmax())


def surest_cell(maps: DenseMaps, index: int, level: int = 0) -> Cell | None:
    """Row and column of the highest score of a class at a scale, None where no window was yet."""
    scores = maps.levels[level].scores[index]
    if np.isnan(scores).all():
        return None
    row, column = np.unravel_index(int(np.nanargmax(scores)), scores.shape)
    return int(row), int(column)


def _scores(maps: DenseMaps, index: int, level: int) -> tuple[Layer, ...]:
    name, scores = maps.names[index], maps.levels[level].scores[index]
    heat = HeatMap(f"score of {name}", scores, "", 0.0, 1.0, maps.region(level))
    best = surest_cell(maps, index, level)
    if best is None:
        return (heat,)
    box, score = maps.windows(level)[best][None], scores[best][None]
    return heat, Boxes(f"where {name} is surest", np.asarray(box, np.float32), (name,), score)


def _marks(maps: DenseMaps, level: int, cell: Cell | None, event: str) -> tuple[Layer, ...]:
    """The grid that can be clicked, and the cell that was, with its window."""
    region, (rows, columns) = maps.region(level), maps.levels[level].positions
    made: list[Layer] = [Grid("places to click", rows, columns, region, event=event, bare=True)] if event else []
    if cell is not None:
        x0, y0, x1, y1 = region
        wide, tall = (x1 - x0) / columns, (y1 - y0) / rows
        left, top = x0 + cell[1] * wide, y0 + cell[0] * tall
        boxes = np.stack([maps.windows(level)[cell], np.asarray([left, top, left + wide, top + tall], np.float32)])
        made.append(Boxes("chosen place and its window", boxes, ("", ""), colours=(CHOSEN,)))
    return tuple(made)
