"""One box through two poolings into one head: panes of the stage, and tables."""

from __future__ import annotations

from html import escape

import numpy as np

from explorer.drawing.layers import Boxes, DragBox, Layer, Pane, View
from explorer.drawing.palette import CLASSES, GREY
from explorer.drawing.roi import ALIGN, POOL
from explorer.drawing.roi_features import THE_BOX, badges
from explorer.drawing.roi_sums import number
from explorer.records.roi_head import HeadAnswer, HeadAnswers

MOVED = CLASSES[2]
SHOWN_PROPOSALS, DRAWN_PROPOSALS, SHOWN_CLASSES = 20, 8, 6


def head_view(answer: HeadAnswers, picture: str, moved: str) -> View:
    """RoI Pool | RoI Align: what each cut out, and where the head moves the box for its best class.

    picture: content id; moved: the event under which the stage reports a moved box.
    """
    proposals = Boxes(
        f"the detector’s own best {min(DRAWN_PROPOSALS, len(answer.sure))} proposals",
        answer.proposals[:DRAWN_PROPOSALS],
        colours=(GREY,),
        dashed=True,
    )
    box = DragBox(THE_BOX, answer.box, moved)
    panes = []
    for title, colour, one in (("RoI Pool", POOL, answer.pool), ("RoI Align", ALIGN, answer.align)):
        layers: tuple[Layer, ...] = (
            proposals,
            Boxes("what is pooled", one.rounded[None], colours=(colour,)),
            Boxes(
                "where the head moves it", one.box[None], (answer.names[one.thing],), one.scores[[one.thing]],
                colours=(MOVED,), dashed=True,
            ),
            box,
        )  # fmt: skip
        panes.append(Pane(f"{title}: {_named(answer, one)}", layers))
    return View(picture, tuple(panes))


def _named(answer: HeadAnswers, one: HeadAnswer) -> str:
    return f"{_class(answer.names[one.best])} {one.scores[one.best]:.1%}"


def _class(name: str) -> str:
    """torchvision's name for a region with nothing in it is none for people."""
    return "background" if name == "__background__" else name


def head_verdict(answer: HeadAnswers) -> str:
    """Which class each pooling leads to, and how much they differ."""
    same = answer.pool.best == answer.align.best
    names = [escape(_class(answer.names[one.best])) for one in (answer.pool, answer.align)]
    said = (
        f"Both poolings lead to <b>{names[0]}</b>"
        if same
        else f"RoI Pool leads to <b>{names[0]}</b>, RoI Align to <b>{names[1]}</b>"
    )
    cached = ", first pass run before" if answer.cached else ""
    change = f'<output data-testid="roi-change">{100 * answer.largest_change:.2f}</output>'
    return (
        f"<p>{said}: scores differ by at most {change} points, pooled values by {answer.apart:.0%} of their size on "
        f"average.</p>"
        f"<p>{escape(answer.model)} ({escape(answer.weights)}), {answer.ms:.0f} ms on {escape(answer.device)}{cached}."
        f"</p>{badges(answer.notes)}"
    )


def head_scores(answer: HeadAnswers) -> str:
    """The best classes by either pooling side by side, where the box goes in the pyramid, what the head makes of it."""
    rows = "".join(
        f'<tr><th scope="row">{escape(_class(answer.names[i]))}</th>{_share(answer.pool.scores[i])}'
        f"{_share(answer.align.scores[i])}<td>{_points(answer, i)}</td></tr>"
        for i in answer.top(SHOWN_CLASSES)
    )
    heads = ("class", "RoI Pool", "RoI Align", "difference, points")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return (
        f'<table class="sides" data-testid="roi-scores"><caption>Scores of the same head</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{_level(answer)}"
    )


def _share(score: np.float32) -> str:
    return f'<td><data value="{score}">{float(score):.2%}</data></td>'


def _points(answer: HeadAnswers, i: int) -> str:
    return f"{100 * float(answer.align.scores[i] - answer.pool.scores[i]):+.2f}"


def _level(answer: HeadAnswers) -> str:
    tall, wide = answer.input
    x0, y0, x1, y1 = answer.given
    sides = number(x1 - x0), number(y1 - y0)
    levels = sorted({one.level for one in answer.maps})
    known = ", ".join(f"P{level}" for level in levels)
    only = " It is the only level this network cuts regions from." if len(levels) == 1 else ""
    return (
        f"<p>The picture is made {wide} by {tall} pixels, the box {sides[0]} by {sides[1]}: "
        f"4 + log<sub>2</sub>(√({sides[0]} × {sides[1]}) / 224) = {answer.exact:.2f}, rounded down, of {known}: "
        f'level <output data-testid="roi-level">P{answer.map.level}</output>, stride {answer.map.stride}, scale '
        f"1/{answer.map.stride}.{only} {answer.bins} by {answer.bins} bins, {answer.samples} by {answer.samples} "
        f"samples in each for RoI Align.</p>"
    )


def proposal_names(answer: HeadAnswers) -> list[tuple[str, str]]:
    """The best proposals for a list: what a person reads, and the number, from 1."""
    found = []
    for i, (box, sure) in enumerate(zip(answer.proposals, answer.sure, strict=True)):
        if i == SHOWN_PROPOSALS:
            break
        x0, y0, x1, y1 = (round(side) for side in box.tolist())
        found.append((f"{i + 1}: {sure:.3f} · {x0}, {y0}, {x1}, {y1}", str(i + 1)))
    return found
