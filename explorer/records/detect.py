"""What is where in a picture: boxes with a class and a score each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.classify import Precision, insist_on_precision
from explorer.records.frame import Size
from explorer.records.question import Question
from explorer.records.trace import Trace

LEAST_SCORE = 0.05


def insist_on_shares(score: float, iou: float | None) -> None:
    """Raises Mistake for a least score or an overlap that is none."""
    if not 0 <= score <= 1:
        raise Mistake(f"A score lies between 0 and 1, got {score:g}: choose another.")
    if iou is not None and not 0 <= iou <= 1:
        raise Mistake(f"An IoU lies between 0 and 1, got {iou:g}: choose another.")


@dataclass(frozen=True)
class Detect(Question["Detections"]):
    """What is where in a picture?

    picture: content id; model, weights, precision: as in Classify; score: what scores lower is left out; iou: a box
    that overlaps a better one of its class by more is left out, by the family's usual measure where None; trace: how it
    came about is told as well, where the family can. Raises Mistake for what cannot be asked.
    """

    picture: str
    model: str
    weights: str = ""
    score: float = LEAST_SCORE
    precision: Precision = "fp32"
    iou: float | None = None
    trace: bool = False

    def __post_init__(self) -> None:
        insist_on_shares(self.score, self.iou)
        insist_on_precision(self.precision)


@dataclass(frozen=True, eq=False)
class Detections:
    """A network's answer to Detect.

    size: (height, width) of the picture; names: all the classes; boxes: float32 (n, 4), x0 y0 x1 y1 in its pixels;
    labels: int64 (n,); scores: float32 (n,) in [0, 1], best first; ms: milliseconds of all passes where they ran;
    cached: none ran now; notes: what a reader must know to trust it; trace: how it came about, where that was asked.
    """

    model: str
    weights: str
    device: str
    precision: Precision
    size: Size
    names: tuple[str, ...]
    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    scores: NDArray[np.float32]
    ms: float
    cached: bool = False
    notes: tuple[str, ...] = ()
    trace: Trace | None = None

    def __post_init__(self) -> None:
        n = len(self.scores)
        if self.boxes.shape != (n, 4) or self.labels.shape != (n,) or bool((np.diff(self.scores) > 0).any()):
            raise ValueError(f"{n} scores, best first, got boxes {self.boxes.shape} and labels {self.labels.shape}")

    def as_json(self) -> dict[str, Any]:
        """The command line's and the API's form."""
        return {
            "model": self.model,
            "weights": self.weights,
            "device": self.device,
            "precision": self.precision,
            "size": list(self.size),
            "detections": listed(self.boxes, self.labels, self.scores, self.names),
            "ms": self.ms,
            "cached": self.cached,
            "notes": list(self.notes),
            **({"trace": self.trace.as_json()} if self.trace else {}),
        }


def listed(
    boxes: NDArray[np.float32], labels: NDArray[np.int64], scores: NDArray[np.float32], names: tuple[str, ...]
) -> list[dict[str, Any]]:
    """One plain record a box."""
    return [
        {"box": [round(edge, 2) for edge in box], "name": names[label], "index": label, "score": score}
        for box, label, score in zip(boxes.tolist(), labels.tolist(), scores.tolist(), strict=True)
    ]
