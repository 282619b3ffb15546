"""Answers as Plotly figures. Plotly is imported when the first chart is drawn: a page must not wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.drawing.palette import BLUE, GREY, css
from explorer.records.classify import Classification

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ROW_PX, HEAD_PX, FOOT_PX, RIGHT_PX = 30, 34, 30, 48


def class_bars(answers: Sequence[Classification], raw: bool = False) -> Figure:
    """The named classes of each answer as horizontal bars, best on top, one chart an answer.

    raw: the lecture's raw scores, logits averaged over the crops, instead of per cent of the softmax.
    """
    from plotly.subplots import make_subplots

    several = len(answers) > 1
    heights = [HEAD_PX * several + FOOT_PX + ROW_PX * len(answer.order) for answer in answers]
    figure = make_subplots(
        rows=len(answers),
        cols=1,
        row_heights=heights,
        vertical_spacing=0.02 if not several else (HEAD_PX + FOOT_PX) / sum(heights),
        subplot_titles=[f"{answer.model} · {answer.weights}" for answer in answers] if several else None,
    )
    for row, answer in enumerate(answers, start=1):
        figure.add_trace(_bars(answer, raw), row=row, col=1)
        names = [_short(answer.names[i]) for i in answer.order[::-1]]
        figure.update_yaxes(
            {"tickvals": list(range(len(names))), "ticktext": names, "automargin": True, "ticks": ""}, row=row, col=1
        )
        figure.update_xaxes(_axis(answer, raw), row=row, col=1)
    figure.layout.template = None
    figure.update_annotations(x=1, xanchor="right", xshift=RIGHT_PX - 4, font_size=None)  # as large as all text
    figure.update_layout(
        height=16 + sum(heights),
        margin={"l": 8, "r": RIGHT_PX, "t": HEAD_PX if several else 8, "b": FOOT_PX},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": css(GREY), "size": 14},
        showlegend=False,
        dragmode=False,
        bargap=0.3,
    )
    return figure


def _bars(answer: Classification, raw: bool) -> Any:
    import plotly.graph_objects as go

    order = answer.order[::-1]
    values = answer.logits.mean(axis=0) if raw else answer.scores
    return go.Bar(
        x=[float(values[i]) for i in order],
        y=list(range(len(order))),
        orientation="h",
        marker_color=css(BLUE),
        text=[f"{values[i]:.2f}" if raw else f"{values[i]:.1%}" for i in order],
        textposition="outside",
        cliponaxis=False,
        customdata=[answer.names[i] for i in order],
        hovertemplate="%{customdata}: %{x:.3f}<extra></extra>" if raw else "%{customdata}: %{x:.2%}<extra></extra>",
    )


def _axis(answer: Classification, raw: bool) -> dict[str, Any]:
    """Room for the numbers beside the bars; raw scores keep zero in sight."""
    if not raw:
        ticks = {"tickvals": [0, 0.5, 1], "ticktext": ["0%", "", "100%"], "tickangle": 0}
        return {"range": [0, 1.12], "gridcolor": "#8883", **ticks}
    shown = answer.logits.mean(axis=0)[answer.order]
    low, high = min(float(np.nanmin(shown, initial=0.0)), 0.0), max(float(np.nanmax(shown, initial=0.0)), 0.0)
    room = 0.22 * max(high - low, 1e-6)
    return {"range": [low - room * (low < 0), high + room], "gridcolor": "#8883", "zerolinecolor": "#888", "nticks": 4}


def _short(name: str, most: int = 22) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
