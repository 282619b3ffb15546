"""What a YOLO of version 1 learns by, cell by cell: Redmon et al., CVPR 2016, section 2.2, arXiv:1506.02640."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.records.classify import Precision, insist_on_precision
from explorer.records.question import Question

TERMS = ("centres", "sides", "obj", "noobj", "classes")
"""The five sums of equation 3, in its order: where boxes' centres lie, how large they are, confidences where something
is and where nothing is, classes."""
NOTHING, IGNORED = -1, -2
"""Instead of a class: no thing has its centre in the cell; one has that is not to be learnt, nor that none is there."""


@dataclass(frozen=True)
class CellLoss(Question["CellLosses"]):
    """How far is each cell of a YOLO of version 1 from what is true of a picture, which its source must know?

    picture, model, weights, precision: as in Detect. Raises Mistake for what cannot be asked.
    """

    picture: str
    model: str
    weights: str = ""
    precision: Precision = "fp32"

    def __post_init__(self) -> None:
        insist_on_precision(self.precision)


@dataclass(frozen=True, eq=False)
class CellLosses:
    """A network's answer to CellLoss: cells in rows and columns, b boxes each.

    source: where the truth is known from; names: of the classes; lambdas: the weight of each of TERMS; terms: float32
    (5, rows, columns), what each cell adds to each of TERMS, its weight in it; labels: int64 (rows, columns), the class
    of the thing whose centre lies there, of the largest that counts where there are several, NOTHING or IGNORED;
    responsible: int64 (rows, columns), which of a cell's boxes is for its thing, counted from 0, -1 where there is
    none; overlaps: float32 (rows, columns, b), the IoU of every box with its cell's thing, 0 where there is none;
    cached: no network ran for it.
    """

    model: str
    weights: str
    source: str
    names: tuple[str, ...]
    lambdas: tuple[float, float, float, float, float]
    terms: NDArray[np.float32]
    labels: NDArray[np.int64]
    responsible: NDArray[np.int64]
    overlaps: NDArray[np.float32]
    cached: bool = False

    def __post_init__(self) -> None:
        grid = self.labels.shape
        got = self.terms.shape, self.responsible.shape, self.overlaps.shape[:2]
        if len(grid) != 2 or self.overlaps.ndim != 3 or got != ((len(TERMS), *grid), grid, grid):
            raise ValueError(f"maps of one grid were wanted, got {grid} and {got}")

    @property
    def of_cells(self) -> NDArray[np.float32]:
        """(rows, columns): the five together."""
        return np.asarray(self.terms.sum(0), np.float32)

    @property
    def of_picture(self) -> NDArray[np.float64]:
        """(5,): each of TERMS over all cells."""
        return np.asarray(self.terms.sum((1, 2), dtype=np.float64))

    def told(self, row: int, column: int) -> dict[str, Any]:
        """One cell, as `as_json` tells it."""
        label, box = int(self.labels[row, column]), int(self.responsible[row, column])
        own = self.terms[:, row, column].astype(np.float64)
        return {
            "row": row,
            "column": column,
            "index": max(label, NOTHING),
            "name": self.names[label] if label >= 0 else None,
            "ignored": label == IGNORED,
            "responsible": box if label >= 0 else None,
            "iou": [_known(value) for value in self.overlaps[row, column].tolist()] if label >= 0 else None,
            "terms": _by_term(own),
            "total": _known(float(own.sum())),
        }

    def as_json(self) -> dict[str, Any]:
        """The command line's and the API's form: the whole picture's sums, and the cells that hold a thing's centre."""
        there = np.argwhere(self.labels >= 0).tolist()
        return {
            "model": self.model,
            "weights": self.weights,
            "truth": self.source,
            "lambdas": dict(zip(TERMS, self.lambdas, strict=True)),
            "terms": _by_term(self.of_picture),
            "total": _known(float(self.of_picture.sum())),
            "things": [self.told(row, column) for row, column in there],
            "cached": self.cached,
        }


def _by_term(values: NDArray[np.float64]) -> dict[str, float | None]:
    return {name: _known(value) for name, value in zip(TERMS, values.tolist(), strict=True)}


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
