"""A classifier at every place of a picture, as layers over it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.drawing.layers import Box, Boxes, HeatMap, Layer, Pane, View
from explorer.records.dense import DenseMaps, difference

TITLES = {"sliding": "window by window", "batched": "32 windows at a time", "dense": "all at once"}


def dense_view(found: Sequence[DenseMaps], index: int, picture: str) -> View:
    """One pane an answer, coloured by the score of class `index` at each place; of two, where they differ comes third.

    Only the first scale is drawn. picture: content id.
    """
    titles = [TITLES[maps.method] for maps in found] if len(found) > 1 else [""]
    panes = [Pane(title, _layers(maps, index)) for title, maps in zip(titles, found, strict=True)]
    if len(found) == 2:
        apart = difference(*found).levels[0]
        top = float(np.nanmax(apart, initial=0.0))
        layer = HeatMap("largest difference of a logit", apart, "logit", 0.0, top or 1e-6, _place(found[0], apart))
        panes.append(Pane("difference", (layer,)))
    return View(picture, tuple(panes))


def surest(maps: DenseMaps) -> int:
    """The class that is named with the highest score anywhere; what stands for nothing is passed over."""
    best = np.nan_to_num(maps.levels[0].scores.reshape(len(maps.names), -1), nan=0.0).max(axis=1)
    for i, name in enumerate(maps.names):
        if name == "background":
            best[i] = 0.0
    return int(best.argmax())


def _layers(maps: DenseMaps, index: int) -> tuple[Layer, ...]:
    name, scores = maps.names[index], maps.levels[0].scores[index]
    layers: list[Layer] = [HeatMap(f"score of {name}", scores, "", 0.0, 1.0, _place(maps, scores))]
    if not np.isnan(scores).all():
        row, column = np.unravel_index(int(np.nanargmax(scores)), scores.shape)
        box, score = maps.windows()[row, column][None], scores[row, column][None]
        layers.append(Boxes(f"where {name} is surest", np.asarray(box, np.float32), (name,), score))
    return tuple(layers)


def _place(maps: DenseMaps, values: NDArray[np.float32]) -> Box:
    """Each cell lies around the middle of its window, as wide as the stride."""
    level, (rows, columns) = maps.levels[0], values.shape
    down, across = (side / own for side, own in zip(level.size, maps.size, strict=True))
    top, left = ((reach - maps.stride) / 2 for reach in maps.window)
    right, bottom = left + columns * maps.stride, top + rows * maps.stride
    return left / across, top / down, right / across, bottom / down
