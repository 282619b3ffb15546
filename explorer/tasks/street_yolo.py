"""The street's own YOLO finds things; Redmon et al., CVPR 2016, arXiv:1506.02640, section 2."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.errors import Mistake, shown
from explorer.models.darknet.decode import Candidates, candidates
from explorer.models.fixed_picture import FixedPicture
from explorer.models.street_yolo import GRID, boxes_of
from explorer.ops.yolo_loss import Lambdas, YoloLoss, yolo_loss
from explorer.ops.yolo_targets import yolo_targets
from explorer.records.cell import Cell, CellBoxes
from explorer.records.cell_loss import CellLoss, CellLosses
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame, Size
from explorer.records.trace import NOBODY
from explorer.records.truth import Truth
from explorer.tasks.cell import tells_cells
from explorer.tasks.contest import floats
from explorer.tasks.darknet import IOU, MOST, found
from explorer.tasks.desk import Desk, Network, Outputs, Steps
from explorer.tasks.detect import detects
from explorer.tasks.registry import answers
from explorer.tasks.yolo_trace import cell_of, judged

FAMILY = "YOLO"


@detects(FAMILY, suppresses=True)
def detect(question: Detect, desk: Desk) -> Steps[Detections]:
    """One pass over the whole picture; what its cells propose is judged afterwards."""
    frame, network, outputs = yield from _passed(question, desk)
    return found(question, frame, network, _proposed(frame, outputs), outputs)


@tells_cells(FAMILY)
def cell(question: Cell, desk: Desk) -> Steps[CellBoxes]:
    """From the same pass: what one cell reads, and what becomes of its boxes among all others'."""
    frame, network, outputs = yield from _passed(question, desk)
    iou = IOU if question.iou is None else question.iou
    return cell_of(question, judged(_proposed(frame, outputs), question.score, iou, MOST), network, outputs)


@answers(CellLoss)
def loss(question: CellLoss, desk: Desk) -> Steps[CellLosses]:
    """From the same pass: what the network would learn by of this picture, by the code that it was trained with.

    Raises Mistake for another family, for a picture whose source does not know what is in it, and for things that the
    network has no name for.
    """
    network = yield from desk.network(question.model, question.weights)
    if network.card.family != FAMILY:
        raise Mistake(f"The loss of YOLO's version 1 is known of street_yolo, not of {question.model}: choose that.")
    truth = desk.frame(question.picture).truth
    if truth is None:
        raise Mistake("Nobody knows what is true of this picture: choose a scene of Streetscape.")
    frame, network, outputs = yield from _passed(question, desk)
    labels, found = _lost(truth, frame.size, network.categories, outputs)
    responsible = found.responsible[0]
    return CellLosses(
        model=network.card.name,
        weights=network.weights,
        source=truth.source,
        names=network.categories,
        lambdas=Lambdas().each,
        terms=floats(found.terms[0]),
        labels=labels,
        responsible=np.where(responsible.any(-1).numpy(), responsible.int().argmax(-1).numpy(), NOBODY),
        overlaps=floats(found.overlaps[0]),
        cached=outputs.cached,
    )


def _lost(truth: Truth, size: Size, names: tuple[str, ...], outputs: Outputs) -> tuple[NDArray[np.int64], YoloLoss]:
    """What the cells were to learn, and how far they are from it."""
    strange = sorted(set(truth.names) - set(names))
    if strange:
        raise Mistake(f"The network has no name for {shown(strange[0])}, so its loss is not known: choose another.")
    numbers = np.array([names.index(name) for name in truth.names], np.int64)
    labels, boxes = yolo_targets(truth.boxes.astype(np.float64), numbers, truth.counts, size, GRID)
    made = boxes_of(outputs.tensor[:1])
    return labels, yolo_loss(made, torch.from_numpy(labels)[None], torch.from_numpy(boxes)[None])


def _passed(question: Detect | Cell | CellLoss, desk: Desk) -> Steps[tuple[Frame, Network, Outputs]]:
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
