"""A cell's answer as plain values, and what cannot be one."""

from __future__ import annotations

import json

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.records.cell import Cell, CellBoxes


def told(read: float, objectness: float, labels: list[int]) -> CellBoxes:
    wide, flat = np.full((1, 4), read, np.float32), np.full(1, objectness, np.float32)
    return CellBoxes(
        model="m", weights="w", sum="anchor", level="P3", row=1, column=2, place=(0, 0, 1, 1), stride=(8, 8),
        to_picture=(1, 1), names=("cat", "dog"), read=wide, moved=wide, prior=wide, inputs=wide, boxes=wide,
        read_object=flat, objectness=flat, read_classes=wide[:, :2], classes=np.asarray([[0.25, 0.5]], np.float32),
        scores=flat, labels=np.asarray(labels), fates=("answered",),
    )  # fmt: skip


def test_it_is_plain() -> None:
    (box,) = json.loads(json.dumps(told(1.5, 0.5, [1]).as_json(), allow_nan=False))["boxes"]
    assert box["read"] == [1.5] * 4 and box["objectness"] == 0.5 and (box["index"], box["name"]) == (1, "dog")
    assert box["classes"] == {"cat": 0.25, "dog": 0.5} and box["fate"] == "answered"


@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_null(strange: float) -> None:
    (box,) = json.loads(json.dumps(told(strange, strange, [-1]).as_json(), allow_nan=False))["boxes"]
    assert box["read"] == box["moved"] == box["box"] == [None] * 4
    assert box["objectness"] is None is box["score"] and box["name"] is None


def test_boxes_without_their_number_and_cells_before_the_first_are_refused() -> None:
    with pytest.raises(ValueError, match="1 boxes"):
        told(1, 1, [0, 1])
    with pytest.raises(Mistake, match="counted from 0"):
        Cell("p", "m", 0, -1, 0)


@pytest.mark.parametrize("wrong", [{"score": 1.5}, {"iou": -0.1}])
def test_a_score_and_an_overlap_are_shares_as_in_detect(wrong: dict[str, float]) -> None:
    with pytest.raises(Mistake, match="between 0 and 1"):
        Cell("p", "m", 0, 0, 0, **wrong)  # type: ignore[arg-type]
