"""A box on a real network's feature map; Girshick, Fast R-CNN, ICCV 2015, section 2.1; He et al., Mask R-CNN, ICCV
2017, section 3: the map is made once for the whole picture, and boxes are cut from it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from torch import nn

from explorer.errors import Mistake
from explorer.models.preparation import Preparation
from explorer.ops.roi_pool import roi_pool
from explorer.ops.stages import up_to
from explorer.records.frame import Frame, Size
from explorer.records.roi import Box, Roi
from explorer.records.roi_features import STRONGEST, RoiFeatureMap, RoiFeatures, Stage
from explorer.tasks.desk import Desk, Network, Outputs, Steps
from explorer.tasks.domain import outside
from explorer.tasks.registry import answers
from explorer.tasks.roi import poolings_of

MOST_PIXELS = 1_000_000
"""Larger pictures are made smaller first: a network's maps of ten megapixels take gigabytes."""
HALF = np.float32(0.5)

Plan = tuple[tuple[Stage, ...], Stage]


@answers(RoiFeatures)
def roi_features(question: RoiFeatures, desk: Desk) -> Steps[RoiFeatureMap]:
    """The map is kept: a box that moves runs no network. Raises Mistake for a box outside the picture, for networks
    that make no maps of whole pictures, and for pictures too small for this one."""
    frame = desk.frame(question.picture)
    inside(question.box, frame.size)
    network = yield from desk.network(question.model, question.weights)
    preparation = network.preparation
    if "classify" not in network.card.tasks or not isinstance(preparation, Preparation):
        raise Mistake(f"{network.card.name} is no classifier of whole pictures: choose one that is.")
    size = _fitting(frame.size)
    until, (stages, stage) = yield from desk.rebuilt(
        network, f"up to {question.layer}", _until(network.card.input, question.layer)
    )
    try:
        macs = desk.macs(until, size)
    except RuntimeError:
        raise Mistake(
            f"The picture is too small for {network.card.name}: choose a larger one, or an earlier layer."
        ) from None
    outputs = yield from desk.forward(
        until, lambda: preparation.whole(frame, size), (question.picture, size), question.precision, rows=1
    )
    return finish(question, frame, network, outputs, size, stages, stage, macs)


def inside(box: Box, size: Size) -> None:
    """Raises Mistake unless a part of the box lies on a picture of `size` (height, width)."""
    height, width = size
    x0, y0, x1, y1 = box
    if x1 <= 0 or y1 <= 0 or x0 >= width or y0 >= height or x0 == x1 or y0 == y1:
        raise Mistake(f"The box has no part of the picture, {width} by {height} pixels, in it: choose another.")


def on_input(box: Box, picture: Size, given: Size) -> Box:
    """A box on a picture (height, width) as a box on the same made `given` (height, width)."""
    down, across = (new / old for new, old in zip(given, picture, strict=True))
    x0, y0, x1, y1 = box
    return x0 * across, y0 * down, x1 * across, y1 * down


def _until(size: Size, layer: str) -> Callable[[nn.Module], tuple[nn.Module, Plan]]:
    def make(module: nn.Module) -> tuple[nn.Module, Plan]:
        made, stages, stage = up_to(module, size, layer)
        return made, (stages, stage)

    return make


def _fitting(size: Size) -> Size:
    """The picture's own, or as large as can be."""
    share = min(1.0, (MOST_PIXELS / (size[0] * size[1])) ** 0.5)
    height, width = (max(1, round(side * share)) for side in size)
    return height, width


def finish(
    question: RoiFeatures,
    frame: Frame,
    network: Network,
    outputs: Outputs,
    size: Size,
    stages: tuple[Stage, ...],
    stage: Stage,
    macs: int,
) -> RoiFeatureMap:
    """From the maps (1, c, rows, columns) to the poolings of one of them; runs no network. Raises Mistake for a channel
    that is none of theirs, and for maps that hold what is no number."""
    features = outputs.tensor[0].numpy()
    box, scale = on_input(question.box, frame.size, size), 1 / stage.stride
    channel = strongest(question.channel, features, box, scale)
    roi = Roi(finite(features[channel]), box, question.bins, question.samples, scale, question.aligned)
    poolings = poolings_of(roi)
    cell = np.asarray([stage.stride * old / new for old, new in zip(frame.size, size, strict=True)][::-1] * 2)
    pool, align = poolings.pool, poolings.align
    rounded = np.asarray([pool.cuts_x[0], pool.cuts_y[0], pool.cuts_x[-1], pool.cuts_y[-1]]) * cell
    read = (np.asarray([align.edges_x[0], align.edges_y[0], align.edges_x[-1], align.edges_y[-1]]) + HALF) * cell
    smaller = (f"made smaller first, to {size[1]} by {size[0]} pixels",) if size != frame.size else ()
    return RoiFeatureMap(
        model=network.card.name,
        weights=network.weights,
        device=outputs.device,
        precision=question.precision,
        size=frame.size,
        input=size,
        stage=stage,
        stages=stages,
        channel=channel,
        strongest=question.channel == STRONGEST,
        box=question.box,
        roi=roi,
        poolings=poolings,
        rounded=np.asarray(rounded, np.float32),
        read=np.asarray(read, np.float32),
        moved=np.asarray(rounded - np.asarray(question.box), np.float32),
        macs=macs,
        ms=outputs.ms,
        cached=outputs.cached,
        notes=(*network.notes, *outside(network, frame), *smaller, *outputs.notes),
    )


def strongest(wanted: int, features: NDArray[np.float32], box: Box, scale: float) -> int:
    """The channel that is wanted, or for STRONGEST the one whose greatest cell, of those RoI Pool compares, is the
    greatest of all; features: float32 (c, h, w). Raises Mistake for a channel that is not there."""
    if wanted >= len(features):
        raise Mistake(f"That layer has channels 0 to {len(features) - 1}, no {wanted}: choose one of them.")
    return wanted if wanted != STRONGEST else int(roi_pool(features, box, 1, scale).values[:, 0, 0].argmax())


def finite(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same. Raises Mistake where it holds what is no number."""
    if not np.isfinite(matrix).all():
        raise Mistake("That map holds numbers that are none: the weights are broken, choose others.")
    return matrix
