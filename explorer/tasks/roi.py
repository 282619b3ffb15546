"""A box through RoI Pool, RoI Warp and RoI Align; He et al., Mask R-CNN, ICCV 2017, section 3 and table 2c."""

from __future__ import annotations

import numpy as np

from explorer.ops.roi_align import roi_align, roi_warp
from explorer.ops.roi_pool import roi_pool
from explorer.records.question import Progress
from explorer.records.roi import METHODS, Box, Poolings, Roi, RoiShift, ShiftCurves
from explorer.tasks.desk import Desk, Steps
from explorer.tasks.registry import answers


@answers(Roi)
def roi(question: Roi, desk: Desk) -> Steps[Poolings]:
    """At once: a matrix needs no network."""
    yield from ()
    return poolings_of(question)


@answers(RoiShift)
def shift(question: RoiShift, desk: Desk) -> Steps[ShiftCurves]:
    """Each place of the box is pooled afresh."""
    places = range(question.steps + 1)
    curves = {method: np.empty((len(places), *2 * (question.roi.bins,)), np.float32) for method in METHODS}
    for place in places:
        yield Progress("moving the box", place, len(places))
        made = _poolings(question.roi, question.box_at(place))
        curves["pool"][place] = made.pool.values[0]
        curves["warp"][place] = made.warp.average[0]
        curves["align"][place] = made.align.average[0]
        curves["align_max"][place] = made.align.highest[0]
    jumps = {method: float(np.abs(np.diff(curve, axis=0)).max()) for method, curve in curves.items()}
    return ShiftCurves(np.arange(len(places), dtype=np.float32) * np.float32(question.step), curves, jumps)


def poolings_of(question: Roi) -> Poolings:
    """Each method on the question's box."""
    return _poolings(question, question.box)


def _poolings(question: Roi, box: Box) -> Poolings:
    features, bins, scale = question.matrix[None], question.bins, question.scale
    sampling = question.samples, scale, question.aligned
    return Poolings(
        pool=roi_pool(features, box, bins, scale),
        warp=roi_warp(features, box, bins, *sampling),
        align=roi_align(features, box, bins, *sampling),
    )
