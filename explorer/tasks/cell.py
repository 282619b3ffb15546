"""One cell of a detector: each family has a way of its own to tell, and joins by existing."""

from __future__ import annotations

from collections.abc import Callable

from explorer.errors import Mistake
from explorer.records.cell import Cell, CellBoxes
from explorer.tasks.desk import Desk, Steps
from explorer.tasks.registry import answers

Teller = Callable[[Cell, Desk], Steps[CellBoxes]]

_TELLERS: dict[str, Teller] = {}


def tells_cells(family: str) -> Callable[[Teller], Teller]:
    """The decorated generator tells the cells of this family's models. Raises ValueError when another one does."""

    def add(teller: Teller) -> Teller:
        if family in _TELLERS:
            raise ValueError(f"two ways to tell the cells of {family}")
        _TELLERS[family] = teller
        return teller

    return add


@answers(Cell)
def cell(question: Cell, desk: Desk) -> Steps[CellBoxes]:
    """By the way of the model's family. Raises Mistake for a model that has no such cells."""
    network = yield from desk.network(question.model, question.weights)
    if network.card.family not in _TELLERS:
        raise Mistake(f"{question.model} has no cells that propose boxes: choose a detector, such as a YOLO.")
    return (yield from _TELLERS[network.card.family](question, desk))
