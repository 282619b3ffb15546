"""What is where, in two passes: Ren et al., Faster R-CNN, NIPS 2015, arXiv:1506.01497; He et al., Mask R-CNN, ICCV
2017, arXiv:1703.06870."""

from __future__ import annotations

import numpy as np

from explorer.errors import Mistake
from explorer.models.two_stage import second_pass
from explorer.models.whole_picture import WholePicture
from explorer.records.detect import Detect, Detections
from explorer.tasks.desk import Desk, Steps
from explorer.tasks.detect import detects
from explorer.tasks.domain import outside


@detects("Faster R-CNN", suppresses=True)
@detects("Mask R-CNN", suppresses=True)
def detect(question: Detect, desk: Desk) -> Steps[Detections]:
    """The detector's own proposals through RoI Align and its head, and what its NMS leaves of them."""
    frame = desk.frame(question.picture)
    network = yield from desk.network(question.model, question.weights)
    preparation = network.preparation
    if not isinstance(preparation, WholePicture):
        raise Mistake(f"{network.card.name} is given no whole pictures: choose another detector.")
    head, between = yield from desk.rebuilt(network, "box head", second_pass)
    picture, padded = preparation.sizes(frame.size)
    first = yield from desk.forward(
        network, lambda: preparation.batch(frame), (question.picture,), question.precision, rows=1
    )
    row = first.tensor[0]
    boxes, _ = between.proposals(row, padded, picture)
    ran, rows = [first], boxes.new_zeros(0, 5 * len(network.categories))
    if len(boxes):
        second = yield from desk.forward(
            head,
            lambda: between.pooled(row, padded, picture, boxes),
            (question.picture, "proposals"),
            question.precision,
        )
        ran, rows = [first, second], second.tensor
    found, scores, labels = between.detections(rows, boxes, picture, question.score, question.iou)
    down, across = (old / new for new, old in zip(picture, frame.size, strict=True))
    said = dict.fromkeys(note for outputs in ran for note in outputs.notes)
    return Detections(
        model=network.card.name,
        weights=network.weights,
        device=first.device,
        precision=question.precision,
        size=frame.size,
        names=network.categories,
        boxes=np.asarray(found.numpy() * np.asarray([across, down, across, down]), np.float32),
        labels=labels.numpy(),
        scores=scores.numpy(),
        ms=sum(outputs.ms for outputs in ran),
        cached=all(outputs.cached for outputs in ran),
        notes=(*network.notes, *outside(network, frame), *said),
    )
