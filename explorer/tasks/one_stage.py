"""What is where, in one pass: Liu et al., SSD, ECCV 2016, arXiv:1512.02325; Lin et al., RetinaNet, ICCV 2017,
arXiv:1708.02002; Tian et al., FCOS, ICCV 2019, arXiv:1904.01355."""

from __future__ import annotations

import numpy as np
from torchvision.models.detection.transform import resize_boxes

from explorer.errors import Mistake
from explorer.models.one_stage import after_pass
from explorer.models.one_stage_verdict import judge
from explorer.models.whole_picture import WholePicture
from explorer.records.cell import Cell, CellBoxes
from explorer.records.detect import Detect, Detections
from explorer.tasks.cell import tells_cells
from explorer.tasks.contest import floats
from explorer.tasks.desk import Desk, Steps
from explorer.tasks.detect import detects
from explorer.tasks.domain import outside
from explorer.tasks.one_stage_trace import Judged, cell_of, trace

TOGETHER = 8
"""Pictures in a pass where all are prepared to one size: 0.7 GB at the first convolutions of SSD."""


@detects("SSD", suppresses=True)
@detects("RetinaNet", suppresses=True)
@detects("FCOS", suppresses=True)
def detect(question: Detect, desk: Desk) -> Steps[Detections]:
    """One pass over the whole picture; the boxes that its cells propose are judged afterwards."""
    judged = yield from _judged(question, desk)
    network, frame, outputs, verdict = judged.network, judged.frame, judged.outputs, judged.verdict
    found = verdict.found
    broken = () if judged.read.finite else ("some outputs are not numbers: the weights are broken",)
    return Detections(
        model=network.card.name,
        weights=network.weights,
        device=outputs.device,
        precision=question.precision,
        size=frame.size,
        names=network.categories,
        boxes=floats(resize_boxes(verdict.boxes[found], judged.read.picture, frame.size)),
        labels=np.asarray(verdict.met_labels[found].numpy(), np.int64),
        scores=floats(verdict.met_scores[found]),
        ms=outputs.ms,
        cached=outputs.cached,
        notes=(*network.notes, *outside(network, frame), *outputs.notes, *broken),
        trace=trace(judged) if question.trace else None,
    )


@tells_cells("SSD")
@tells_cells("RetinaNet")
@tells_cells("FCOS")
def cell(question: Cell, desk: Desk) -> Steps[CellBoxes]:
    """From the same pass: what one cell reads, and what becomes of its boxes among all others'."""
    judged = yield from _judged(question, desk)
    return cell_of(question, judged)


def _judged(question: Detect | Cell, desk: Desk) -> Steps[Judged]:
    frame = desk.frame(question.picture)
    network = yield from desk.network(question.model, question.weights)
    preparation = network.preparation
    if not isinstance(preparation, WholePicture):
        raise Mistake(f"{network.card.name} is given no whole pictures: choose another detector.")
    _, after = yield from desk.rebuilt(network, "boxes", after_pass)
    picture, padded = preparation.sizes(frame.size)
    rows = TOGETHER if preparation.squash else 1
    outputs = yield from desk.forward(
        network, lambda: preparation.batch(frame), (question.picture,), question.precision, rows=rows
    )
    read = after.read(outputs.tensor[0], padded, picture)
    return Judged(network, frame, outputs, after, read, judge(after, read, question.score, question.iou))
