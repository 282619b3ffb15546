"""Which of a network's boxes are true, and average precision, as COCO counts them.

Lin et al., ECCV 2014, arXiv:1405.0312; cocodataset.org/#detection-eval; cocoapi's cocoeval.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.class_names import same_class
from explorer.errors import Mistake
from explorer.records.detect import Detections
from explorer.records.judged import FALSE, PASSED, TRUE, Curve, Judged
from explorer.records.trace import NOBODY
from explorer.records.truth import Truth

Pair = tuple[Detections, Truth]
IOUS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0.0, 1.0, 101)
MOST = 100
"""So many boxes of a class on one picture enter an average precision, the best."""
USUAL_SCORE = 0.05
"""Where all that scores higher is told, an average precision hardly rises with more."""
_NEARLY_1 = 1 - 1e-10
_TOLD = 5


@dataclass(frozen=True, eq=False)
class Match:
    """Which thing each of n boxes is about, at each of t IoUs.

    scores: float32 (n,); classes: texts (n,); verdicts, things: int64 (t, n); overlaps: float64 (t, n), as in Judged.
    """

    scores: NDArray[np.float32]
    classes: NDArray[np.object_]
    verdicts: NDArray[np.int64]
    things: NDArray[np.int64]
    overlaps: NDArray[np.float64]


def judge(found: Detections, truth: Truth, iou: float = 0.5, least: float = 0.0) -> Judged:
    """What of these boxes is true where a true one overlaps its thing by an IoU of `iou` or more.

    least: what scores lower was left out of `found`, which is told where it bears on average precision. Classes are
    one where `same_class` says so. Raises Mistake for an IoU that is not in (0, 1].
    """
    if not 0 < iou <= 1:
        raise Mistake(f"The IoU from which a box is true lies above 0 and up to 1, got {iou:g}: choose another.")
    made = match(found, truth, np.append(IOUS, iou))
    verdicts, things = made.verdicts[-1], made.things[-1]
    finders = np.full(len(truth.names), NOBODY, np.int64)
    true = np.flatnonzero(verdicts == TRUE)
    finders[things[true]] = true
    wanted = _wanted([truth])
    curves = [class_curves(name, [made], count) for name, count in wanted.items()]
    aps = np.array([[one.ap for one in of_class] for of_class in curves]).reshape(-1, len(IOUS) + 1)
    judged = verdicts != PASSED
    return Judged(
        found=found,
        truth=truth,
        iou=iou,
        verdicts=verdicts,
        matched=things,
        overlaps=made.overlaps[-1],
        finders=finders,
        overall=curve("", found.scores[judged], verdicts[judged] == TRUE, int(truth.counts.sum())),
        curves=tuple(of_class[-1] for of_class in curves),
        ap50=_mean(aps[:, 0]),
        ap75=_mean(aps[:, 5]),
        ap=_mean(aps[:, :-1]),
        notes=tuple(_notes(found, truth, made, least)),
    )


def average_precisions(pictures: Sequence[Pair]) -> dict[str, NDArray[np.float64]]:
    """AP (10,) at IoU .5, .55, ... .95 over all the pictures, by class, of those of which something counts."""
    made = [match(found, truth, IOUS) for found, truth in pictures]
    wanted = _wanted(truth for _, truth in pictures)
    return {name: np.array([one.ap for one in class_curves(name, made, count)]) for name, count in wanted.items()}


def match(found: Detections, truth: Truth, ious: NDArray[np.float64]) -> Match:
    """Greedily, best score first, at each of the IoUs.

    Of the things of its class that count and are still free a box takes the one that it overlaps most, if by the IoU or
    more. If there is none, and that share of it lies on a thing that does not count, it is passed over, and that thing
    stays free. Else it is false.
    """
    said = [same_class(name) for name in found.names]
    classes = np.array([said[label] for label in found.labels], object)
    true_classes = np.array([same_class(name) for name in truth.names], object)
    shape = len(ious), len(classes)
    verdicts, things, overlaps = np.full(shape, FALSE, np.int64), np.full(shape, NOBODY, np.int64), np.zeros(shape)
    boxes, true_boxes = found.boxes.astype(np.float64), truth.boxes.astype(np.float64)
    for name in sorted(set(classes) & set(true_classes)):
        count = np.flatnonzero((true_classes == name) & truth.counts)
        rest = np.flatnonzero((true_classes == name) & ~truth.counts)
        free, always = (np.ones((len(ious), len(of)), bool) for of in (count, rest))
        for i in np.flatnonzero(classes == name):
            shared = _overlaps(boxes[i], true_boxes[count])
            thing, true = _most(shared, free, ious)
            free[true, thing[true]] = False
            on = _overlaps(boxes[i], true_boxes[rest], of_union=False)
            crowd, passed = _most(on, always, ious)
            passed &= ~true
            verdicts[true, i], verdicts[passed, i] = TRUE, PASSED
            things[true, i], things[passed, i] = count[thing[true]], rest[crowd[passed]]
            overlaps[:, i] = shared.max(initial=0)
            overlaps[true, i], overlaps[passed, i] = shared[thing[true]], on[crowd[passed]]
    return Match(found.scores, classes, verdicts, things, overlaps)


def class_curves(name: str, made: Sequence[Match], things: int) -> list[Curve]:
    """The curves of one class over pictures, one for each of the IoUs; things: so many count."""
    mine = [np.flatnonzero(one.classes == name)[:MOST] for one in made]
    scores = np.concatenate([one.scores[i] for one, i in zip(made, mine, strict=True)])
    verdicts = np.concatenate([one.verdicts[:, i] for one, i in zip(made, mine, strict=True)], axis=1)
    return [curve(name, scores[one != PASSED], one[one != PASSED] == TRUE, things) for one in verdicts]


def curve(name: str, scores: NDArray[np.float32], true: NDArray[np.bool_], things: int) -> Curve:
    """Precision against recall of k boxes, in any order, where so many things are to be found."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(true[order])
    precision = hits / np.arange(1, len(hits) + 1)
    if not things:
        nothing = np.full(len(hits), np.nan)
        return Curve(name, 0, scores[order], precision, nothing, np.zeros(len(RECALLS)), float("nan"))
    recall = hits / things
    best = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)  # nothing reaches further: 0
    envelope = best[np.searchsorted(recall, RECALLS)]
    return Curve(name, things, scores[order], precision, recall, envelope, float(envelope.mean()))


def _wanted(truths: Iterable[Truth]) -> dict[str, int]:
    """How many things of each class count, where any does; most first."""
    names = (name for truth in truths for name, counts in zip(truth.names, truth.counts, strict=True) if counts)
    wanted = Counter(same_class(name) for name in names)
    return dict(sorted(wanted.items(), key=lambda one: (-one[1], one[0])))


def _overlaps(box: NDArray[np.float64], boxes: NDArray[np.float64], of_union: bool = True) -> NDArray[np.float64]:
    """IoU (m,) of a box (4,) with others (m, 4), or the share of the box itself that lies on each."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.maximum(sides, 0).prod(axis=1)
    own = (box[2:] - box[:2]).prod()
    whole = own + (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) - shared if of_union else np.full(len(boxes), own)
    shares: NDArray[np.float64] = np.divide(shared, whole, out=np.zeros(len(boxes)), where=whole > 0)
    return shares


def _most(
    shared: NDArray[np.float64], free: NDArray[np.bool_], ious: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Which (t,) of m free things is overlapped most, the last of equals, and whether by the IoU: as cocoeval does."""
    limits = np.minimum(ious, _NEARLY_1)
    near = np.flatnonzero(shared >= limits.min())
    if not len(near):
        return np.zeros(len(ious), np.int64), np.zeros(len(ious), bool)
    enough = free[:, near] & (shared[near] >= limits[:, None])
    best = len(near) - 1 - np.argmax(np.where(enough, shared[near], -1.0)[:, ::-1], axis=1)
    return near[best], enough[np.arange(len(ious)), best]


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else float("nan")


def _notes(found: Detections, truth: Truth, made: Match, least: float) -> Iterable[str]:
    if not truth.counts.any():
        yield "nothing in this picture counts: there is no recall and no average precision"
    elif least > USUAL_SCORE:
        yield f"average precision is of boxes that score {least:.0%} or more: with fewer left out it can be higher"
    known = {same_class(name) for name in found.names}
    there = {same_class(name) for name in truth.names}
    if unknown := sorted(there - known):
        yield f"the network has no name for {_listed(unknown)}, so such things are missed"
    if strange := sorted(set(made.classes) - there):
        yield f"the truth names no {_listed(strange)}, so such boxes are false"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + more
