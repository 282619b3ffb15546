"""What really is in a picture, and what of a network's boxes is true, as layers over it.

True, false and missed are told apart by a word on each box and by dashes, and by three of Wong's colours.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from explorer.drawing.layers import MOST_BOXES, Boxes, Layer, Pane, View
from explorer.drawing.palette import CLASSES, GREY, RGB
from explorer.records.judged import FALSE, PASSED, TRUE, Judged
from explorer.records.truth import Truth

TRUTH: RGB = (255, 255, 255)
RIGHT, WRONG, LOST = CLASSES[2], CLASSES[5], CLASSES[6]


def truth_layers(truth: Truth) -> tuple[Layer, ...]:
    """The things, dashed, with their names; those that do not count apart and grey. None where there are none."""
    grey = _things("truth, not counted", truth, ~truth.counts, GREY, lambda name: f"{name} (not counted)")
    return grey + _things("truth", truth, truth.counts, TRUTH, lambda name: name)


def judged_view(judged: Judged, picture: str, score: float = 0.0) -> View:
    """One pane with every box that scores so much, and every thing that these miss; the true ones on top."""
    return View(picture, (Pane(layers=judged_layers(judged, score)),))


def judged_layers(judged: Judged, score: float = 0.0) -> tuple[Layer, ...]:
    """Boxes that score at least so much, by what they are, and the things that these miss; none of a kind, no layer."""
    shown = judged.found.scores >= score
    return (
        *_boxes("passed over", judged, shown & (judged.verdicts == PASSED), GREY),
        *_things("missed", judged.truth, judged.missed(score), LOST, lambda name: f"missed: {name}"),
        *_boxes("false", judged, shown & (judged.verdicts == FALSE), WRONG),
        *_boxes("true", judged, shown & (judged.verdicts == TRUE), RIGHT),
    )


def _things(
    title: str, truth: Truth, which: NDArray[np.bool_], colour: RGB, label: Callable[[str], str]
) -> tuple[Layer, ...]:
    """At most 1,000."""
    kept = np.flatnonzero(which)
    if not len(kept):
        return ()
    some = kept[:MOST_BOXES]
    labels = tuple(label(truth.names[i]) for i in some)
    return (Boxes(title, truth.boxes[some], labels, colours=(colour,), dashed=True, total=len(kept)),)


def _boxes(word: str, judged: Judged, which: NDArray[np.bool_], colour: RGB) -> tuple[Layer, ...]:
    """At most the best 1,000."""
    kept = np.flatnonzero(which)
    if not len(kept):
        return ()
    some, found, again = kept[:MOST_BOXES], judged.found, judged.again
    labels = tuple(
        f"{word}{', found before' if again[i] else ''}: {found.names[found.labels[i]]}{_overlap(judged, i)}"
        for i in some
    )
    scores, groups = found.scores[some], found.labels[some]
    return (Boxes(word, found.boxes[some], labels, scores, groups, (colour,), total=len(kept)),)


def _overlap(judged: Judged, i: int) -> str:
    """The overlap that decided, rounded down: what falls short of an IoU must not be shown as that; "" for none."""
    share = math.floor(float(judged.overlaps[i]) * 100 + 1e-9) / 100
    if judged.verdicts[i] == PASSED:
        return f" ({share:.0%} of it on what does not count)"
    return f" (IoU {share:.2f})" if share > 0 else ""
