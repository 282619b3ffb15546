"""OverFeat's way to find things; Sermanet et al., ICLR 2014, arXiv:1312.6229, section 4."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from explorer.errors import Mistake
from explorer.models.preparation import Preparation
from explorer.ops.dense import Plan, convolutionize
from explorer.ops.greedy_merge import Merged, greedy_merge
from explorer.ops.windows import positions
from explorer.records.dense import LARGEST_SCALE, LEAST_SCALE, MOST_SCALES
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Size
from explorer.records.localize import MOST_CANDIDATES, Candidates, Localize, Localized
from explorer.tasks.desk import Desk, Network, Outputs, Steps
from explorer.tasks.detect import detects
from explorer.tasks.domain import outside
from explorer.tasks.ground import insist_on_few, scaled
from explorer.tasks.registry import answers

STEP = 1.58
"""From a scale to the next; six of them take a thing from 18 to 420 of 480 pixels."""
MARGIN_PX, BEYOND = 32, 114
"""So far past the picture's edges windows reach at every scale, and the grey that they see there, as in training: what
stands at an edge is in the middle of no window inside."""


@answers(Localize)
def localize(question: Localize, desk: Desk) -> Steps[Localized]:
    """One dense pass a scale, logits and boxes together. Raises Mistake for networks without a box regressor."""
    frame = desk.frame(question.picture)
    network = yield from desk.network(question.model, question.weights)
    preparation = network.preparation
    if not isinstance(preparation, Preparation):
        raise Mistake(f"{network.card.name} has no box regressor: choose street_overfeat.")
    window = network.card.input

    def with_boxes(module: nn.Module) -> tuple[nn.Module, Plan]:
        if not callable(make := getattr(module, "with_boxes", None)):
            raise Mistake(f"{network.card.name} has no box regressor: choose street_overfeat.")
        return convolutionize(make(), window, question.stride)

    whole, plan = yield from desk.rebuilt(network, f"boxes {question.stride}", with_boxes)
    scales = question.scales or fitting_scales(frame.size, window)
    found: list[_Found] = []
    ran: list[Outputs] = []
    sizes = [scaled(frame.size, scale) for scale in scales]
    insist_on_few(sum(math.prod(positions(widened(size), window, plan.stride)) for size in sizes))
    for scale, (height, width) in zip(scales, sizes, strict=True):

        def picture(size: Size = (height, width)) -> Tensor:
            sides = (MARGIN_PX,) * 2
            return preparation.inputs(
                [np.pad(preparation.scaled(frame, size), (sides, sides, (0, 0)), constant_values=BEYOND)]
            )

        key = question.picture, (height, width)
        outputs = yield from desk.forward(whole, picture, key, question.precision)
        ran.append(outputs)
        values = outputs.tensor[0].numpy()
        ratio = np.asarray([frame.size[1] / width, frame.size[0] / height] * 2, np.float32)
        found.append(_Found(values, plan, ratio, scale))
    return _answer(question, network, plan, frame.size, found, ran, outside(network, frame))


@detects("OverFeat")
def detect(question: Detect, desk: Desk) -> Steps[Detections]:
    """Boxes after the merge, in the scales that suit the picture."""
    asked = Localize(question.picture, question.model, question.weights, precision=question.precision)
    localized = yield from localize(asked, desk)
    found = localized.detections
    kept = found.scores >= question.score
    return replace(found, boxes=found.boxes[kept], labels=found.labels[kept], scores=found.scores[kept])


def fitting_scales(size: Size, window: Size) -> tuple[float, ...]:
    """Six scales; at the smallest the window sees the picture's whole short side."""
    least = max(window) / min(size)
    scales = (min(max(least * STEP**i, LEAST_SCALE), LARGEST_SCALE) for i in range(MOST_SCALES))
    return tuple(dict.fromkeys(scales))


def widened(size: Size) -> Size:
    """(height, width) of a picture of `size` with its margin."""
    return size[0] + 2 * MARGIN_PX, size[1] + 2 * MARGIN_PX


class _Found:
    """What one pass gave: scores float32 (classes, r, c), and boxes and windows (r, c, 4) in pixels of the picture."""

    def __init__(self, values: NDArray[np.float32], plan: Plan, ratio: NDArray[np.float32], scale: float) -> None:
        logits, moves = values[:-4], values[-4:]
        shifted = np.exp(logits - logits.max(axis=0))
        self.scores = shifted / shifted.sum(axis=0)
        self.scale = scale
        rows, columns = np.indices(logits.shape[1:])
        tall, wide = plan.window
        corners = np.stack([columns, rows, columns, rows], axis=-1) * plan.stride - MARGIN_PX
        corners = corners + np.asarray([0, 0, wide, tall])
        middles = corners + np.asarray([wide / 2, tall / 2, -wide / 2, -tall / 2])
        sides = np.asarray([wide, tall, wide, tall])
        self.windows = np.asarray(corners * ratio, np.float32)
        boxes = np.asarray((middles + np.moveaxis(moves, 0, -1) * sides) * ratio, np.float32)
        first, second = boxes[..., :2], boxes[..., 2:]
        self.boxes = np.concatenate([np.minimum(first, second), np.maximum(first, second)], axis=-1)


def _answer(
    question: Localize,
    network: Network,
    plan: Plan,
    size: Size,
    found: list[_Found],
    ran: list[Outputs],
    notes: tuple[str, ...],
) -> Localized:
    names = tuple(name for name in network.categories if name != "background")
    candidates = _candidates(question, found, size, [network.categories.index(name) for name in names])
    labels, merged = _merged(question, candidates)
    scores = _confidences(candidates.scores, merged)
    order = np.argsort(-scores, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    said = dict.fromkeys(note for outputs in ran for note in outputs.notes)
    detections = Detections(
        model=network.card.name,
        weights=network.weights,
        device=ran[-1].device,
        precision=question.precision,
        size=size,
        names=names,
        boxes=merged.boxes[order],
        labels=labels[order],
        scores=scores[order],
        ms=sum(outputs.ms for outputs in ran),
        cached=all(outputs.cached for outputs in ran),
        notes=(*network.notes, *notes, *said),
    )
    return Localized(
        detections,
        replace(candidates, members=rank[merged.members]),
        tuple(one.scale for one in found),
        plan.stride,
        sum(one.scores[0].size for one in found),
    )


def _candidates(question: Localize, found: list[_Found], size: Size, things: list[int]) -> Candidates:
    """Every place at which a class scores enough, of all scales."""
    boxes, windows, labels, scores, scales = [], [], [], [], []
    for one in found:
        label, row, column = np.nonzero(one.scores[things] >= question.score)
        boxes.append(one.boxes[row, column])
        windows.append(one.windows[row, column])
        labels.append(label.astype(np.int64))
        scores.append(one.scores[things][label, row, column])
        scales.append(np.full(len(label), one.scale, np.float32))
    every = np.concatenate(scores)
    best = np.argsort(-every, kind="stable")[:MOST_CANDIDATES]
    height, width = size
    inside = np.clip(np.concatenate(boxes)[best], 0, np.asarray([width, height] * 2, np.float32))
    return Candidates(
        np.asarray(inside, np.float32),
        np.concatenate(windows)[best],
        np.concatenate(labels)[best],
        every[best].astype(np.float32),
        np.concatenate(scales)[best],
        np.zeros(len(best), np.int64),
        len(every),
    )


def _merged(question: Localize, candidates: Candidates) -> tuple[NDArray[np.int64], Merged]:
    """Each class by itself: classes (m,), and the merged boxes of all of them."""
    boxes = candidates.boxes if question.regressor else candidates.windows
    labels, parts = [], []
    members, count = np.zeros(len(boxes), np.int64), 0
    for label in np.unique(candidates.labels):
        own = candidates.labels == label
        part = greedy_merge(boxes[own], candidates.scores[own], question.match)
        members[own] = part.members + count
        count += len(part.scores)
        parts.append(part)
        labels.append(np.full(len(part.scores), label, np.int64))
    none = np.empty(0, np.int64)
    return np.concatenate([none, *labels]), Merged(
        np.concatenate([np.empty((0, 4), np.float32), *(part.boxes for part in parts)]),
        np.concatenate([np.empty(0, np.float32), *(part.scores for part in parts)]),
        members,
    )


def _confidences(scores: NDArray[np.float32], merged: Merged) -> NDArray[np.float32]:
    """Float32 (m,) in [0, 1): that not all of the places are wrong which a box was made of, were they independent.

    The paper adds their scores up, which orders boxes nearly alike and ends nowhere.
    """
    doubts = np.zeros(len(merged.scores))
    np.add.at(doubts, merged.members, np.log1p(-np.minimum(scores.astype(np.float64), 1 - 1e-7)))
    return np.minimum(-np.expm1(doubts), 1 - 2.0**-24).astype(np.float32)
