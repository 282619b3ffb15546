"""One place of a picture, three times: slid there, in the dense map, and its pixels as a picture of their own."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.frame import Frame, Pixels, Size
from explorer.records.place import Place, PlaceSeen
from explorer.tasks.dense import parts
from explorer.tasks.desk import Desk, Outputs, Steps
from explorer.tasks.domain import outside
from explorer.tasks.ground import Ground, ground
from explorer.tasks.registry import answers


@answers(Place)
def place(question: Place, desk: Desk) -> Steps[PlaceSeen]:
    """What marched there before is not run again. Raises Mistake for a place outside the map."""
    found = yield from ground(question.picture, question.model, question.weights, question.stride, desk)
    size = found.size(question.scale)
    rows, columns = found.positions(size)
    row, column = question.row, question.column
    if row >= rows or column >= columns:
        raise Mistake(f"There are {rows} rows and {columns} columns of places, counted from 0: choose one of them.")
    pixels = _pixels(found, size, row, column)
    at_once = yield from found.map(desk, size, question.precision)
    slid = yield from _slid(found, desk, size, row * columns + column, question)
    crop = Frame(pixels)
    alone = yield from desk.forward(
        found.network, lambda: found.preparation.inputs([crop.pixels]), ("alone", crop.id), question.precision, rows=1
    )
    logits = torch.stack([slid, at_once.tensor[0, :, row, column], alone.tensor[0]])
    return _finish(found, question, size, pixels, logits.numpy(), alone)


def _pixels(found: Ground, size: Size, row: int, column: int) -> Pixels:
    """Uint8 (h, w, 3): what the window shows of the picture at that size."""
    (tall, wide), stride = found.plan.window, found.plan.stride
    y, x = row * stride, column * stride
    return found.preparation.scaled(found.frame, size)[y : y + tall, x : x + wide].copy()


def _slid(found: Ground, desk: Desk, size: Size, index: int, question: Place) -> Steps[torch.Tensor]:
    """Logits (classes,) of that place from the few windows that march with it, one by one."""
    rows, columns = found.positions(size)
    group = next(group for group in parts(rows * columns, 1) if index <= group[-1])
    outputs = yield from found.slide(desk, size, group, lambda: found.prepared(size)[0], question.precision, 1)
    return outputs.tensor[index - int(group[0])]


def _finish(
    found: Ground, question: Place, size: Size, pixels: Pixels, logits: NDArray[np.float32], alone: Outputs
) -> PlaceSeen:
    (tall, wide), stride = found.plan.window, found.plan.stride
    y, x = question.row * stride, question.column * stride
    down, across = (side / own for side, own in zip(size, found.frame.size, strict=True))
    box = np.asarray([x / across, y / down, (x + wide) / across, (y + tall) / down], np.float32)
    return PlaceSeen(
        model=found.network.card.name,
        weights=found.network.weights,
        device=alone.device,
        row=question.row,
        column=question.column,
        box=box,
        pixels=pixels,
        names=found.network.categories,
        logits=logits,
        ms=alone.ms,
        cached=alone.cached,
        notes=(*found.network.notes, *outside(found.network, found.frame), *alone.notes),
    )
