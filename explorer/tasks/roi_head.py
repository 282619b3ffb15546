"""One box through RoI Pool and through RoI Align into a detector's own head; He et al., Mask R-CNN, ICCV 2017, table 2,
on the maps of Lin et al., Feature Pyramid Networks, CVPR 2017, section 4.2."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.errors import Mistake
from explorer.models.two_stage import Between, Level, second_pass
from explorer.models.whole_picture import WholePicture
from explorer.ops.roi_align import roi_align
from explorer.ops.roi_level import pyramid_level
from explorer.ops.roi_pool import roi_pool
from explorer.records.frame import Frame, Size
from explorer.records.roi import Box, Roi
from explorer.records.roi_head import FAMILIES, HeadAnswer, HeadAnswers, PyramidMap, RoiHead
from explorer.tasks.desk import Desk, Network, Outputs, Steps
from explorer.tasks.domain import outside
from explorer.tasks.registry import answers
from explorer.tasks.roi import poolings_of
from explorer.tasks.roi_features import finite, inside, on_input, strongest

WAYS = 2


@answers(RoiHead)
def roi_head(question: RoiHead, desk: Desk) -> Steps[HeadAnswers]:
    """The first pass is kept; the two poolings of a box are the two items of one batch of the second.

    Raises Mistake for a box outside the picture and for networks that are no detectors of two passes.
    """
    frame = desk.frame(question.picture)
    inside(question.box, frame.size)
    network = yield from desk.network(question.model, question.weights)
    preparation = network.preparation
    if network.card.family not in FAMILIES or not isinstance(preparation, WholePicture):
        raise Mistake(f"{network.card.name} has no head that takes boxes: choose a Faster R-CNN or a Mask R-CNN.")
    head, between = yield from desk.rebuilt(network, "box head", second_pass)
    sizes = preparation.sizes(frame.size)
    first = yield from desk.forward(
        network, lambda: preparation.batch(frame), (question.picture,), question.precision, rows=1
    )
    cut = _Cut(question, frame.size, sizes, first.tensor[0], between)
    second = yield from desk.forward(
        head, lambda: cut.pooled(), (question.picture, question.box), question.precision, rows=WAYS
    )
    return _finish(question, frame, network, first, second, cut)


class _Cut:
    """A box on one of the maps of a first pass.

    sizes: (height, width) of the picture resized, and of it with its padding.
    """

    def __init__(
        self, question: RoiHead, picture: Size, sizes: tuple[Size, Size], row: Tensor, between: Between
    ) -> None:
        self.between, self.row, self.picture = between, row, picture
        self.input, self.padded = sizes
        self.box: Box = on_input(question.box, picture, self.input)
        levels = between.levels(row, self.padded)
        self.maps = tuple(_named(level) for level in levels)
        self.exact, level = pyramid_level(self.box, self.maps[0].level, self.maps[-1].level)
        self.chosen = next(i for i, one in enumerate(self.maps) if one.level == level)
        features, scale = levels[self.chosen].values.numpy(), 1 / self.maps[self.chosen].stride
        self.pool = roi_pool(features, self.box, between.bins, scale)
        self.align = roi_align(features, self.box, between.bins, between.samples, scale)
        self.channel = strongest(question.channel, features, self.box, scale)
        self.roi = Roi(finite(features[self.channel]), self.box, between.bins, between.samples, scale)

    def pooled(self) -> Tensor:
        """Float32 (2, c, bins, bins): by RoI Pool, by RoI Align."""
        return torch.from_numpy(np.stack([self.pool.values, self.align.average]))

    def on_picture(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes (..., 4) in pixels of the input, in pixels of the picture."""
        down, across = (old / new for new, old in zip(self.input, self.picture, strict=True))
        return np.asarray(boxes * np.asarray([across, down, across, down]), np.float32)


def _named(level: Level) -> PyramidMap:
    rows, columns = level.values.shape[-2:]
    return PyramidMap(level.name, level.stride.bit_length() - 1, rows, columns)


def _finish(
    question: RoiHead, frame: Frame, network: Network, first: Outputs, second: Outputs, cut: _Cut
) -> HeadAnswers:
    """From rows of logits and offsets, RoI Pool's and RoI Align's; runs no network."""
    classes = len(network.categories)
    logits, offsets = second.tensor[:, :classes], second.tensor[:, classes:]
    scores = logits.double().softmax(1).float()
    boxes = cut.between.moved(offsets, torch.tensor(cut.box)).numpy()
    stride = cut.maps[cut.chosen].stride
    pool, align = cut.pool, cut.align
    cuts = np.asarray([pool.cuts_x[0], pool.cuts_y[0], pool.cuts_x[-1], pool.cuts_y[-1]])
    read = np.asarray([align.edges_x[0], align.edges_y[0], align.edges_x[-1], align.edges_y[-1]])
    pooled = []
    for i, place in enumerate((cuts, read)):
        thing = 1 + int(scores[i, 1:].argmax())
        pooled.append(
            HeadAnswer(
                logits[i].numpy(),
                scores[i].numpy(),
                cut.on_picture(boxes[i, thing]),
                cut.on_picture(np.asarray(place * stride, np.float32)),
            )
        )
    found, sure = cut.between.proposals(cut.row, cut.padded, cut.input)
    level = float(np.abs(align.average).mean())
    lost = () if torch.isfinite(second.tensor).all() else ("some scores are not numbers: the weights are broken",)
    return HeadAnswers(
        model=network.card.name,
        weights=network.weights,
        device=first.device,
        precision=question.precision,
        size=frame.size,
        input=cut.input,
        box=question.box,
        given=cut.box,
        maps=cut.maps,
        chosen=cut.chosen,
        exact=cut.exact,
        bins=cut.between.bins,
        samples=cut.between.samples,
        names=network.categories,
        pool=pooled[0],
        align=pooled[1],
        apart=float(np.abs(pool.values - align.average).mean()) / level if level else 0.0,
        channel=cut.channel,
        roi=cut.roi,
        poolings=poolings_of(cut.roi),
        proposals=cut.on_picture(found.numpy()),
        sure=sure.numpy(),
        ms=first.ms + second.ms,
        cached=first.cached,
        notes=(*network.notes, *outside(network, frame), *first.notes, *second.notes, *lost),
    )
