"""Non-maximum suppression as layers over the picture: all that met, and one winner after another."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np
from numpy.typing import NDArray

from explorer.drawing.layers import MOST_BOXES, Boxes, Layer, Pane, View
from explorer.drawing.palette import BLUE, GREY, MARK, class_colour
from explorer.records.trace import NOBODY, Contest

SHOWN_IOU = 0.45
ROWS = 8


def met(title: str, contest: Contest, names: tuple[str, ...], score: float) -> Boxes:
    """All that met in NMS, at most the best 1,000, with the stage's own sliders of score and IoU, which begin where
    the answer's were."""
    made = _chosen(title, contest, np.arange(min(len(contest.scores), MOST_BOXES)), names)
    return replace(made, score=score, iou=contest.iou, total=len(contest.scores))


def step_view(contest: Contest, names: tuple[str, ...], step: int, picture: str) -> View:
    """Two panes of the `step`th winner, counted from 0: itself with what it suppresses, and all winners until then.

    Raises ValueError where there are not so many.
    """
    stays = contest.stays
    if not 0 <= step < len(stays):
        raise ValueError(f"step {step} of {len(stays)} was wanted")
    winner = int(stays[step])
    gone = np.flatnonzero(contest.by == winner)[:MOST_BOXES]
    layers: list[Layer] = []
    if len(gone):
        texts = tuple(f"IoU {overlap:.2f}" for overlap in contest.overlaps[gone])
        layers.append(Boxes("suppressed by it", contest.boxes[gone], texts, colours=(GREY,), dashed=True))
    layers.append(_chosen("the best that is left", contest, np.asarray([winner]), names, MARK))
    before = stays[: step + 1][:MOST_BOXES]
    first = f"winner {step + 1:,} suppresses {len(gone):,}"
    return View(
        picture,
        (Pane(first, tuple(layers)), Pane(f"{step + 1:,} kept so far", (_chosen("kept", contest, before, names),))),
    )


def step_card(contest: Contest, names: tuple[str, ...], step: int) -> str:
    """Who won, whom it suppressed and by which overlap, and how many are left."""
    stays = contest.stays
    winner = int(stays[step])
    gone = np.flatnonzero(contest.by == winner)
    done = np.isin(contest.by, stays[: step + 1]).sum() + step + 1
    name = escape(named(int(contest.labels[winner]), names) or "box")
    rows = "".join(
        f'<tr><th scope="row">{contest.scores[i]:.1%}</th>'
        f'<td><data value="{float(contest.overlaps[i])!r}">{contest.overlaps[i]:.3f}</data></td></tr>'
        for i in gone[:ROWS]
    )
    more = f"<p>and {len(gone) - ROWS:,} more</p>" if len(gone) > ROWS else ""
    table = (
        f'<table class="costs"><thead><tr><th>score</th><th>IoU with the winner</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{more}"
        if rows
        else ""
    )
    return (
        f'<p>Winner <output data-testid="nms-step" data-value="{step + 1}">{step + 1:,}</output> of {len(stays):,}: '
        f"<b>{name}</b> at {contest.scores[winner]:.1%}. It suppresses "
        f'<output data-testid="nms-gone" data-value="{len(gone)}">{len(gone):,}</output> that overlap it by more than '
        f"{contest.iou:.2f}; {len(contest.scores) - int(done):,} of {len(contest.scores):,} are still to be judged.</p>"
        f"{table}"
    )


def named(label: int, names: tuple[str, ...]) -> str:
    """What a class is called, nothing where none is told."""
    return names[label] if 0 <= label < len(names) else ""


def _colour(label: int) -> tuple[int, int, int]:
    return BLUE if label == NOBODY else class_colour(label)


def _chosen(
    title: str, contest: Contest, which: NDArray[np.int64], names: tuple[str, ...],
    colour: tuple[int, int, int] | None = None,
) -> Boxes:  # fmt: skip
    labels = contest.labels[which]
    return Boxes(
        title,
        contest.boxes[which],
        tuple(named(int(label), names) for label in labels),
        np.clip(contest.scores[which], 0, 1).astype(np.float32),
        contest.groups[which],
        (colour,) if colour else tuple(_colour(int(label)) for label in labels) or (BLUE,),
    )
