"""How precision falls while recall grows, and the counts behind both: as a Plotly figure and as a card."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from explorer.drawing.palette import BLUE, GREY, MARK, class_colour, css
from explorer.records.judged import Curve, Judged, known

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

HEIGHT_PX = 400
CURVES, ROWS = 6, 12
ALL = "all classes together"
DASHES = ("6px 3px", "2px 3px", "10px 3px 2px 3px")


def precision_recall(judged: Judged, score: float | None = None) -> Figure:
    """A curve of all classes together with its envelope, which average precision averages, and one a common class.

    score: where boxes that score lower are left out, the place on the curve that is marked.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for rank, curve in enumerate(judged.curves[:CURVES] if len(judged.curves) > 1 else ()):
        figure.add_trace(_line(curve, curve.name, css(class_colour(rank)), 2, DASHES[rank % len(DASHES)]))
    if judged.overall.things:
        figure.add_trace(_envelope(judged.overall))
        figure.add_trace(_line(judged.overall, ALL, css(BLUE), 3, "solid"))
    if score is not None:
        figure.add_trace(_place(judged, score))
    figure.layout.template = None
    axis = {"range": [-0.02, 1.04], "tickformat": ".0%", "nticks": 6, "gridcolor": "#8883", "zeroline": False}
    figure.update_xaxes(axis, title={"text": "recall", "standoff": 6}, automargin=True)
    figure.update_yaxes(axis, title={"text": "precision", "standoff": 6}, automargin=True)
    figure.update_layout(
        title={"text": _title(judged), "x": 0.02, "y": 0.98, "yanchor": "top"},
        height=HEIGHT_PX,
        margin={"l": 8, "r": 12, "t": 44, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": css(GREY)},
        legend={"orientation": "h", "x": 0, "y": -0.24, "yanchor": "top"},
        dragmode=False,
        hoverlabel={"bgcolor": "#ffffff", "font": {"color": "#181820"}},
    )
    return figure


def judged_card(judged: Judged, score: float = 0.0) -> str:
    """How many boxes that score so much are true, and what of the things they find, as HTML."""
    tally = judged.tally(score)
    boxes, things = tally.true + tally.false + tally.passed, tally.true + tally.missed
    passed = f", {_number('passed', tally.passed)} passed over" if tally.passed else ""
    said = (
        f"<p>Of {_counted(boxes, 'box', 'boxes')} {_number('tp', tally.true)} true and "
        f"{_number('fp', tally.false)} false{passed}; of {_counted(things, 'thing', 'things')} that "
        f"{'counts' if things == 1 else 'count'} {_number('fn', tally.missed)} missed. A box is true from an IoU of "
        f"{judged.iou:g} on.</p>"
    )
    shares = {
        "precision": ("precision", tally.precision),
        "recall": ("recall", tally.recall),
        "ap50": ("AP at IoU .5", judged.ap50),
        "ap75": ("AP at IoU .75", judged.ap75),
        "ap": ("AP, mean of IoU .5 to .95", judged.ap),
    }
    rows = "".join(
        f'<tr><th scope="row">{title}</th><td>{_share(name, value)}</td></tr>'
        for name, (title, value) in shares.items()
    )
    notes = "".join(f'<p class="badge">{escape(note)}</p>' for note in (*judged.truth.notes, *judged.notes))
    return (
        f'<div data-testid="judged">{said}<table class="costs judged"><tbody>{rows}</tbody></table>'
        f"{_by_class(judged)}<p>Truth: {escape(judged.truth.source)}.</p>{notes}</div>"
    )


def _title(judged: Judged) -> str:
    if not judged.curves:
        return "nothing here counts: no average precision"
    return f"mean AP {judged.mean_ap:.1%} at IoU {judged.iou:g}"


def _line(curve: Curve, name: str, colour: str, width: int, dash: str) -> Any:
    """Names may be a stranger's: escaped, and never part of a template."""
    import plotly.graph_objects as go

    return go.Scatter(
        x=curve.recall.tolist(),
        y=curve.precision.tolist(),
        name=f"{escape(name)}, AP {curve.ap:.0%}",
        mode="lines+markers",
        line={"color": colour, "width": width, "dash": dash},
        marker={"size": 4},
        customdata=curve.scores.tolist(),
        hovertemplate="score %{customdata:.0%} or more: recall %{x:.1%}, precision %{y:.1%}"
        "<extra>%{fullData.name}</extra>",
    )


def _envelope(curve: Curve) -> Any:
    import plotly.graph_objects as go

    last = len(curve.envelope) - 1
    return go.Scatter(
        x=[i / last for i in range(last + 1)],
        y=curve.envelope.tolist(),
        name="best precision at that recall or more",
        mode="lines",
        line={"color": css(GREY), "width": 1, "dash": "2px 2px", "shape": "vh"},
        hoverinfo="skip",
    )


def _place(judged: Judged, score: float) -> Any:
    import plotly.graph_objects as go

    tally = judged.tally(score)
    return go.Scatter(
        x=[known(tally.recall)],
        y=[known(tally.precision)],
        name=f"score {score:.0%} or more",
        mode="markers",
        marker={"size": 12, "symbol": "diamond", "color": css(MARK), "line": {"color": css(GREY), "width": 1}},
        hovertemplate="recall %{x:.1%}, precision %{y:.1%}<extra>%{fullData.name}</extra>",
    )


def _by_class(judged: Judged) -> str:
    """A row a class of which something counts."""
    rows = "".join(
        f'<tr><th scope="row">{escape(curve.name)}</th><td>{curve.things}</td><td>{curve.ap:.1%}</td></tr>'
        for curve in judged.curves[:ROWS]
    )
    more = len(judged.curves) - ROWS
    head = f"<thead><tr><td></td><th>things</th><th>AP at IoU {judged.iou:g}</th></tr></thead>"
    table = f'<table class="costs judged" data-testid="judged-classes">{head}<tbody>{rows}</tbody></table>'
    return (table if rows else "") + (f"<p>and {more} more</p>" if more > 0 else "")


def _number(name: str, count: int) -> str:
    verb = "is" if count == 1 else "are"
    return f'<output data-testid="judged-{name}" data-value="{count}">{count:,}</output> {verb}'


def _share(name: str, value: float) -> str:
    """Data-value is empty where the share is not known."""
    said, full = ("–", "") if known(value) is None else (f"{value:.1%}", repr(value))
    return f'<output data-testid="judged-{name}" data-value="{full}">{said}</output>'


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
