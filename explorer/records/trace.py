"""How a detector came to its boxes: what every cell proposed, what each step left, and who suppressed whom."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

NOBODY = -1


@dataclass(frozen=True, eq=False)
class Level:
    """A map whose cells propose boxes.

    name: what its makers call it; place: x0 y0 x1 y1 in pixels of the picture that its cells cover, past the picture's
    edges where the input was padded; priors: float32 (a, 2), width and height in pixels of the picture of the a boxes
    that each cell begins with, (0, 2) where it begins with none; scores: float32 (rows, columns), the best that a cell
    gives any of its boxes; labels: int64 (rows, columns), the class of that one, NOBODY where none is told.
    """

    name: str
    place: tuple[float, float, float, float]
    priors: NDArray[np.float32]
    scores: NDArray[np.float32]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.scores.ndim != 2 or self.labels.shape != self.scores.shape or self.priors.shape[1:] != (2,):
            raise ValueError(f"maps {self.scores.shape} and {self.labels.shape}, priors {self.priors.shape}")

    @property
    def rows(self) -> int:
        return int(self.scores.shape[0])

    @property
    def columns(self) -> int:
        return int(self.scores.shape[1])


@dataclass(frozen=True)
class Stage:
    """A step that boxes go through, and how many are left after it."""

    name: str
    left: int


@dataclass(frozen=True, eq=False)
class Contest:
    """The boxes that met in non-maximum suppression, best first, and who suppressed whom.

    boxes: float32 (n, 4), x0 y0 x1 y1 in pixels of the picture; scores: float32 (n,); labels: int64 (n,), NOBODY where
    none is told; groups: int64 (n,), only boxes of one group suppress each other; level, row, column, anchor: int64
    (n,), where each was proposed, NOBODY where that is no cell; by: int64 (n,), the index of the box that suppressed
    it, NOBODY where it stayed; overlaps: float32 (n,), its IoU with that box, 0 where it stayed; iou: the overlap from
    which on a box goes.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]
    level: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    anchor: NDArray[np.int64]
    by: NDArray[np.int64]
    overlaps: NDArray[np.float32]
    iou: float

    def __post_init__(self) -> None:
        n = len(self.scores)
        flat = self.labels, self.groups, self.level, self.row, self.column, self.anchor, self.by, self.overlaps
        if self.boxes.shape != (n, 4) or any(one.shape != (n,) for one in flat):
            raise ValueError(f"{n} scores, got boxes {self.boxes.shape} and {[one.shape for one in flat]}")
        if bool((np.diff(self.scores) > 0).any()) or bool((self.by >= np.arange(n)).any()):
            raise ValueError("boxes come best first, and a box is suppressed by a better one")

    @property
    def stays(self) -> NDArray[np.int64]:
        """Indices of the boxes that stayed, best first."""
        return np.flatnonzero(self.by == NOBODY)


@dataclass(frozen=True, eq=False)
class Round:
    """One time that boxes were proposed and judged: a one-stage detector has one, a two-stage one two.

    name: whose round it is; levels: the maps that proposed, none where the boxes are an earlier round's; stages: from
    all boxes to those that are left; contest: the NMS among them.
    """

    name: str
    levels: tuple[Level, ...]
    stages: tuple[Stage, ...]
    contest: Contest

    def __post_init__(self) -> None:
        left = [stage.left for stage in self.stages]
        if not left or any(after > before for before, after in pairwise(left)):
            raise ValueError(f"steps that leave ever fewer boxes were wanted, got {left}")


@dataclass(frozen=True)
class Trace:
    """All rounds of one answer; the last one's last step leaves what was answered."""

    rounds: tuple[Round, ...]

    def as_json(self) -> list[dict[str, Any]]:
        """The command line's and the API's form: counts, and the boxes that met in each NMS."""
        return [
            {
                "round": one.name,
                "levels": [
                    {"name": level.name, "rows": level.rows, "columns": level.columns, "anchors": len(level.priors)}
                    for level in one.levels
                ],
                "stages": [{"name": stage.name, "left": stage.left} for stage in one.stages],
                "nms": {"iou": one.contest.iou, "met": _met(one.contest)},
            }
            for one in self.rounds
        ]


def _met(contest: Contest) -> list[dict[str, Any]]:
    columns = contest.boxes, contest.scores, contest.labels, contest.level, contest.row, contest.column, contest.anchor
    told = zip(*(column.tolist() for column in (*columns, contest.by)), strict=True)
    return [
        {
            "box": [round(edge, 2) for edge in box], "score": score, "index": label,
            "level": level, "row": row, "column": column, "anchor": anchor, "by": by,
        }
        for box, score, label, level, row, column, anchor, by in told
    ]  # fmt: skip
