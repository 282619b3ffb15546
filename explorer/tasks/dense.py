"""A classifier at every place of a picture; Sermanet et al., OverFeat, ICLR 2014, arXiv:1312.6229, section 3.5."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from explorer.records.dense import Causes, Dense, DenseMaps, Level
from explorer.records.frame import Size
from explorer.records.question import Partial, Progress
from explorer.tasks.desk import Desk, Outputs, Steps
from explorer.tasks.domain import outside
from explorer.tasks.ground import Ground, ground, insist_on_few
from explorer.tasks.registry import answers

TOLD = 64
"""So many times at most it is said how far the windows have come."""
CURVE = (1, 2, 4, 8, 16, 32, 64)
ROWS = {"sliding": 1, "batched": 32}


@answers(Dense)
def dense(question: Dense, desk: Desk) -> Steps[DenseMaps]:
    """All scales, the windows of each row by row. Raises Mistake for networks that cannot be slid over a picture."""
    found = yield from ground(question.picture, question.model, question.weights, question.stride, desk)
    work = _Work(question, found, desk)
    sizes = [found.size(scale) for scale in question.scales]
    places = sum(np.prod(found.positions(size)) for size in sizes)
    insist_on_few(int(places))
    for scale, size in zip(question.scales, sizes, strict=True):
        yield from work.level(scale, size)
    return work.answer()


@dataclass(frozen=True)
class _Ran:
    ms: float
    device: str
    cached: bool
    notes: tuple[str, ...]


class _Work:
    """Levels that are done, and what their passes said."""

    def __init__(self, question: Dense, ground: Ground, desk: Desk) -> None:
        self._question, self._ground, self._desk = question, ground, desk
        self._network, self._plan = ground.network, ground.plan
        self._levels: list[Level] = []
        self._ran: list[_Ran] = []
        self._curve = tuple(self._cost(places) for places in CURVE)

    def level(self, scale: float, size: Size) -> Steps[None]:
        """One scale, as the question's method has it."""
        if self._question.method == "dense":
            outputs = yield from self._ground.map(self._desk, size, self._question.precision)
            self._note(outputs)
            rows, columns = self._ground.positions(size)  # more cells hang over the edge
            logits = outputs.tensor[0, :, :rows, :columns].numpy()
            self._levels.append(Level(scale, size, logits, outputs.ms, self._desk.macs(self._ground.whole, size)))
        else:
            yield from self._windows(scale, size)

    def _windows(self, scale: float, size: Size) -> Steps[None]:
        rows, columns = self._ground.positions(size)
        prepared = cache(lambda: self._ground.prepared(size)[0])
        logits = np.full((len(self._network.categories), rows * columns), np.nan, np.float32)
        cost, ms, in_pass = self._desk.macs(self._network, self._plan.window), 0.0, ROWS[self._question.method]
        level = Level(scale, size, logits.reshape(-1, rows, columns), 0.0, 0)
        for places in parts(rows * columns, in_pass):
            precision = self._question.precision
            outputs = _last(self._ground.slide(self._desk, size, places, prepared, precision, in_pass))
            self._note(outputs)
            logits[:, places] = outputs.tensor.numpy().T
            ms += outputs.ms
            done = int(places[-1]) + 1
            level = Level(scale, size, logits.reshape(-1, rows, columns).copy(), ms, done * cost)
            yield Progress(f"window {done} of {rows * columns}", done, rows * columns)
            yield Partial(self.answer(level))
        self._levels.append(level)

    def _cost(self, side: int) -> tuple[int, int]:
        """Places and multiply-adds of a dense pass over a picture with room for side x side windows."""
        height, width = (reach + (side - 1) * self._plan.stride for reach in self._plan.window)
        return side * side, self._desk.macs(self._ground.whole, (height, width))

    def _note(self, outputs: Outputs) -> None:
        self._ran.append(_Ran(outputs.ms, outputs.device, outputs.cached, outputs.notes))

    def answer(self, *begun: Level) -> DenseMaps:
        """What is known so far."""
        question, plan = self._question, self._plan
        said = dict.fromkeys(note for ran in self._ran for note in ran.notes)
        return DenseMaps(
            model=self._network.card.name,
            weights=self._network.weights,
            device=self._ran[-1].device,
            method=question.method,
            precision=question.precision,
            size=self._ground.frame.size,
            window=plan.window,
            stride=plan.stride,
            strides=plan.strides,
            names=self._network.categories,
            levels=(*self._levels, *begun),
            causes=Causes(tuple(plan.padded), tuple(plan.ceiled), tuple(plan.whole)),
            linears=tuple(plan.linears.items()),
            window_macs=self._desk.macs(self._network, plan.window),
            curve=self._curve,
            cached=all(ran.cached for ran in self._ran),
            notes=(*self._network.notes, *outside(self._network, self._ground.frame), *said),
        )


def parts(count: int, in_pass: int) -> Iterator[NDArray[np.int64]]:
    """Places in order, in about `TOLD` whole passes."""
    size = -(-count // TOLD)
    size = -(-size // in_pass) * in_pass
    for first in range(0, count, size):
        yield np.arange(first, min(first + size, count))


def _last(steps: Steps[Outputs]) -> Outputs:
    """What running one of many windows says on its way is not worth saying."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            outputs: Outputs = end.value
            return outputs
