"""How the poolings change while a box moves by parts of a cell: curves, and the largest jumps in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from explorer.drawing.palette import BLUE, CLASSES, GREY, RGB, css
from explorer.drawing.roi_sums import number
from explorer.records.roi import Method, RoiShift, ShiftCurves

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

LINES: tuple[tuple[Method, str, RGB, str], ...] = (
    ("pool", "RoI Pool", CLASSES[5], "solid"),
    ("warp", "RoI Warp", CLASSES[2], "6px 3px"),
    ("align", "RoI Align", BLUE, "solid"),
)
HEIGHT_PX = 260


def shift_curves(made: ShiftCurves, question: RoiShift, chosen: tuple[int, int]) -> Figure:
    """One curve a method, of the bin in that row and column; where the box sticks out of the matrix is shaded."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for method, name, colour, dash in LINES:
        shape = "linear" if method == "align" else "hv"  # what is rounded stays until it jumps
        figure.add_trace(
            go.Scatter(
                x=made.offsets.tolist(),
                y=made.curves[method][:, chosen[0], chosen[1]].tolist(),
                name=name,
                mode="lines",
                line={"color": css(colour), "width": 3, "dash": dash, "shape": shape},
                hovertemplate="%{x:.4g} cells: %{y:.4f}<extra>" + name + "</extra>",
            )
        )
    figure.layout.template = None
    axis = {"gridcolor": "#8883", "zeroline": False, "nticks": 6, "automargin": True}
    figure.update_xaxes(
        axis,
        title={"text": f"cells moved along {question.axis}", "standoff": 6, "font": {"size": 14}},
        range=[0, _far(made)],
    )
    figure.update_yaxes(axis, title={"text": "value of the bin", "standoff": 6, "font": {"size": 14}})
    figure.update_layout(
        height=HEIGHT_PX,
        margin={"l": 8, "r": 12, "t": 34, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": css(GREY), "size": 14},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        dragmode=False,
        hovermode="x unified",
        hoverlabel={"bgcolor": "#ffffff", "font": {"color": "#181820"}},
    )
    room = leaves(question)
    if 0 <= room < _far(made):
        figure.add_vrect(x0=room, x1=_far(made), fillcolor=css(GREY), opacity=0.18, line_width=0, layer="below")
    return figure


def leaves(question: RoiShift) -> float:
    """Cells that the box can move before it sticks out of the matrix; below 0 where it does already."""
    rows, columns = question.roi.matrix.shape
    x0, y0, x1, y1 = question.roi.box
    return -1.0 if min(x0, y0) < 0 else float(columns - x1 if question.axis == "x" else rows - y1)


def jumps(made: ShiftCurves, question: RoiShift, chosen: tuple[int, int]) -> str:
    """The largest change in one step, of the chosen bin and of any, as HTML."""
    own = _own(made, chosen)
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{_data(own[method])}</td><td>{_data(made.jumps[method])}</td></tr>'
        for method, name, *_ in LINES
    )
    head = '<thead><tr><td></td><th scope="col">this bin</th><th scope="col">any bin</th></tr></thead>'
    room = leaves(question)
    out = "<p>Grey: the box sticks out of the matrix; beyond its edge there is nothing to read.</p>"
    grey = out if 0 <= room < _far(made) else ""
    return (
        f'<table data-testid="roi-jumps"><caption>Largest jump in one step of {_step(question)} cell</caption>'
        f"{head}<tbody>{rows}</tbody></table>{grey}"
    )


def shift_verdict(made: ShiftCurves, chosen: tuple[int, int]) -> str:
    """Who jumps in that bin, and who glides."""
    own = _own(made, chosen)
    pool, align = own["pool"], own["align"]
    if not pool:
        return "<p>In this bin <b>RoI Pool stays the same</b> all the way: choose another bin, or drag the box.</p>"
    return (
        f"<p><b>RoI Pool jumps by {number(pool)}, RoI Align by at most {number(align)}</b>: "
        f'<output data-testid="roi-ratio">{align / pool:.0%}</output> of it.</p>'
    )


def _own(made: ShiftCurves, chosen: tuple[int, int]) -> dict[Method, float]:
    row, column = chosen
    return {method: float(np.abs(np.diff(made.curves[method][:, row, column])).max()) for method, *_ in LINES}


def _step(question: RoiShift) -> str:
    return f"1/{round(1 / question.step)}"


def _far(made: ShiftCurves) -> float:
    return float(made.offsets[-1])


def _data(value: float) -> str:
    return f'<data value="{np.float32(value)}">{number(value)}</data>'
