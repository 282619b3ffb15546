"""Answers as Plotly figures. Plotly is imported when the first chart is drawn: a page must not wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explorer.records.classify import Classification

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

BLUE = "#0072b2"
GREY = "#888888"
ROW_PX = 30


def class_bars(answer: Classification) -> Figure:
    """The named classes as horizontal bars, best on top, scores in per cent."""
    import plotly.graph_objects as go

    order = answer.order[::-1]
    names = [answer.names[i] for i in order]
    scores = [float(answer.scores[i]) for i in order]
    figure = go.Figure(
        go.Bar(
            x=scores,
            y=list(range(len(names))),
            orientation="h",
            marker_color=BLUE,
            text=[f"{score:.1%}" for score in scores],
            textposition="outside",
            cliponaxis=False,
            customdata=names,
            hovertemplate="%{customdata}: %{x:.2%}<extra></extra>",
        )
    )
    figure.layout.template = None
    figure.update_layout(
        height=70 + ROW_PX * len(names),
        margin={"l": 8, "r": 48, "t": 8, "b": 32},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": GREY, "size": 14},
        xaxis={"range": [0, 1.08], "tickformat": ".0%", "tickvals": [0, 0.25, 0.5, 0.75, 1], "gridcolor": "#8883"},
        yaxis={"tickvals": list(range(len(names))), "ticktext": names, "automargin": True, "ticks": ""},
        bargap=0.3,
    )
    return figure
