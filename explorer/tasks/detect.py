"""What is where in a picture: each family of detectors has a way of its own, and joins by existing."""

from __future__ import annotations

from collections.abc import Callable

from explorer.errors import Mistake
from explorer.records.detect import Detect, Detections
from explorer.tasks.desk import Desk, Steps
from explorer.tasks.registry import answers

Detector = Callable[[Detect, Desk], Steps[Detections]]

_DETECTORS: dict[str, Detector] = {}


def detects(family: str) -> Callable[[Detector], Detector]:
    """The decorated generator detects with models of this family. Raises ValueError when another one does."""

    def add(detector: Detector) -> Detector:
        if family in _DETECTORS:
            raise ValueError(f"two ways to detect with {family}")
        _DETECTORS[family] = detector
        return detector

    return add


@answers(Detect)
def detect(question: Detect, desk: Desk) -> Steps[Detections]:
    """By the way of the model's family. Raises Mistake for a model that is no detector."""
    network = yield from desk.network(question.model, question.weights)
    if "detect" not in network.card.tasks or network.card.family not in _DETECTORS:
        raise Mistake(f"{question.model} does not say where things are: choose a detector, such as street_overfeat.")
    return (yield from _DETECTORS[network.card.family](question, desk))
