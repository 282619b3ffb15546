"""One cell of a detector: the raw numbers that it reads, and the arithmetic from them to boxes on the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.classify import Precision, insist_on_precision
from explorer.records.detect import LEAST_SCORE, insist_on_shares
from explorer.records.question import Question

Sum = Literal["yolo cell", "yolo anchor", "anchor", "distance"]
"""How a cell's numbers become a box.

yolo cell: v1, x and y within the cell, width and height of the picture; yolo anchor: v2 to v4, sigmoids within the
cell, exponentials of the anchor's sides; anchor: the R-CNN family's, SSD's and RetinaNet's offsets from an anchor;
distance: FCOS's, from the cell's centre to the box's four sides.
"""


@dataclass(frozen=True)
class Cell(Question["CellBoxes"]):
    """What does this cell of a detector read, and what does it propose?

    picture, model, weights, score, precision, iou: as in Detect; level: which of its maps, as a trace numbers them;
    row, column: of the cell. Raises Mistake for what cannot be asked.
    """

    picture: str
    model: str
    level: int
    row: int
    column: int
    weights: str = ""
    score: float = LEAST_SCORE
    precision: Precision = "fp32"
    iou: float | None = None

    def __post_init__(self) -> None:
        if min(self.level, self.row, self.column) < 0:
            raise Mistake("Maps, rows and columns are counted from 0: choose others.")
        insist_on_shares(self.score, self.iou)
        insist_on_precision(self.precision)


@dataclass(frozen=True, eq=False)
class CellBoxes:
    """A detector's answer to Cell: its n boxes there, in the order of its anchors; c classes.

    sum: how numbers become boxes; level: the map's name; place: x0 y0 x1 y1 of the cell in pixels of the picture;
    stride: width and height of a cell in pixels of the network's input; to_picture: what x and y in those pixels are
    multiplied by. names: of the classes; of the proposal network of two stages none.

    read: float32 (n, 4), the four raw numbers; moved: float32 (n, 4), what the arithmetic makes of them before it
    applies them (x and y in cells and what sides are multiplied by; shifts in anchor sides and what sides are
    multiplied by; distances in pixels of the input); prior: float32 (n, 4), what they are applied to (column, row,
    width, height; centre x, centre y, width, height; centre x, centre y, 0, 0), in pixels of the input but for column
    and row; inputs: float32 (n, 4), the boxes in pixels of the input, and boxes: float32 (n, 4), in those of the
    picture, neither clipped.

    read_object, objectness: float32 (n,), raw and in [0, 1], NaN where there is none; read_classes, classes: float32
    (n, c), raw and in [0, 1]; of YOLO v1 both as they are read, which nothing holds within [0, 1]; scores: float32
    (n,), what the boxes compete with; labels: int64 (n,), -1 without classes; fates: what became of each, in words;
    cached: no network ran for it.
    """

    model: str
    weights: str
    sum: Sum
    level: str
    row: int
    column: int
    place: tuple[float, float, float, float]
    stride: tuple[float, float]
    to_picture: tuple[float, float]
    names: tuple[str, ...]
    read: NDArray[np.float32]
    moved: NDArray[np.float32]
    prior: NDArray[np.float32]
    inputs: NDArray[np.float32]
    boxes: NDArray[np.float32]
    read_object: NDArray[np.float32]
    objectness: NDArray[np.float32]
    read_classes: NDArray[np.float32]
    classes: NDArray[np.float32]
    scores: NDArray[np.float32]
    labels: NDArray[np.int64]
    fates: tuple[str, ...]
    cached: bool = False

    def __post_init__(self) -> None:
        n = len(self.scores)
        wide = self.read, self.moved, self.prior, self.inputs, self.boxes
        flat = self.read_object, self.objectness, self.labels, self.fates
        many = self.read_classes, self.classes
        if (
            any(one.shape != (n, 4) for one in wide)
            or any(len(one) != n for one in flat)
            or any(one.shape != (n, len(self.names)) for one in many)
        ):
            raise ValueError(f"{n} boxes with four numbers each were wanted, got {[one.shape for one in wide]}")

    def as_json(self) -> dict[str, Any]:
        """The command line's and the API's form."""
        return {
            "model": self.model,
            "weights": self.weights,
            "sum": self.sum,
            "level": self.level,
            "row": self.row,
            "column": self.column,
            "place": list(self.place),
            "stride": list(self.stride),
            "to_picture": list(self.to_picture),
            "boxes": [
                {
                    "read": _all_known(self.read[i]),
                    "moved": _all_known(self.moved[i]),
                    "prior": _all_known(self.prior[i]),
                    "box": _all_known(self.boxes[i]),
                    "objectness": _known(self.objectness[i]),
                    "classes": dict(zip(self.names, _all_known(self.classes[i]), strict=True)),
                    "score": _known(self.scores[i]),
                    "index": int(self.labels[i]),
                    "name": self.names[self.labels[i]] if self.labels[i] >= 0 else None,
                    "fate": fate,
                }
                for i, fate in enumerate(self.fates)
            ],
            "cached": self.cached,
        }


def _all_known(values: NDArray[np.float32]) -> list[float | None]:
    return [_known(value) for value in values]


def _known(value: np.float32) -> float | None:
    return float(value) if np.isfinite(value) else None
