"""What the Detect tab says of a cell against the truth: YOLO's loss, and things that share a cell."""

from __future__ import annotations

from html import escape

from explorer.contract import Engine
from explorer.drawing.cell_loss_card import cell_loss_card
from explorer.drawing.detect_cells import crowded
from explorer.errors import Mistake
from explorer.records.cell import CellBoxes
from explorer.records.cell_loss import CellLoss, CellLosses
from explorer.records.trace import Level
from explorer.records.truth import Truth
from explorer.tabs import words

VERSION_1 = "yolo cell"


def asked_losses(engine: Engine, picture: str, cell: CellBoxes, visitor: str = "") -> CellLosses | str | None:
    """What every cell of a YOLO of version 1 costs, or the sentence that says why that is not known; nothing of other
    detectors."""
    if cell.sum != VERSION_1:
        return None
    try:
        return engine.run(CellLoss(picture, cell.model, cell.weights), visitor=visitor)
    except Mistake as error:
        return str(error)


def loss_card(losses: CellLosses | str | None, cell: CellBoxes) -> str:
    """Of the chosen cell."""
    if losses is None:
        return ""
    if isinstance(losses, str):
        return f'<p data-testid="no-loss">{escape(losses)}</p>'
    return cell_loss_card(losses, cell.row, cell.column)


def sharing(level: Level, truth: Truth | None) -> str:
    """How many cells hold the centres of several things, which a cell that names one class cannot all tell."""
    if truth is None:
        return ""
    several = int((crowded(level, truth) > 1).sum())
    if not several:
        return ""
    said = words.say("detect", "one_cell" if several == 1 else "crowded_cells", count=several)
    return f'<p data-testid="crowded">{said}</p>'
