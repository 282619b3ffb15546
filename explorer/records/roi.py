"""What a region of a feature map becomes: RoI Pool, RoI Warp and RoI Align on one box, and while the box moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.question import Question

Box = tuple[float, float, float, float]
Axis = Literal["x", "y"]
Method = Literal["pool", "warp", "align", "align_max"]
METHODS: tuple[Method, ...] = ("pool", "warp", "align", "align_max")
MOST_CELLS = 1_000_000
MOST_BINS = 64
MOST_SAMPLES = 64
MOST_STEPS = 1024
FARTHEST = 1e6
"""Cells from the map's corner to a box's: beyond it float32 has no room for parts of a cell."""


@dataclass(frozen=True, eq=False)
class Roi(Question["Poolings"]):
    """What do the three poolings make of a box on a matrix?

    matrix: float32 (h, w), kept as a read-only copy; box: x0 y0 x1 y1 in pixels of the picture; bins: on either side;
    samples: on either side of a bin, 0 or -1 for as many as cells, rounded up; scale: cells of the matrix to a pixel;
    aligned: RoI Align's half cell off, so that a cell's value stands at its centre. As in torchvision.ops.roi_align.
    Raises Mistake for what cannot be asked.
    """

    matrix: NDArray[np.float32]
    box: Box
    bins: int = 2
    samples: int = 0
    scale: float = 1.0
    aligned: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "matrix", _owned(self.matrix))
        object.__setattr__(self, "box", checked_box(self.box))
        if not 1 <= self.bins <= MOST_BINS:
            raise Mistake(f"A side is cut into 1 to {MOST_BINS} bins, not {self.bins}: choose another number.")
        if not -1 <= self.samples <= MOST_SAMPLES:
            raise Mistake(
                f"A bin has 1 to {MOST_SAMPLES} samples on a side, or 0 for as many as cells, not {self.samples}: "
                f"choose another number."
            )
        if not 1 / FARTHEST <= self.scale <= FARTHEST:
            raise Mistake(f"The scale is cells to a pixel, more than 0, not {self.scale:g}: choose one as 1 or .0625.")
        if max(map(abs, self.box)) * self.scale > FARTHEST:
            raise Mistake(f"The box is more than {FARTHEST:,.0f} cells away: choose one nearer to the matrix.")


@dataclass(frozen=True, eq=False)
class RoiShift(Question["ShiftCurves"]):
    """How do the poolings change while the box moves by parts of a cell?

    roi: where it starts; steps: how many; step: cells in one; axis: the direction. Raises Mistake.
    """

    roi: Roi
    steps: int = 64
    step: float = 1 / 16
    axis: Axis = "x"

    def __post_init__(self) -> None:
        if not 1 <= self.steps <= MOST_STEPS or not 0 < abs(self.step) <= MOST_STEPS:
            raise Mistake(f"The box moves in 1 to {MOST_STEPS} steps of a part of a cell: choose others.")
        if self.axis not in ("x", "y"):
            raise Mistake(f"The box moves along x or y, not along {self.axis!r}: choose one of them.")

    def box_at(self, step: int) -> Box:
        """The box after so many steps, in pixels of the picture."""
        far = step * self.step / self.roi.scale
        x0, y0, x1, y1 = self.roi.box
        return (x0 + far, y0, x1 + far, y1) if self.axis == "x" else (x0, y0 + far, x1, y1 + far)


@dataclass(frozen=True, eq=False)
class Pooled:
    """RoI Pool, and what it rounded away.

    values: float32 (c, bins, bins), 0 where a bin holds no cell; box: int64 (4,), x0 y0 x1 y1 of the first and the last
    cell; cuts_x, cuts_y: float32 (bins + 1,), where the rounded box is divided, in cells, before the cuts are rounded
    outwards; columns, rows: int64 (bins, 2), first cell and the one after the last, inside the map; largest: int64
    (c, bins, bins, 2), x y of the cell whose value it is, -1 -1 where there is none.
    """

    values: NDArray[np.float32]
    box: NDArray[np.int64]
    cuts_x: NDArray[np.float32]
    cuts_y: NDArray[np.float32]
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    largest: NDArray[np.int64]

    def __post_init__(self) -> None:
        c, bins, _ = self.values.shape
        cuts, cells = {self.cuts_x.shape, self.cuts_y.shape}, {self.columns.shape, self.rows.shape}
        if cuts != {(bins + 1,)} or cells != {(bins, 2)} or self.largest.shape != (c, bins, bins, 2):
            raise ValueError(f"{bins} bins, got cuts {cuts}, cells {cells} and largest {self.largest.shape}")


@dataclass(frozen=True, eq=False)
class Sampled:
    """RoI Align or RoI Warp, and what it read where.

    average, highest: float32 (c, bins, bins), of each bin's samples, 0 where it has none; box: float32 (4,), x0 y0 x1
    y1 in cells of the map; edges_x, edges_y: float32 (bins + 1,), of the bins; grid: samples of a bin down and across;
    points: float32 (bins, bins, n, 2), x y of each sample in cells, row by row, n of them a bin; neighbours: int64
    (bins, bins, n, 4, 2), x y of the cells around it: upper left, upper right, lower left, lower right; weights:
    float32 (bins, bins, n, 4), theirs, all 0 for a sample outside; samples: float32 (c, bins, bins, n), what was read;
    best: int64 (c, bins, bins), the sample that is the highest, -1 where there is none. Cell 0's value stands at 0.
    """

    average: NDArray[np.float32]
    highest: NDArray[np.float32]
    box: NDArray[np.float32]
    edges_x: NDArray[np.float32]
    edges_y: NDArray[np.float32]
    grid: tuple[int, int]
    points: NDArray[np.float32]
    neighbours: NDArray[np.int64]
    weights: NDArray[np.float32]
    samples: NDArray[np.float32]
    best: NDArray[np.int64]

    def __post_init__(self) -> None:
        c, bins, _ = self.average.shape
        each = bins, bins, self.grid[0] * self.grid[1]
        got = self.samples.shape, self.points.shape, self.neighbours.shape, self.weights.shape, self.best.shape
        if got != ((c, *each), (*each, 2), (*each, 4, 2), (*each, 4), (c, bins, bins)):
            raise ValueError(f"{each} samples, got {got}")


@dataclass(frozen=True, eq=False)
class Poolings:
    """The answer to Roi: each method on the same box, of one channel."""

    pool: Pooled
    warp: Sampled
    align: Sampled

    def as_json(self) -> dict[str, Any]:
        """The command line's and the API's form: rows of bins, and where the bins lie, in cells."""
        pool, warp, align = self.pool, self.warp, self.align
        return {
            "pool": listed(pool.values[0]),
            "align": listed(align.average[0]),
            "align_max": listed(align.highest[0]),
            "warp": listed(warp.average[0]),
            "edges": {
                "pool": {"box": pool.box.tolist(), "columns": pool.columns.tolist(), "rows": pool.rows.tolist()},
                "align": {"box": listed(align.box), "x": listed(align.edges_x), "y": listed(align.edges_y)},
                "warp": {"box": listed(warp.box), "x": listed(warp.edges_x), "y": listed(warp.edges_y)},
            },
            "samples": list(align.grid),
        }


@dataclass(frozen=True, eq=False)
class ShiftCurves:
    """The answer to RoiShift.

    offsets: float32 (steps + 1,), in cells; curves: of each method, float32 (steps + 1, bins, bins); jumps: of each
    method, the largest change of any bin in one step.
    """

    offsets: NDArray[np.float32]
    curves: Mapping[Method, NDArray[np.float32]]
    jumps: Mapping[Method, float]

    def __post_init__(self) -> None:
        if {len(curve) for curve in self.curves.values()} != {len(self.offsets)} or set(self.curves) != set(self.jumps):
            raise ValueError(f"{len(self.offsets)} places and curves of {list(self.curves)}, jumps of {self.jumps}")


def checked_box(box: Box) -> Box:
    """Four numbers with x0 <= x1 and y0 <= y1. Raises Mistake."""
    sides = tuple(float(side) for side in box)
    if len(sides) != 4 or not np.isfinite(sides).all():
        raise Mistake("A box is four numbers X0,Y0,X1,Y1, as in 1,2,7,7: give those.")
    x0, y0, x1, y1 = sides
    if x1 < x0 or y1 < y0:
        raise Mistake(f"The box ends before it begins ({x0:g},{y0:g},{x1:g},{y1:g}): give the smaller numbers first.")
    return x0, y0, x1, y1


def listed(values: NDArray[np.float32]) -> Any:
    """Lists of the shortest decimals that are these float32 numbers: .8, not .800000011920929."""
    return [listed(part) for part in values] if values.ndim else float(str(values))


def _owned(matrix: Any) -> NDArray[np.float32]:
    """A read-only copy. Raises Mistake for what is no matrix of finite numbers."""
    try:
        with np.errstate(over="ignore"):
            owned = np.array(matrix, np.float32)
    except (TypeError, ValueError):
        raise Mistake("A matrix is rows of equally many numbers: mend the row that differs.") from None
    if owned.ndim != 2 or not 0 < owned.size <= MOST_CELLS:
        shape = "x".join(map(str, owned.shape))
        raise Mistake(f"A matrix has rows and columns, 1 to {MOST_CELLS:,} cells in all, not {shape}: give such a one.")
    if not np.isfinite(owned).all():
        raise Mistake("The matrix holds something that is no finite number of 32 bits: replace it by a number.")
    owned.flags.writeable = False
    return owned
