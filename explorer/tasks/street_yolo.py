"""The street's own YOLO finds things; Redmon et al., CVPR 2016, arXiv:1506.02640, section 2."""

from __future__ import annotations

from explorer.errors import Mistake
from explorer.models.darknet.decode import Candidates, candidates
from explorer.models.fixed_picture import FixedPicture
from explorer.models.street_yolo import boxes_of
from explorer.records.cell import Cell, CellBoxes
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.tasks.cell import tells_cells
from explorer.tasks.darknet import IOU, MOST, found
from explorer.tasks.desk import Desk, Network, Outputs, Steps
from explorer.tasks.detect import detects
from explorer.tasks.yolo_trace import cell_of, judged


@detects("YOLO", suppresses=True)
def detect(question: Detect, desk: Desk) -> Steps[Detections]:
    """One pass over the whole picture; what its cells propose is judged afterwards."""
    frame, network, outputs = yield from _passed(question, desk)
    return found(question, frame, network, _proposed(frame, outputs), outputs)


@tells_cells("YOLO")
def cell(question: Cell, desk: Desk) -> Steps[CellBoxes]:
    """From the same pass: what one cell reads, and what becomes of its boxes among all others'."""
    frame, network, outputs = yield from _passed(question, desk)
    iou = IOU if question.iou is None else question.iou
    return cell_of(question, judged(_proposed(frame, outputs), question.score, iou, MOST), network, outputs)


def _passed(question: Detect | Cell, desk: Desk) -> Steps[tuple[Frame, Network, Outputs]]:
    frame = desk.frame(question.picture)
    network = yield from desk.network(question.model, question.weights)
    preparation = network.preparation
    if not isinstance(preparation, FixedPicture):
        raise Mistake(f"{network.card.name} has no weights that say how pictures are prepared: choose street_overfeat.")
    outputs = yield from desk.forward(
        network, lambda: preparation.batch(frame), (question.picture,), question.precision
    )
    return frame, network, outputs


def _proposed(frame: Frame, outputs: Outputs) -> Candidates:
    return candidates((boxes_of(outputs.tensor[:1]),), frame.size)
