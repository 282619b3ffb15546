"""What sliding and dense evaluation cost and how they differ, as HTML and as a chart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from explorer.drawing.dense import TITLES
from explorer.drawing.palette import BLUE, CLASSES, GREY, css
from explorer.records.dense import DenseMaps, Level, difference

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

SHOWN = 4
FINE = 1000.0
"""From here on how many times is told in whole numbers."""
CAUSES = {
    "padded": "It pads its maps with zeros: a window has them at its own border, the picture only at its edge",
    "ceiled": (
        "The last step of a pool may hang over the edge of its map (ceil_mode): at a window's own edge it pools what "
        "is left there, in the picture the neighbours as well"
    ),
    "whole": (
        "It weighs its channels by their mean over all that it is shown (squeeze and excitation): over the window as "
        "it slides, over the picture at once"
    ),
}


def costs(found: Sequence[DenseMaps]) -> str:
    """A row an answer, and how many times dense evaluation is faster and cheaper, measured on this picture."""
    rows = "".join(
        f'<tr data-testid="cost-{maps.method}"><th scope="row">{TITLES[maps.method]}</th><td>{maps.positions:,}</td>'
        f"<td><output>{maps.ms:,.0f}</output> ms{' (cached)' if maps.cached else ''}</td>"
        f"<td>{maps.macs / 1e9:,.2f} G</td></tr>"
        for maps in found
    )
    head = "<tr><th></th><th>places</th><th>time</th><th>multiply\u2011adds</th></tr>"
    return f'<table class="costs"><thead>{head}</thead><tbody>{rows}</tbody></table>{_compared(found)}{_notes(found)}'


def _compared(found: Sequence[DenseMaps]) -> str:
    if not _complete(found):
        return ""
    one, dense = found
    both = difference(one, dense)
    time, macs = one.ms / max(dense.ms, 1e-9), one.macs / dense.macs
    return (
        f'<p class="ratio">At once is <output data-testid="ratio-time">{time:.1f}</output> times faster and computes '
        f'<output data-testid="ratio-macs">{macs:.1f}</output> times less. The largest difference of two logits is '
        f'<output data-testid="max-abs">{both.max_abs:.3g}</output>; the best class is the same at '
        f'<output data-testid="agree">{both.agree:.1%}</output> of the places.</p>'
    )


def _notes(found: Sequence[DenseMaps]) -> str:
    notes = dict.fromkeys(note for maps in found for note in maps.notes)
    return "".join(f'<p class="badge">{escape(note)}</p>' for note in notes)


def causes(found: Sequence[DenseMaps]) -> str:
    """Why a cell may differ from its window, each cause in its row with the layers it lies in, and how often it does.

    found: the answer at once last, before it the windows where they have all come.
    """
    dense = found[-1]
    known = {name: getattr(dense.causes, name) for name in CAUSES}
    rows = "".join(
        f'<tr data-testid="cause-{name}"><td>{CAUSES[name]}</td><td>{escape(_listed(layers))}</td></tr>'
        for name, layers in known.items()
        if layers
    )
    if not rows:
        return f"<p>Nothing is padded in this network: a cell is its window, to the last rounding.</p>{_share(found)}"
    head = "<thead><tr><th>why</th><th>where</th></tr></thead>"
    return f'{_share(found)}<table class="costs why">{head}<tbody>{rows}</tbody></table>'


def _share(found: Sequence[DenseMaps]) -> str:
    """At how many places both name the same class, at each scale too where there are several."""
    if not _complete(found):
        return "<p>Slide the window to see how often the two name the same class.</p>"
    one, dense = found
    both = difference(one, dense)
    same = round(both.agree * dense.positions)
    said = (
        f'Both name the same class at <output data-testid="why-agree">{both.agree:.1%}</output> of the places, '
        f"{same:,} of {dense.positions:,}; their logits differ by up to {both.max_abs:.3g}"
    )
    if len(dense.levels) > 1:
        each = (difference(replace(one, levels=(a,)), replace(dense, levels=(b,))) for a, b in _pairs(one, dense))
        shares = (f"{level.scale:g}: {own.agree:.1%}" for level, own in zip(dense.levels, each, strict=True))
        said += f". By scale, {', '.join(shares)}"
    return f"<p>{said}.</p>"


def _pairs(one: DenseMaps, other: DenseMaps) -> Iterator[tuple[Level, Level]]:
    return zip(one.levels, other.levels, strict=True)


def _complete(found: Sequence[DenseMaps]) -> bool:
    """Whether there are two answers, and every window has come."""
    return (
        len(found) == 2
        and len(found[0].levels) == len(found[1].levels)
        and not any(np.isnan(level.logits).any() for maps in found for level in maps.levels)
    )


def _listed(layers: Sequence[str]) -> str:
    more = f" and {len(layers) - SHOWN} more" if len(layers) > SHOWN else ""
    return ", ".join(layers[:SHOWN]) + more


def cost_curve(maps: DenseMaps) -> Figure:
    """Multiply-adds against places, for larger and larger pictures, both ways; this picture is marked."""
    import plotly.graph_objects as go

    places = [count for count, _ in maps.curve]
    sliding = [count * maps.window_macs / 1e9 for count in places]
    dense = [macs / 1e9 for _, macs in maps.curve]
    here = sum(level.logits[0].size for level in maps.levels)
    figure = go.Figure()
    for name, values, colour in (("window by window", sliding, CLASSES[5]), ("all at once", dense, BLUE)):
        figure.add_scatter(
            x=places, y=values, mode="lines+markers", name=name, line={"color": css(colour)},
            hovertemplate="%{x} places: %{y:.3g} G<extra>" + name + "</extra>",
        )  # fmt: skip
    figure.layout.template = None
    times = f"{maps.limit:.1f}" if maps.limit < FINE else f"{maps.limit:,.0f}"
    limit = f"at most {times} times less" if math.isfinite(maps.limit) else "no dense layers: no limit"
    figure.add_annotation(
        text=limit, x=0.03, y=0.72, xref="paper", yref="paper", showarrow=False, xanchor="left", yanchor="top"
    )
    figure.add_vline(x=here, line_dash="dot", line_color=css(GREY))
    figure.update_layout(
        height=280,
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": css(GREY), "size": 14},
        legend={"x": 0.02, "y": 0.98, "bgcolor": "rgba(0,0,0,0)"},
        dragmode=False,
    )
    figure.update_xaxes(type="log", title="places", automargin=True, gridcolor="#8883", dtick=1)
    figure.update_yaxes(type="log", title="G multiply-adds", automargin=True, gridcolor="#8883", dtick=1)
    return figure
