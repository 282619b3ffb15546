"""What the poolings make of a box, bin by bin, and how: small tables and written-out sums, as HTML."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.drawing.palette import heat_colours
from explorer.records.roi import Box, Pooled, Poolings, Roi, Sampled
from explorer.records.roi_presets import Preset

MOST_CELLS = 8
"""Rows or columns of compared cells that are shown one by one."""
MOST_SAMPLES = 4
EDGES = ("left", "top", "right", "bottom")


def number(value: float) -> str:
    """At most three decimals, for reading."""
    size = abs(value)
    if size and (size < 0.0005 or size >= 1e5):
        return f"{value:.2e}"
    return f"{value:.3f}".rstrip("0").rstrip(".") if round(value, 3) else "0"


def exact(value: np.float32) -> str:
    """The shortest decimal that is this float32 number."""
    return str(value).removesuffix(".0")


def verdict(question: Roi, answer: Poolings, preset: Preset | None = None) -> str:
    """What RoI Pool rounded, and whether the answer is the worked example's."""
    return f"<p>{_rounding(question.box, answer.pool)}</p>{_met(preset)}"


def results(question: Roi, answer: Poolings, chosen: tuple[int, int], preset: Preset | None = None) -> str:
    """The four answers; chosen: row and column of the bin that stands out."""
    four = (
        ("pool", "RoI Pool", answer.pool.values[0]),
        ("align", "RoI Align, mean", answer.align.average[0]),
        ("warp", "RoI Warp", answer.warp.average[0]),
        ("align_max", "RoI Align, highest", answer.align.highest[0]),
    )
    ends = float(question.matrix.min()), float(question.matrix.max())
    tables = [
        bins_table(name, title, values, ends, chosen, preset is not None and preset.method == name)
        for name, title, values in four
    ]
    wide = " wide" if question.bins > 4 else ""
    return f'<div class="bins{wide}">{"".join(tables)}</div>'


def _rounding(box: Box, pool: Pooled) -> str:
    off = np.abs(np.array(box) - pool.box)
    if not off.any():
        return "All edges lie on whole cells: <b>RoI Pool has nothing to round</b>. Drag the box a little."
    worst = int(off.argmax())
    x0, y0, x1, y1 = pool.box.tolist()
    return (
        f"<b>RoI Pool rounds the box</b> to columns {x0} to {x1} and rows {y0} to {y1}: its {EDGES[worst]} edge moves "
        f'by <output data-testid="roi-lost">{number(off[worst])}</output> of a cell. RoI Align rounds nothing.'
    )


def _met(preset: Preset | None) -> str:
    if preset is None:
        return ""
    who = "RoI Pool" if preset.method == "pool" else "The highest sample of RoI Align"
    rows = " / ".join(" ".join(map(number, row)) for row in preset.answer).replace(" ", "&nbsp;")
    return f'<p class="met" data-testid="roi-met">{who} gives exactly the lecture’s answer here: {rows}.</p>'


def bins_table(
    name: str,
    title: str,
    values: NDArray[np.float32],
    ends: tuple[float, float],
    chosen: tuple[int, int],
    met: bool = False,
) -> str:
    """A number for each bin, on its colour.

    ends: of the colours; chosen: row and column of the bin that stands out; met: these are the worked example's.
    """
    mark = ' class="met"' if met else ""
    rows = (
        "".join(_cell(value, ends, (i, j) == chosen) for j, value in enumerate(row)) for i, row in enumerate(values)
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table data-testid="roi-{name}"{mark}><caption>{title}</caption><tbody>{body}</tbody></table>'


def _cell(value: np.float32, ends: tuple[float, float], chosen: bool) -> str:
    """On the colour that the stage gives such a number."""
    low, high = ends
    share = min(max((float(value) - low) / ((high - low) or 1), 0), 1)
    red, green, blue = heat_colours()[round(255 * share)].tolist()
    ink = "#181820" if 0.299 * red + 0.587 * green + 0.114 * blue > 128 else "#fff"
    here = ' class="chosen" aria-current="true"' if chosen else ""
    look = f"background: rgb({red} {green} {blue}); color: {ink}"
    return f'<td{here} style="{look}"><data value="{exact(value)}">{number(float(value))}</data></td>'


def sums(question: Roi, answer: Poolings, chosen: tuple[int, int]) -> str:
    """How each method came to the value of one bin, by its row and column."""
    row, column = chosen
    head = f"<h3>The bin in row {row}, column {column}</h3>"
    return head + _largest(question, answer.pool, row, column) + _read(question, answer, row, column)


def _largest(question: Roi, pool: Pooled, row: int, column: int) -> str:
    (left, right), (top, bottom) = pool.columns[column].tolist(), pool.rows[row].tolist()
    count = (right - left) * (bottom - top)
    if left >= right or top >= bottom:
        return _section("pool", "RoI Pool", "<p>No cell of the matrix lies in this bin: it gives</p>", np.float32(0))
    x, y = pool.largest[0, row, column].tolist()
    said = (
        f"<p>Compares {_span('column', left, right)} and {_span('row', top, bottom)}, {_many(count, 'cell')}. "
        f"The largest is in column {x}, row {y}:</p>"
    )
    if max(right - left, bottom - top) <= MOST_CELLS:
        rows = [
            "".join(_compared(question.matrix[i, j], (j, i) == (x, y)) for j in range(left, right))
            for i in range(top, bottom)
        ]
        said += f'<table class="cells">{"".join(f"<tr>{one}</tr>" for one in rows)}</table>'
    return _section("pool", "RoI Pool", said, pool.values[0, row, column])


def _compared(value: np.float32, largest: bool) -> str:
    text = number(float(value))
    return f"<td><mark>{text}</mark></td>" if largest else f"<td>{text}</td>"


def _read(question: Roi, answer: Poolings, row: int, column: int) -> str:
    align, warp = answer.align, answer.warp
    read = align.samples[0, row, column]
    down, across = align.grid
    value, highest = align.average[0, row, column], align.highest[0, row, column]
    if not len(read):
        return _section("align", "RoI Align", "<p>The box has no extent, so there is no sample: it gives</p>", value)
    lines = "".join(f"<li>{_sample(question, align, row, column, i)}</li>" for i in range(min(len(read), MOST_SAMPLES)))
    more = f"<p>… and {len(read) - MOST_SAMPLES} more.</p>" if len(read) > MOST_SAMPLES else ""
    said = (
        f"<p>Reads at {_many(len(read), 'place')}, {across} across and {down} down. Each is the sum of its four "
        f"nearest cells times how near they are:</p><ol>{lines}</ol>{more}"
        f"<p>The highest of them is {_data(highest)}. Their mean:</p>"
    )
    x0, y0, x1, y1 = answer.pool.box.tolist()
    warped = (
        f"<p>Rounds the box first, to {x0}, {y0}, {x1}, {y1}, then reads as RoI Align does. "
        f"The mean of {_many(warp.samples.shape[-1], 'sample')}:</p>"
    )
    return _section("align", "RoI Align", said, value) + _section(
        "warp", "RoI Warp", warped, warp.average[0, row, column]
    )


def _sample(question: Roi, align: Sampled, row: int, column: int, i: int) -> str:
    x, y = align.points[row, column, i].tolist()
    weights = align.weights[row, column, i]
    at = f"column {number(x)}, row {number(y)}: "
    if not weights.any():
        return f"{at}more than a cell outside the matrix, reads <b>0</b>"
    cells = [question.matrix[cell[1], cell[0]] for cell in align.neighbours[row, column, i]]
    terms = " + ".join(
        f"{number(float(cell))} × {number(float(weight))}" for cell, weight in zip(cells, weights, strict=True)
    )
    return f"{at}{terms} = <b>{number(float(align.samples[0, row, column, i]))}</b>"


def _section(name: str, title: str, said: str, value: np.float32) -> str:
    return (
        f'<section data-testid="roi-sum-{name}"><h4>{title}</h4>{said}<p class="value">= {_data(value)}</p></section>'
    )


def _data(value: np.float32) -> str:
    return f'<data value="{exact(value)}">{exact(value)}</data>'


def _span(what: str, first: int, end: int) -> str:
    return f"{what} {first}" if end - first == 1 else f"{what}s {first} to {end - 1}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count:,} {what}s"
