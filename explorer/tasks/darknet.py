"""A Darknet network's way to find things; Redmon et al., YOLO, CVPR 2016, arXiv:1506.02640, section 2."""

from __future__ import annotations

import torch

from explorer.errors import Mistake
from explorer.models.darknet.decode import Candidates, decode
from explorer.models.darknet.flat import parted
from explorer.models.darknet.plan import Plan
from explorer.models.darknet.prepare import DarknetPreparation
from explorer.records.cell import Cell, CellBoxes
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.tasks.cell import tells_cells
from explorer.tasks.contest import floats
from explorer.tasks.desk import Desk, Network, Outputs, Steps
from explorer.tasks.detect import detects
from explorer.tasks.domain import outside
from explorer.tasks.yolo_trace import cell_of, judged, trace

IOU = 0.45
MOST = 1_000
"""As many candidates are compared, the best ones."""
MOST_ROWS = 32
MOST_TOGETHER = 1 << 28
"""Floats in memory at once, 1 GB: large networks have fewer pictures in a pass."""


@detects("Darknet", suppresses=True)
def detect(question: Detect, desk: Desk) -> Steps[Detections]:
    """One pass over the whole picture; what its cells propose is judged afterwards."""
    frame, network, plan, outputs = yield from _passed(question, desk)
    return finish(question, frame, network, plan, outputs)


@tells_cells("Darknet")
def cell(question: Cell, desk: Desk) -> Steps[CellBoxes]:
    """From the same pass: what one cell reads, and what becomes of its boxes among all others'."""
    frame, network, plan, outputs = yield from _passed(question, desk)
    candidates = decode(plan, parted(plan, outputs.tensor), frame.size)
    return cell_of(question, judged(candidates, question.score, _iou(question), MOST), network, outputs)


def _passed(question: Detect | Cell, desk: Desk) -> Steps[tuple[Frame, Network, Plan, Outputs]]:
    frame = desk.frame(question.picture)
    network = yield from desk.network(question.model, question.weights)
    preparation = network.preparation
    if not isinstance(preparation, DarknetPreparation):
        raise Mistake(f"{network.card.name} has no plan of a Darknet network: bring it with its cfg.")
    plan = preparation.plan
    outputs = yield from desk.forward(
        network, lambda: preparation.batch(frame), (question.picture,), question.precision, rows=rows_of(plan)
    )
    return frame, network, plan, outputs


def _iou(question: Detect | Cell) -> float:
    return IOU if question.iou is None else question.iou


def rows_of(plan: Plan) -> int:
    """How many pictures fit in a pass, at least 1."""
    return max(1, min(MOST_ROWS, MOST_TOGETHER // max(plan.alive, 1)))


def finish(question: Detect, frame: Frame, network: Network, plan: Plan, outputs: Outputs) -> Detections:
    """From what the heads read to boxes that are left after NMS, class by class; runs no network."""
    return found(question, frame, network, decode(plan, parted(plan, outputs.tensor), frame.size), outputs)


def found(question: Detect, frame: Frame, network: Network, candidates: Candidates, outputs: Outputs) -> Detections:
    """Of what a picture's cells propose, what is left.

    NMS sees the boxes whole; what is answered is their part inside the picture, and those with none are left out.
    """
    done = judged(candidates, question.score, _iou(question), MOST)
    kept, enough = done.there, len(done.verdict.enough)
    notes = (f"of {enough:,} boxes that score enough the best {MOST:,} were compared",) if enough > MOST else ()
    if not torch.isfinite(outputs.tensor).all():
        notes = (*notes, "some outputs are not numbers: the weights are broken")
    return Detections(
        model=network.card.name,
        weights=network.weights,
        device=outputs.device,
        precision=question.precision,
        size=frame.size,
        names=network.categories,
        boxes=floats(candidates.clipped[kept]),
        labels=candidates.labels[kept].numpy(),
        scores=candidates.scores[kept].numpy(),
        ms=outputs.ms,
        cached=outputs.cached,
        notes=(*network.notes, *outside(network, frame), *outputs.notes, *notes),
        trace=trace(done) if question.trace else None,
    )
