"""What a YOLO learns by as plain values, and maps that are not of one grid."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.records.cell_loss import TERMS, CellLoss
from tests.losses import losses


def test_sums_are_of_cells_and_of_the_picture() -> None:
    assert losses().of_cells.tolist() == pytest.approx(np.asarray([[0.5, 0, 0, 0], [0, 0, 15.5, 0.25]]))
    assert losses().of_picture.tolist() == pytest.approx([1, 2, 3, 4.75, 5.5])


def test_it_is_plain_and_tells_the_cells_that_hold_a_centre() -> None:
    told = json.loads(json.dumps(losses().as_json(), allow_nan=False))
    assert told["lambdas"] == dict(zip(TERMS, (5, 5, 1, 0.5, 1), strict=True)) and told["truth"] == "a test"
    assert told["terms"] == pytest.approx(dict(zip(TERMS, (1, 2, 3, 4.75, 5.5), strict=True)))
    assert told["total"] == pytest.approx(16.25)
    (thing,) = told["things"]
    assert (thing["row"], thing["column"], thing["index"], thing["name"]) == (1, 2, 1, "dog")
    assert thing["responsible"] == 1 and thing["iou"] == pytest.approx([0.25, 0.75])
    assert thing["total"] == pytest.approx(15.5) and thing["terms"]["obj"] == 3


def test_a_cell_without_a_thing_has_no_box_and_one_that_is_passed_over_says_so() -> None:
    nothing, ignored = losses().told(0, 0), losses().told(0, 1)
    assert nothing["name"] is None is nothing["responsible"] and not nothing["ignored"] and nothing["total"] == 0.5
    assert ignored["ignored"] and ignored["index"] == -1 and ignored["iou"] is None and ignored["total"] == 0


def test_what_is_no_number_is_null() -> None:
    broken = losses().terms.copy()
    broken[2, 1, 2] = np.nan
    told = json.loads(json.dumps(replace(losses(), terms=broken).as_json(), allow_nan=False))
    assert told["terms"]["obj"] is None is told["total"] and told["terms"]["sides"] == 2


def test_maps_of_two_grids_and_another_precision_are_refused() -> None:
    with pytest.raises(ValueError, match="one grid"):
        replace(losses(), labels=np.zeros((3, 4), np.int64))
    with pytest.raises(ValueError, match="one grid"):
        replace(losses(), terms=np.zeros((4, 2, 4), np.float32))
    with pytest.raises(Mistake, match="fp32"):
        CellLoss("p", "m", precision="fp8")  # type: ignore[arg-type]
