"""Questions about regions refuse what cannot be asked; presets are data; numbers are listed as they were written."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.records.roi import FARTHEST, METHODS, MOST_CELLS, Pooled, Roi, RoiShift, ShiftCurves, listed

MATRIX = np.arange(12, dtype=np.float32).reshape(3, 4)
BOX = (0.0, 0.0, 2.0, 2.0)


def test_a_matrix_is_kept_as_a_read_only_copy() -> None:
    own = MATRIX.copy()
    question = Roi(own, BOX)
    own[0, 0] = 99
    assert question.matrix[0, 0] == 0 and question.matrix.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        question.matrix[0, 0] = 1
    own[0, 0] = 5  # the caller's array stays the caller's to write
    assert Roi([[1, 2], [3, 4]], BOX).matrix.tolist() == [[1, 2], [3, 4]]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        (np.zeros(4), "rows and columns"),
        (np.zeros((0, 4)), "rows and columns"),
        (np.zeros((2, 2, 2)), "rows and columns"),
        (np.broadcast_to(np.float32(0), (MOST_CELLS + 1, 1)), "1,000,000 cells"),
        ([[1, 2], [3]], "equally many"),
        ([["a"]], "equally many"),
        ([[1, float("nan")]], "finite"),
        ([[1, float("inf")]], "finite"),
        ([[1, 1e39]], "finite"),
    ],
)
def test_a_matrix_that_is_none_is_refused(matrix: object, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        Roi(matrix, BOX)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"box": (0, 0, 1)},
        {"box": (2, 0, 1, 1)},
        {"box": (0, 2, 1, 1)},
        {"box": (0, 0, float("nan"), 1)},
        {"box": (0, 0, float("inf"), 1)},
        {"box": (0, 0, 2 * FARTHEST, 1)},
        {"box": (0, 0, FARTHEST, 1), "scale": 2.0},
        {"bins": 0},
        {"bins": 65},
        {"samples": -2},
        {"samples": 65},
        {"scale": 0.0},
        {"scale": -1.0},
        {"scale": 1e-9},
        {"scale": float("nan")},
        {"scale": float("inf")},
    ],
)
def test_what_cannot_be_asked_of_a_region(wrong: dict[str, object]) -> None:
    with pytest.raises(Mistake, match=r": (choose|give) "):
        Roi(MATRIX, **{"box": BOX} | wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"steps": 1025}, {"step": 0.0}, {"step": float("nan")}, {"axis": "z"}])
def test_what_cannot_be_asked_of_a_moving_box(wrong: dict[str, object]) -> None:
    with pytest.raises(Mistake, match="choose"):
        RoiShift(Roi(MATRIX, BOX), **wrong)  # type: ignore[arg-type]


def test_a_box_moves_by_cells_of_the_map() -> None:
    roi = Roi(MATRIX, (8, 16, 24, 32), scale=1 / 16)
    assert RoiShift(roi).box_at(0) == (8, 16, 24, 32)
    assert RoiShift(roi).box_at(3) == (11, 16, 27, 32)
    assert RoiShift(roi, axis="y", step=-0.5).box_at(2) == (8, 0, 24, 16)


def test_answers_whose_parts_do_not_fit_are_refused() -> None:
    cuts, cells = np.zeros(3, np.float32), np.zeros((2, 2), np.int64)
    values, largest = np.zeros((1, 2, 2), np.float32), np.zeros((1, 2, 2, 2), np.int64)
    Pooled(values, np.zeros(4, np.int64), cuts, cuts, cells, cells, largest)
    with pytest.raises(ValueError, match="2 bins"):
        Pooled(values, np.zeros(4, np.int64), cuts, cuts[:2], cells, cells, largest)
    curves = {method: np.zeros((5, 2, 2), np.float32) for method in METHODS}
    with pytest.raises(ValueError, match="4 places"):
        ShiftCurves(np.zeros(4, np.float32), curves, dict.fromkeys(METHODS, 0.0))


def test_numbers_are_listed_by_their_shortest_decimals() -> None:
    assert listed(np.array([[0.8, 1 / 3], [-2, 1e-9]], np.float32)) == [[0.8, 0.33333334], [-2.0, 1e-9]]


def test_presets_need_no_torch() -> None:
    code = "import sys, explorer.records.roi_presets; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
