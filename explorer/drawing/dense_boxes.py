"""What OverFeat finds, as layers over the picture and as a card: places before the merge, boxes after it."""

from __future__ import annotations

from html import escape

import numpy as np

from explorer.drawing.detect import found_boxes
from explorer.drawing.layers import Boxes, Pane, View
from explorer.drawing.palette import class_colour
from explorer.records.localize import Localize, Localized

ROWS = 8


def boxes_view(answer: Localized, asked: Localize) -> View:
    """Two panes: what every place that named something says, and what the merge made of it."""
    candidates, names = answer.candidates, answer.detections.names
    before = Boxes(
        f"{'its box, by the regressor' if asked.regressor else 'its window'}",
        candidates.boxes if asked.regressor else candidates.windows,
        tuple(names[label] for label in candidates.labels),
        candidates.scores,
        candidates.labels,
        tuple(class_colour(int(label)) for label in candidates.labels) or (class_colour(0),),
        dashed=True,
        score=asked.score,
        total=candidates.total,
    )
    count = len(answer.detections.scores)
    panes = (
        Pane(f"{_counted(candidates.total, 'place')} that named a thing", (before,)),
        Pane(f"merged: {_counted(count, 'box')}", (found_boxes("merged", answer.detections),)),
    )
    return View(asked.picture, panes)


def boxes_card(answer: Localized, asked: Localize) -> str:
    """How many places there were, how many spoke, what is left, and from how many places each came."""
    found, candidates = answer.detections, answer.candidates
    scales = ", ".join(f"{scale:.2g}" for scale in answer.scales)
    made_of = np.bincount(candidates.members, minlength=len(found.scores))
    rows = "".join(
        f'<tr><th scope="row">{escape(found.names[label])}</th><td>{score:.1%}</td><td>{of}</td></tr>'
        for label, score, of in zip(found.labels[:ROWS], found.scores[:ROWS], made_of[:ROWS], strict=True)
    )
    head = "".join(f"<th>{text}</th>" for text in ("box", "score", "made of places"))
    table = f'<table class="costs boxes"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>' if rows else ""
    more = f"<p>and {len(found.scores) - ROWS} more</p>" if len(found.scores) > ROWS else ""
    notes = "".join(f'<p class="badge">{escape(note)}</p>' for note in found.notes)
    return (
        f'<p>Of <output data-testid="boxes-positions" data-value="{answer.positions}">'
        f"{_counted(answer.positions, 'place')}</output> at scales {scales}, "
        f'<output data-testid="boxes-candidates" data-value="{candidates.total}">{candidates.total}</output> named a '
        f"thing with a score of {asked.score:.0%} or more; merged they are "
        f'<output data-testid="boxes-merged" data-value="{len(found.scores)}">{_counted(len(found.scores), "box")}'
        f"</output>. {found.ms:.0f} ms{' (cached)' if found.cached else ''}.</p>{table}{more}{notes}"
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 'es' if what.endswith('x') else 's'}"
