"""Answers as small pieces of HTML; whatever comes from outside is escaped here."""

from __future__ import annotations

from collections import Counter
from html import escape

import numpy as np

from explorer.contract import RANDOM, Arithmetic, ModelCard
from explorer.drawing.encode import png_url
from explorer.records.classify import Classification
from explorer.records.frame import Frame
from explorer.records.vary import Variations

CENTRE = 4
"""The centre's place among ten crops: after the four corners, before the reflections."""

KNOWS = {
    "photographs": "knows photographs, in {n:,} kinds",
    "streetscape": "knows drawn street scenes: ten things, and background",
    "digits": "knows handwritten digits",
    "unknown": "what it knows is not known here",
}


def answer_card(answer: Classification, card: ModelCard, cost: Arithmetic) -> str:
    """What one network says, what it costs, what it knows, and what must be known to trust it."""
    best = answer.order[0]
    weights = next((one for one in card.weights if one.name == answer.weights), None)
    knows = KNOWS[weights.domain if weights else "unknown"].format(n=len(answer.names))
    knows = "never trained: knows nothing" if answer.weights == RANDOM else knows
    time = f"{answer.ms:.0f} ms on {answer.device}" + (" (cached)" if answer.cached else "")
    lines = [
        f'<h3>{escape(answer.names[best])} · <output class="score">{answer.scores[best]:.1%}</output></h3>',
        f"<p>{escape(card.family)} {card.year} · <b>{escape(answer.model)}</b> · {escape(answer.weights)}</p>",
        f"<p>{time} · {_count(cost.params)} weights · {_count(cost.macs)} multiply-adds</p>",
        f'<p class="knows">{escape(knows)}</p>',
        *(f'<p class="badge">{escape(note)}</p>' for note in answer.notes),
        *([f'<p class="crops">{_ten(answer)}</p>'] if len(answer.logits) > 1 else []),
    ]
    return f'<article class="answer" data-testid="answer-{escape(answer.model)}">{"".join(lines)}</article>'


def trouble_card(model: str, sentence: str) -> str:
    """A network that could not answer, and what to do."""
    return (
        f'<article class="answer trouble" data-testid="answer-{escape(model)}"><h3>{escape(model)}</h3>'
        f"<p>{escape(sentence)}</p></article>"
    )


def strip(made: Variations) -> str:
    """The variations side by side, each with what was done to it and what the network says."""
    figures = [_figure(made, i) for i in range(len(made.pictures))]
    notes = "".join(f'<p class="badge">{escape(note)}</p>' for note in made.notes)
    agree = len({int(best) for best in made.best})
    said = "They are all answered alike." if agree == 1 else f"They get {agree} different answers."
    return f'<p>{said} {made.ms:.0f} ms for all of them.</p><div class="strip">{"".join(figures)}</div>{notes}'


def _figure(made: Variations, i: int) -> str:
    done = ["mirrored"] if made.mirrored[i] else []
    if made.shifts[i].any():
        done.append("colour {:+d} {:+d} {:+d}".format(*made.shifts[i]))
    x0, y0, x1, y1 = made.windows[i]
    name = escape(made.names[made.best[i]])
    title = f"window {x0:.0f} {y0:.0f} to {x1:.0f} {y1:.0f}"
    picture = f'<img src="{png_url(Frame(made.pictures[i]))}" alt="{escape(title)}" title="{escape(title)}">'
    return (
        f"<figure>{picture}<figcaption><b>{name}</b> {made.scores[i]:.1%}<br>{escape(', '.join(done))}"
        "</figcaption></figure>"
    )


def _ten(answer: Classification) -> str:
    """What averaging ten crops changed."""
    each = np.exp(answer.logits - answer.logits.max(axis=1, keepdims=True))
    each /= each.sum(axis=1, keepdims=True)
    alone = int(each[CENTRE].argmax())
    votes = Counter(each.argmax(axis=1).tolist()).most_common()
    said = ", ".join(f"{count} say {escape(answer.names[index])}" for index, count in votes[:3])
    rest = len(each) - sum(count for _, count in votes[:3])
    return f"By its centre alone: {escape(answer.names[alone])} {each[CENTRE, alone]:.1%}. Of the ten crops {said}" + (
        f", {rest} something else." if rest else "."
    )


def _count(number: int) -> str:
    """A number as people write large ones."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return str(number)
