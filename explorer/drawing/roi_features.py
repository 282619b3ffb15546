"""A box on a picture and what the poolings make of it on a network's map: panes of the stage, and HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np
from numpy.typing import NDArray

from explorer.drawing.layers import Boxes, DragBox, Grid, HeatMap, Layer, Pane, View
from explorer.drawing.palette import CLASSES, RGB
from explorer.drawing.roi import ALIGN, CHOSEN, LARGEST, POOL, Board
from explorer.drawing.roi_sums import bins_table, number
from explorer.records.roi import Box
from explorer.records.roi_features import RoiFeatureMap

APART: RGB = CLASSES[2]
SIDES = ("left", "top", "right", "bottom")
THE_BOX = "the box"


def board_of(answer: RoiFeatureMap) -> Board:
    """Where the map lies on the picture: from its corner, a cell as large as the stride."""
    across, down = answer.cell
    return Board(0.0, 0.0, across, down)


def features_view(answer: RoiFeatureMap, picture: str, chosen: tuple[int, int], events: tuple[str, str]) -> View:
    """The map | RoI Pool | RoI Align | their difference, each over the picture.

    picture: content id; chosen: row and column of a bin; events: under which the stage reports a moved box and a
    clicked bin.
    """
    moved, picked = events
    box = DragBox(THE_BOX, answer.box, moved)
    matrix, pool, align = answer.roi.matrix, answer.poolings.pool, answer.poolings.align
    rows, columns = matrix.shape
    low, high = float(matrix.min()), float(matrix.max())
    board = board_of(answer)
    whole = board.pixels((0, 0, columns, rows))
    rounded, read = _box(answer.rounded), _box(answer.read)
    values, average, apart = pool.values[0], align.average[0], np.abs(answer.difference)
    seen: tuple[Layer, ...] = (
        HeatMap(f"channel {answer.channel}", matrix, "", low, high, whole),
        Boxes("the cells RoI Pool compares", answer.rounded[None], colours=(POOL,)),
        *_compared(answer, board, chosen),
    )
    return View(
        picture,
        (
            Pane(f"the map: channel {answer.channel} of {answer.stage.name}", (*seen, box)),
            Pane("RoI Pool: on whole cells", (*_pooled(values, low, high, rounded, POOL, chosen, picked), box)),
            Pane("RoI Align: where the box is", (*_pooled(average, low, high, read, ALIGN, chosen, picked), box)),
            Pane("how far they are apart", (*_pooled(apart, 0.0, high - low, read, APART, chosen, picked), box)),
        ),
    )


def _box(place: NDArray[np.float32]) -> Box:
    x0, y0, x1, y1 = place.tolist()
    return x0, y0, x1, y1


def _compared(answer: RoiFeatureMap, board: Board, chosen: tuple[int, int]) -> tuple[Layer, ...]:
    """The cells of the chosen bin, and the largest of them."""
    pool, (row, column) = answer.poolings.pool, chosen
    (left, right), (top, bottom) = pool.columns[column].tolist(), pool.rows[row].tolist()
    x, y = pool.largest[0, row, column].tolist()
    if x < 0:
        return ()
    cells = [board.pixels(one) for one in ((left, top, right, bottom), (x, y, x + 1, y + 1))]
    marks = ("cells of the chosen bin", CHOSEN), ("the largest of them", LARGEST)
    return tuple(
        Boxes(title, np.array([cell], np.float32), colours=(colour,))
        for (title, colour), cell in zip(marks, cells, strict=True)
    )


def _pooled(
    values: NDArray[np.float32],
    low: float,
    high: float,
    place: Box,
    colour: RGB,
    chosen: tuple[int, int],
    picked: str,
) -> tuple[Layer, ...]:
    """The bins' values where the bins lie, their edges, and the chosen one."""
    rows, columns = values.shape
    x, y = np.linspace(place[0], place[2], columns + 1), np.linspace(place[1], place[3], rows + 1)
    row, column = chosen
    one = np.array([[x[column], y[row], x[column + 1], y[row + 1]]], np.float32)
    return (
        HeatMap("bins", values, "", low, high if high > low else low + 1e-6, place),
        Grid("bins", rows, columns, place, colour, picked),
        Boxes("the chosen bin", one, colours=(CHOSEN,)),
    )


def features_verdict(answer: RoiFeatureMap) -> str:
    """What RoI Pool moved on each side of the box, in pixels of the picture, and where the scale comes from."""
    rows, columns = answer.roi.matrix.shape
    worst = int(np.abs(answer.moved).argmax())
    cells = "".join(
        f'<tr><th scope="row">{side}</th><td>{_data(asked)}</td><td>{_data(got)}</td>'
        f"<td>{_data(off, signed=True)}</td></tr>"
        for side, asked, got, off in zip(SIDES, answer.box, answer.rounded, answer.moved, strict=True)
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("the box", "RoI Pool’s", "moved by"))
    return (
        f"<p><b>RoI Pool moves the box’s {SIDES[worst]} edge by "
        f'<output data-testid="roi-moved">{number(abs(float(answer.moved[worst])))}</output> pixels</b>: it compares '
        f"whole cells. RoI Align reads where the box is.</p>"
        f'<table class="sides" data-testid="roi-sides"><thead><tr><td></td>{head}</tr></thead><tbody>{cells}</tbody>'
        f"</table>{_which(answer)}{_scale(answer, rows, columns)}{badges(answer.notes)}"
    )


def _which(answer: RoiFeatureMap) -> str:
    why = "the one that answers most in the box" if answer.strongest else "as chosen"
    time = f"{answer.ms:.0f} ms on {escape(answer.device)}" + (", run before" if answer.cached else "")
    return (
        f'<p>Channel <output data-testid="roi-channel">{answer.channel}</output> of {answer.stage.channels:,}, {why}, '
        f"of <b>{escape(answer.stage.name)}</b> in {escape(answer.model)} ({escape(answer.weights)}), {time}.</p>"
    )


def _scale(answer: RoiFeatureMap, rows: int, columns: int) -> str:
    tall, wide = answer.input
    stride = answer.stage.stride
    x, y = answer.stage.first
    fits = (
        "the map has exactly as many cells as fit"
        if columns * stride == wide and rows * stride == tall
        else f"its {columns} by {rows} cells over {wide} by {tall} pixels would make it {columns / wide:.4f} and "
        f"{rows / tall:.4f}, but it is the stride that counts: so far apart are the places that neighbours look at"
    )
    return (
        f'<p class="scale">Scale: the strides of the layers up to this map multiply to {stride}, so a pixel is '
        f'1/{stride} = <output data-testid="roi-scale">{answer.roi.scale:.6g}</output> cells; {fits}. The first '
        f"cell’s kernels are centred on {number(x)}, {number(y)}; pooling takes it for {number(stride / 2)} when "
        "aligned, for 0 when not.</p>"
    )


def features_results(answer: RoiFeatureMap, chosen: tuple[int, int]) -> str:
    """RoI Pool's bins, RoI Align's, and their difference."""
    matrix = answer.roi.matrix
    ends = float(matrix.min()), float(matrix.max())
    reach = float(np.abs(answer.difference).max()) or 1.0
    tables = (
        bins_table("pool", "RoI Pool", answer.poolings.pool.values[0], ends, chosen),
        bins_table("align", "RoI Align, mean", answer.poolings.align.average[0], ends, chosen),
        bins_table("difference", "RoI Pool less RoI Align", answer.difference, (-reach, reach), chosen),
    )
    wide = " wide" if answer.roi.bins > 4 else ""
    return f'<div class="bins{wide}">{"".join(tables)}</div>'


def badges(notes: Iterable[str]) -> str:
    """What a reader must know to trust an answer."""
    return "".join(f'<p class="badge">{escape(note)}</p>' for note in notes)


def _data(value: float, signed: bool = False) -> str:
    text = f"{value:+.1f}" if signed else f"{value:.1f}"
    return f'<data value="{np.float32(value)}">{text}</data>'
