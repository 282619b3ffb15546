"""What is where, in two passes: Ren et al., Faster R-CNN, NIPS 2015, arXiv:1506.01497; He et al., Mask R-CNN, ICCV
2017, arXiv:1703.06870."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.errors import Mistake
from explorer.models.two_stage import Between, second_pass
from explorer.models.whole_picture import WholePicture
from explorer.records.cell import Cell, CellBoxes
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame, Size
from explorer.tasks.cell import tells_cells
from explorer.tasks.desk import Desk, Network, Outputs, Steps
from explorer.tasks.detect import detects
from explorer.tasks.domain import outside
from explorer.tasks.two_stage_trace import cell_of, trace


@detects("Faster R-CNN", suppresses=True)
@detects("Mask R-CNN", suppresses=True)
def detect(question: Detect, desk: Desk) -> Steps[Detections]:
    """The detector's own proposals through RoI Align and its head, and what its NMS leaves of them."""
    one = yield from _passed(question, desk)
    row, between, head, picture = one.outputs.tensor[0], one.between, one.head, one.picture
    boxes, _ = between.proposals(row, one.padded, picture)
    ran, rows = [one.outputs], boxes.new_zeros(0, 5 * len(one.network.categories))
    if len(boxes):
        second = yield from desk.forward(
            head,
            lambda: between.pooled(row, one.padded, picture, boxes),
            (question.picture, "proposals"),
            question.precision,
        )
        ran, rows = [one.outputs, second], second.tensor
    found, scores, labels = between.detections(rows, boxes, picture, question.score, question.iou)
    told = None
    if question.trace:
        judging = between.judging(rows, boxes, picture, question.score, question.iou)
        told = trace(between.proposing(row, one.padded, picture), judging, one.to_picture)
    said = dict.fromkeys(note for outputs in ran for note in outputs.notes)
    return Detections(
        model=one.network.card.name,
        weights=one.network.weights,
        device=one.outputs.device,
        precision=question.precision,
        size=one.frame.size,
        names=one.network.categories,
        boxes=np.asarray(found.numpy() * np.asarray(one.to_picture * 2), np.float32),
        labels=labels.numpy(),
        scores=scores.numpy(),
        ms=sum(outputs.ms for outputs in ran),
        cached=all(outputs.cached for outputs in ran),
        notes=(*one.network.notes, *outside(one.network, one.frame), *said),
        trace=told,
    )


@tells_cells("Faster R-CNN")
@tells_cells("Mask R-CNN")
def cell(question: Cell, desk: Desk) -> Steps[CellBoxes]:
    """From the first pass: what one cell of the RPN reads, and what becomes of its anchors among all others'."""
    one = yield from _passed(question, desk)
    proposing = one.between.proposing(one.outputs.tensor[0], one.padded, one.picture)
    return cell_of(question, proposing, one.to_picture, one.network, one.outputs)


@dataclass(frozen=True)
class _FirstPass:
    """picture, padded: (height, width) of the picture resized, and of it with its padding."""

    frame: Frame
    network: Network
    head: Network
    between: Between
    picture: Size
    padded: Size
    outputs: Outputs

    @property
    def to_picture(self) -> tuple[float, float]:
        """What x and y in pixels of the network's input are multiplied by."""
        (height, width), (rows, columns) = self.frame.size, self.picture
        return width / columns, height / rows


def _passed(question: Detect | Cell, desk: Desk) -> Steps[_FirstPass]:
    frame = desk.frame(question.picture)
    network = yield from desk.network(question.model, question.weights)
    preparation = network.preparation
    if not isinstance(preparation, WholePicture):
        raise Mistake(f"{network.card.name} is given no whole pictures: choose another detector.")
    head, between = yield from desk.rebuilt(network, "box head", second_pass)
    picture, padded = preparation.sizes(frame.size)
    outputs = yield from desk.forward(
        network, lambda: preparation.batch(frame), (question.picture,), question.precision, rows=1
    )
    return _FirstPass(frame, network, head, between, picture, padded, outputs)
