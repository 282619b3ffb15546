"""What detectors found and how many boxes each of their steps left, as HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np

from explorer.records.detect import Detections
from explorer.records.trace import Level, Round

ROWS = 8


def found_card(answer: Detections, score: float) -> str:
    """The best boxes of one detector, and how many score at least `score`."""
    enough = int((answer.scores >= score).sum())
    rows = "".join(
        f'<tr><th scope="row">{escape(answer.names[label])}</th>'
        f'<td><data value="{float(one)!r}">{one:.1%}</data></td></tr>'
        for label, one in zip(answer.labels[:ROWS], answer.scores[:ROWS], strict=True)
        if one >= score
    )
    table = f'<table class="costs"><tbody>{rows}</tbody></table>' if rows else ""
    more = f"<p>and {enough - ROWS:,} more</p>" if enough > ROWS else ""
    notes = "".join(f'<p class="badge">{escape(note)}</p>' for note in answer.notes)
    cached = " (cached)" if answer.cached else ""
    things = "thing" if enough == 1 else "things"
    return (
        f'<section class="answer" data-testid="found-{escape(answer.model)}"><h3>{escape(answer.model)}</h3>'
        f'<p><output data-testid="found-count" data-value="{enough}">{enough:,}</output> {things} at {score:.0%} or '
        f"more, <output>{answer.ms:,.0f}</output> ms{cached}</p>{table}{more}{notes}</section>"
    )


def funnel(answers: Sequence[Detections]) -> str:
    """A list a detector: its steps, and how many boxes each of them left."""
    return "".join(_steps(answer) for answer in answers if answer.trace)


def _steps(answer: Detections) -> str:
    parts = []
    for one in answer.trace.rounds if answer.trace else ():
        most = max(one.stages[0].left, 1)
        rows = "".join(
            f'<tr><th scope="row">{escape(stage.name)}</th>'
            f'<td><data value="{stage.left}">{stage.left:,}</data></td>'
            f'<td class="share"><i style="width:{_width(stage.left, most):.1f}%"></i></td></tr>'
            for stage in one.stages
        )
        parts.append(
            f'<table class="costs funnel"><caption>{escape(answer.model)}: {escape(one.name)}</caption>'
            f"<tbody>{rows}</tbody></table>{_maps(one)}"
        )
    return "".join(parts)


def _maps(one: Round) -> str:
    """Of several maps, which cells each has, what its boxes begin as, and how many of those that stayed it proposed."""
    if len(one.levels) < 2:
        return ""
    stayed = np.bincount(one.contest.level[one.contest.stays], minlength=len(one.levels))
    rows = "".join(
        f'<tr><th scope="row">{escape(level.name)}</th><td>{level.rows} × {level.columns}</td>'
        f"<td>{_sides(level)}</td><td>{count:,}</td></tr>"
        for level, count in zip(one.levels, stayed, strict=True)
    )
    head = "".join(f"<th>{text}</th>" for text in ("map", "cells", "boxes begin as, in pixels", "stayed"))
    return f'<table class="costs maps"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _sides(level: Level) -> str:
    """The range of widths and heights of the boxes that each cell begins with."""
    if not len(level.priors):
        return "points"
    (least_wide, least_tall), (most_wide, most_tall) = level.priors.min(0), level.priors.max(0)
    return f"{len(level.priors)}: {least_wide:.0f} × {least_tall:.0f} to {most_wide:.0f} × {most_tall:.0f}"


def _width(left: int, most: int) -> float:
    """Per cent on a logarithmic scale: from tens of thousands to five, a straight one shows nothing."""
    return 100 * math.log1p(left) / math.log1p(most)
