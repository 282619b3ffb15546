"""Detections judged against what really is in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.records.detect import Detections
from explorer.records.trace import NOBODY
from explorer.records.truth import Truth

TRUE, FALSE, PASSED = 1, 0, -1


@dataclass(frozen=True)
class Tally:
    """How many boxes are true, are false, are passed over, and how many things that count are missed."""

    true: int
    false: int
    missed: int
    passed: int

    @property
    def precision(self) -> float:
        """The share of boxes that are true; NaN where there are none."""
        return _share(self.true, self.false)

    @property
    def recall(self) -> float:
        """The share of things that are found; NaN where none counts."""
        return _share(self.true, self.missed)


@dataclass(frozen=True, eq=False)
class Curve:
    """Precision against recall, while boxes are taken in by falling score.

    name: of the class, "" for all of them together; things: how many count; scores: float32 (k,), of the boxes that are
    true or false, best first; precision, recall: float64 (k,), once that box is in; envelope: float64 (101,), the best
    precision at a recall of at least 0, .01, ... 1; ap: its mean, the average precision, NaN where nothing counts.
    """

    name: str
    things: int
    scores: NDArray[np.float32]
    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    envelope: NDArray[np.float64]
    ap: float


@dataclass(frozen=True, eq=False)
class Judged:
    """What of a network's n boxes is true, and which of the m things it found.

    iou: the least overlap of a true box; verdicts: int64 (n,), TRUE, FALSE or PASSED over; matched: int64 (n,), the
    thing that a box is about, NOBODY where it is false; overlaps: float64 (n,), the IoU of a true box with its thing,
    of a false one with the thing of its class which it overlaps most of those that count, and of one passed over the
    share of it that lies on its thing; finders: int64 (m,), the true box of a thing, NOBODY where there is none.
    overall: the curve of all classes together; curves: of each class of which something counts, most things first.
    ap50, ap75, ap: mean over these classes of the AP at IoU .5, at .75, and over .5, .55, ... .95; NaN where nothing
    counts. notes: what a reader must know to trust it.
    """

    found: Detections
    truth: Truth
    iou: float
    verdicts: NDArray[np.int64]
    matched: NDArray[np.int64]
    overlaps: NDArray[np.float64]
    finders: NDArray[np.int64]
    overall: Curve
    curves: tuple[Curve, ...]
    ap50: float
    ap75: float
    ap: float
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n, m = len(self.found.scores), len(self.truth.names)
        if any(one.shape != (n,) for one in (self.verdicts, self.matched, self.overlaps)) or self.finders.shape != (m,):
            raise ValueError(f"{n} boxes and {m} things, got {self.verdicts.shape} and {self.finders.shape}")

    @property
    def again(self) -> NDArray[np.bool_]:
        """Mask (n,) of the false boxes that do lie on a thing of their class, which a better box has found already."""
        found: NDArray[np.bool_] = (self.verdicts == FALSE) & (self.overlaps >= self.iou)
        return found

    def missed(self, score: float = 0.0) -> NDArray[np.bool_]:
        """Mask (m,) of the things that count and that no box found which scores at least so much."""
        scores = np.append(self.found.scores, -1.0)  # the last is NOBODY's
        lost: NDArray[np.bool_] = self.truth.counts & ~((self.finders != NOBODY) & (scores[self.finders] >= score))
        return lost

    @property
    def mean_ap(self) -> float:
        """Mean over the classes of the AP at this IoU; NaN where nothing counts."""
        return float(np.mean([curve.ap for curve in self.curves])) if self.curves else float("nan")

    def tally(self, score: float = 0.0) -> Tally:
        """The counts where boxes that score lower are left out; that changes nothing for those that stay."""
        said = self.verdicts[self.found.scores >= score]
        true, false, passed = (int(np.count_nonzero(said == verdict)) for verdict in (TRUE, FALSE, PASSED))
        return Tally(true, false, int(self.truth.counts.sum()) - true, passed)

    def as_json(self) -> dict[str, Any]:
        """The command line's and the API's form; what is not known is null."""
        tally = self.tally()
        return {
            "truth": self.truth.source,
            "iou": self.iou,
            "things": int(self.truth.counts.sum()),
            "tp": tally.true,
            "fp": tally.false,
            "fn": tally.missed,
            "passed_over": tally.passed,
            "precision": known(tally.precision),
            "recall": known(tally.recall),
            "ap50": known(self.ap50),
            "ap75": known(self.ap75),
            "ap": known(self.ap),
            "by_class": {curve.name: known(curve.ap) for curve in self.curves},
            "notes": [*self.truth.notes, *self.notes],
        }


def known(value: float) -> float | None:
    """None for NaN, which JSON has no word for."""
    return value if value == value else None


def _share(part: int, rest: int) -> float:
    return part / (part + rest) if part + rest else float("nan")
