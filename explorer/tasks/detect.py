"""What is where in a picture: each family of detectors has a way of its own, and joins by existing."""

from __future__ import annotations

from collections.abc import Callable

from explorer.errors import Mistake
from explorer.records.detect import Detect, Detections
from explorer.tasks.desk import Desk, Steps
from explorer.tasks.registry import answers

Detector = Callable[[Detect, Desk], Steps[Detections]]

_DETECTORS: dict[str, Detector] = {}
_SUPPRESSING: set[str] = set()


def detects(family: str, suppresses: bool = False) -> Callable[[Detector], Detector]:
    """The decorated generator detects with models of this family. Raises ValueError when another one does.

    suppresses: by NMS, at an overlap that may be asked for.
    """

    def add(detector: Detector) -> Detector:
        if family in _DETECTORS:
            raise ValueError(f"two ways to detect with {family}")
        _DETECTORS[family] = detector
        if suppresses:
            _SUPPRESSING.add(family)
        return detector

    return add


@answers(Detect)
def detect(question: Detect, desk: Desk) -> Steps[Detections]:
    """By the way of the model's family. Raises Mistake for a model that is no detector, or has no NMS to set."""
    network = yield from desk.network(question.model, question.weights)
    family = network.card.family
    if "detect" not in network.card.tasks or family not in _DETECTORS:
        raise Mistake(f"{question.model} does not say where things are: choose a detector, such as street_yolo.")
    if question.iou is not None and family not in _SUPPRESSING:
        raise Mistake(f"{question.model} has no NMS whose overlap could be set: ask without an IoU.")
    return (yield from _DETECTORS[family](question, desk))
