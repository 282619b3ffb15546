"""YOLO's loss as a card: the five sums of its equation 3 with their weights, of one cell and of the whole picture."""

from __future__ import annotations

import math
from html import escape

from explorer.records.cell_loss import IGNORED, TERMS, CellLosses

ROWS = {
    "centres": ("centres", "coord"),
    "sides": ("sides, by their roots", "coord"),
    "obj": ("confidence where something is", "obj"),
    "noobj": ("confidence where nothing is", "noobj"),
    "classes": ("classes", "classes"),
}
"""Of each of TERMS what it is about, and what its weight is called."""


def cell_loss_card(losses: CellLosses, row: int, column: int) -> str:
    """Which thing the cell is responsible for, with which box, and what that costs, term by term."""
    own = losses.terms[:, row, column].astype(float).tolist()
    whole = losses.of_picture.tolist()
    lines = [
        _row(ROWS[name][0], f"λ<sub>{ROWS[name][1]}</sub> = {weight:g}", here, everywhere)
        for name, weight, here, everywhere in zip(TERMS, losses.lambdas, own, whole, strict=True)
    ]
    lines.append(_row("total", "", sum(own), sum(whole), " class=chosen"))
    head = "".join(f"<th>{text}</th>" for text in ("squared errors", "weight", "this cell", "whole picture"))
    return (
        f"<p><b>What the cell costs in training</b>, by the truth of {escape(losses.source)}, each sum times its "
        "weight:</p>"
        f'<table class="costs cell loss" data-testid="cell-loss"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
        f'<p data-testid="cell-thing">{_thing(losses, row, column)}</p>'
    )


def _row(name: str, weight: str, here: float, everywhere: float, kind: str = "") -> str:
    return (
        f'<tr{kind}><th scope="row">{name}</th><td>{weight}</td><td>{_value(here)}</td>'
        f"<td>{_value(everywhere)}</td></tr>"
    )


def _value(value: float) -> str:
    return f'<data value="{value!r}">{value:.3f}</data>' if math.isfinite(value) else "no number"


def _thing(losses: CellLosses, row: int, column: int) -> str:
    """One sentence or two on what the cell learns here."""
    label = int(losses.labels[row, column])
    if label == IGNORED:
        return (
            "What has its centre here does not count, too small or too hidden: the cell learns neither that it is "
            "there nor that nothing is."
        )
    if label < 0:
        return "Nothing has its centre here: the cell learns only that none of its boxes is to be confident."
    overlaps = losses.overlaps[row, column].tolist()
    box = int(losses.responsible[row, column])
    others = ", ".join(f"{i + 1}: {overlap:.2f}" for i, overlap in enumerate(overlaps) if i != box)
    thing = f"The centre of a thing, <b>{escape(losses.names[label])}</b>, lies here."
    if not overlaps[box] > 0:
        return f"{thing} None of the cell’s boxes overlaps it: box {box + 1}, the nearest, is responsible."
    iou = f'<data value="{overlaps[box]!r}">{overlaps[box]:.2f}</data>'
    return f"{thing} Box {box + 1} is responsible for it, with an IoU of {iou}{f' ({others})' if others else ''}."
