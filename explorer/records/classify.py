"""What is in the picture: one crop, or AlexNet's ten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.frame import Size
from explorer.records.question import Question

Precision = Literal["fp32", "bf16", "fp16"]
PRECISIONS: tuple[Precision, ...] = ("fp32", "bf16", "fp16")
CROPS = (1, 10)
TOP_LIMIT = 1000


def insist_on_precision(precision: str) -> None:
    """Raises Mistake for a number format that networks are not run in."""
    if precision not in PRECISIONS:
        raise Mistake(f"Precision {precision!r} is not known: choose {', '.join(PRECISIONS[:-1])} or {PRECISIONS[-1]}.")


@dataclass(frozen=True)
class Classify(Question["Classification"]):
    """Which of its classes does a network see in a picture?

    picture: content id; model: registered name; weights: a card's name, `random`, an adopted file's name, or "" for the
    default; crops: 1 (centre) or 10 (corners and centre, each with its reflection; Krizhevsky 2012, section 4.1); top:
    how many classes to name. Raises Mistake for what cannot be asked.
    """

    picture: str
    model: str
    weights: str = ""
    crops: int = 1
    top: int = 5
    precision: Precision = "fp32"

    def __post_init__(self) -> None:
        if self.crops not in CROPS:
            raise Mistake(f"A picture is classified by 1 crop or by 10, not by {self.crops}: choose 1 or 10.")
        if not 1 <= self.top <= TOP_LIMIT:
            raise Mistake(f"Between 1 and {TOP_LIMIT} classes can be named, not {self.top}: choose another.")
        insist_on_precision(self.precision)


@dataclass(frozen=True, eq=False)
class Classification:
    """A network's answer to Classify.

    logits: float32 (crops, classes); scores: float32 (classes,), the mean over crops of the softmax, summing to 1;
    order: int64 (top,), the classes named, best first; names: all the classes; windows: float32 (crops, 4), the part of
    the picture that each crop saw, x0 y0 x1 y1 in its pixels; size: (height, width) of the picture; ms: milliseconds of
    the forward pass where it ran; cached: it did not run now; notes: what a reader must know to trust it.
    """

    model: str
    weights: str
    device: str
    precision: Precision
    size: Size
    logits: NDArray[np.float32]
    scores: NDArray[np.float32]
    order: NDArray[np.int64]
    names: tuple[str, ...]
    windows: NDArray[np.float32]
    ms: float
    cached: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        crops, classes = self.logits.shape
        if self.scores.shape != (classes,) or len(self.names) != classes or self.windows.shape != (crops, 4):
            raise ValueError(f"{classes} classes and {crops} crops, got {self.scores.shape} and {self.windows.shape}")

    def as_json(self) -> dict[str, Any]:
        """The command line's and the API's form; a score that is no number is null."""
        return {
            "model": self.model,
            "weights": self.weights,
            "device": self.device,
            "precision": self.precision,
            "size": list(self.size),
            "crops": len(self.logits),
            "classes": [{"index": int(i), "name": self.names[i], "score": _number(self.scores[i])} for i in self.order],
            "ms": self.ms,
            "cached": self.cached,
            "notes": list(self.notes),
        }


def _number(score: np.float32) -> float | None:
    return float(score) if np.isfinite(score) else None
