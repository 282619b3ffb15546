"""One cell of a detector as a card: its numbers, and the arithmetic from them to a box, with the numbers put in."""

from __future__ import annotations

from html import escape

import numpy as np

from explorer.records.cell import CellBoxes

READ = {
    "yolo cell": ("x", "y", "√w", "√h"),
    "yolo anchor": ("t<sub>x</sub>", "t<sub>y</sub>", "t<sub>w</sub>", "t<sub>h</sub>"),
    "anchor": ("dx", "dy", "dw", "dh"),
    "distance": ("left", "top", "right", "bottom"),
}
BEST_CLASSES = 5
Lines = list[tuple[str, str, float]]
"""What is computed, how, and what comes out."""


def cell_card(cell: CellBoxes, number: int | None = None) -> str:
    """All boxes of the cell in a table, and one box's arithmetic; number: whose, the best one's where None."""
    if not len(cell.scores):
        return f"<p>Row {cell.row}, column {cell.column} of {escape(cell.level)} proposes no box.</p>"
    chosen = best_box(cell) if number is None or number >= len(cell.scores) else number
    rows = "".join(_row(cell, i, i == chosen) for i in range(len(cell.scores)))
    objectness = not bool(np.isnan(cell.objectness).all())
    columns = (
        "box",
        "size",
        *(("objectness",) if objectness else ()),
        *(("class",) if cell.names else ()),
        "score",
        "what became of it",
    )
    head = "".join(f"<th>{text}</th>" for text in columns)
    return (
        f"<p>Row {cell.row}, column {cell.column} of {escape(cell.level)}.</p>"
        f'<table class="costs cell" data-testid="cell-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
        f"<p><b>Box {chosen + 1}, step by step</b>, in pixels of the network’s input:</p>{_arithmetic(cell, chosen)}"
        f"{_said(cell, chosen)}"
    )


def best_box(cell: CellBoxes) -> int:
    """The box with the highest score."""
    return int(np.nan_to_num(cell.scores, nan=-1).argmax())


def _row(cell: CellBoxes, i: int, chosen: bool) -> str:
    wide, tall = cell.boxes[i, 2] - cell.boxes[i, 0], cell.boxes[i, 3] - cell.boxes[i, 1]
    parts = [f"{wide:.0f} × {tall:.0f}"]
    if not bool(np.isnan(cell.objectness).all()):
        parts.append(f"{cell.objectness[i]:.1%}")
    if cell.names:
        parts.append(escape(cell.names[int(cell.labels[i])]) if cell.labels[i] >= 0 else "")
    parts += [f'<data value="{float(cell.scores[i])!r}">{cell.scores[i]:.1%}</data>', escape(cell.fates[i])]
    cells = "".join(f"<td>{part}</td>" for part in parts)
    return f'<tr{" class=chosen" if chosen else ""}><th scope="row">{i + 1}</th>{cells}</tr>'


def _arithmetic(cell: CellBoxes, i: int) -> str:
    lines = [*zip(READ[cell.sum], ("read by the network",) * 4, cell.read[i].tolist(), strict=True), *_sums(cell, i)]
    across, down = cell.to_picture
    box = cell.boxes[i].tolist()
    for name, edge, factor, value in zip(
        ("x₀", "y₀", "x₁", "y₁"), cell.inputs[i].tolist(), (across, down) * 2, box, strict=True
    ):
        lines.append((f"{name} on the picture", f"{edge:.2f} · {factor:.3f}", value))
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{how}</td><td><data value="{value!r}">{value:.3f}</data></td></tr>'
        for name, how, value in lines
    )
    return f'<table class="costs sums" data-testid="cell-sums"><tbody>{rows}</tbody></table>'


def _sums(cell: CellBoxes, i: int) -> Lines:
    """From the numbers read to the box in pixels of the input."""
    a, b, c, d = cell.moved[i].tolist()
    p, q, r, s = cell.prior[i].tolist()
    x0, y0, x1, y1 = cell.inputs[i].tolist()
    if cell.sum == "distance":
        return [
            ("x₀", f"{p:.1f} − {a:.2f}", x0), ("y₀", f"{q:.1f} − {b:.2f}", y0),
            ("x₁", f"{p:.1f} + {c:.2f}", x1), ("y₁", f"{q:.1f} + {d:.2f}", y1),
        ]  # fmt: skip
    if cell.sum == "anchor":
        middles: Lines = [
            ("middle x", f"{p:.1f} + {a:.3f} · {r:.1f}", (x0 + x1) / 2),
            ("middle y", f"{q:.1f} + {b:.3f} · {s:.1f}", (y0 + y1) / 2),
        ]
        power = "e^dw", "e^dh"
    else:
        inside = ("x", "y") if cell.sum == "yolo cell" else ("σ(t<sub>x</sub>)", "σ(t<sub>y</sub>)")
        middles = [
            ("middle x", f"({inside[0]} {a:.3f} + column {p:.0f}) · {cell.stride[0]:.1f}", (x0 + x1) / 2),
            ("middle y", f"({inside[1]} {b:.3f} + row {q:.0f}) · {cell.stride[1]:.1f}", (y0 + y1) / 2),
        ]
        power = ("w²", "h²") if cell.sum == "yolo cell" else ("e^t<sub>w</sub>", "e^t<sub>h</sub>")
    return [
        *middles,
        ("width", f"{r:.1f} · {power[0]} {c:.3f}", x1 - x0),
        ("height", f"{s:.1f} · {power[1]} {d:.3f}", y1 - y0),
    ]


def _said(cell: CellBoxes, i: int) -> str:
    """How the score came: objectness, the best classes, and what they make together."""
    sure = float(cell.objectness[i])
    known = sure == sure
    if not cell.names:
        return (
            f"<p>Objectness σ({cell.read_object[i]:.3f}) = {sure:.1%}: here is something, whatever it is.</p>"
            if known
            else ""
        )
    order = np.argsort(-cell.classes[i], kind="stable")[:BEST_CLASSES]
    rows = "".join(
        f'<tr><th scope="row">{escape(cell.names[k])}</th><td>{cell.read_classes[i, k]:.3f}</td>'
        f'<td><data value="{float(cell.classes[i, k])!r}">{cell.classes[i, k]:.1%}</data></td></tr>'
        for k in order
    )
    head = "<thead><tr><th>class</th><th>read</th><th>in [0, 1]</th></tr></thead>"
    best = float(cell.classes[i, order[0]])
    how = ""
    if known and cell.sum == "distance":
        how = f"<p>Score √({best:.1%} · centredness {sure:.1%}) = {cell.scores[i]:.1%}.</p>"
    elif known:
        how = f"<p>Score: objectness {sure:.1%} · class {best:.1%} = {cell.scores[i]:.1%}.</p>"
    return f'{how}<table class="costs" data-testid="cell-classes">{head}<tbody>{rows}</tbody></table>'
