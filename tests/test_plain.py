"""Questions from plain values and answers as them: every kind, every kind of field, and what is wrong with one."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import plain
from explorer.errors import Mistake
from explorer.plain import kinds, plain_of, question_of
from explorer.records.classify import Classify
from explorer.records.dense import Dense
from explorer.records.detect import Detect
from explorer.records.roi import Roi, RoiShift
from explorer.records.roi_features import RoiFeatures

MATRIX = [[0, 1.5], [2, 3]]


def kept(picture: str) -> str:
    return f"id of {picture}"


def made(**values: Any) -> Any:
    return question_of(json.loads(json.dumps(values)), kept)


def test_every_kind_of_question_is_known() -> None:
    assert {"Classify", "Dense", "Detect", "Localize", "Roi", "RoiShift", "RoiFeatures", "RoiHead"} <= set(kinds())


def test_a_field_that_may_be_nothing_is_a_value_or_null() -> None:
    for iou in (0.5, 1, None):
        assert made(question="Detect", picture="p", model="m", iou=iou) == Detect("id of p", "m", iou=iou)
    with pytest.raises(Mistake, match=r"Detect\.iou is a number, got half"):
        made(question="Detect", picture="p", model="m", iou="half")


def test_questions_are_the_records_themselves() -> None:
    assert made(question="Classify", picture="sample:cat", model="alexnet", crops=10) == Classify(
        "id of sample:cat", "alexnet", crops=10
    )
    assert made(question="Dense", picture="p", model="m", scales=[1, 0.5]) == Dense("id of p", "m", scales=(1.0, 0.5))
    found = made(question="RoiFeatures", picture="p", model="m", box=[0, 1, 2.5, 3], aligned=True)
    assert found == RoiFeatures("id of p", "m", (0.0, 1.0, 2.5, 3.0), aligned=True)
    roi = made(question="Roi", matrix=MATRIX, box=[0, 0, 2, 2], bins=1)
    assert isinstance(roi, Roi) and roi.matrix.dtype == np.float32 and roi.matrix.tolist() == MATRIX
    shift = made(question="RoiShift", roi={"matrix": MATRIX, "box": [0, 0, 2, 2]}, steps=4)
    assert isinstance(shift, RoiShift) and shift.roi.matrix.tolist() == MATRIX and shift.steps == 4


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1], "A question is an object"),
        ({}, "no question called 'None'"),
        ({"question": "Clasify"}, "did you mean Classify"),
        ({"question": "Classify", "picture": "p"}, "needs model"),
        ({"question": "Classify", "picture": "p", "model": "m", "crop": 1}, "did you mean crops"),
        ({"question": "Classify", "picture": "p", "model": 3}, "Classify.model is a text, got 3"),
        ({"question": "Classify", "picture": "p", "model": "m", "crops": True}, "a whole number"),
        ({"question": "Classify", "picture": "p", "model": "m", "crops": 1e400}, "a whole number"),
        ({"question": "Classify", "picture": "p", "model": "m", "crops": 3}, "1 or 10"),
        ({"question": "Classify", "picture": "p", "model": "m", "precision": "int8"}, "one of 'fp32'"),
        ({"question": "Dense", "picture": "p", "model": "m", "scales": "1"}, "a list of numbers"),
        ({"question": "Dense", "picture": "p", "model": "m", "scales": [float("nan")]}, "a number"),
        ({"question": "Roi", "matrix": MATRIX, "box": [1, 2, 3]}, "a list of 4 numbers"),
        ({"question": "Roi", "matrix": [[1], [2, 3]], "box": [0, 0, 1, 1]}, "rows of numbers"),
        ({"question": "Roi", "matrix": [], "box": [0, 0, 1, 1]}, "rows of numbers"),
        ({"question": "Roi", "matrix": [["a"]], "box": [0, 0, 1, 1]}, "a number"),
        ({"question": "RoiFeatures", "picture": "p", "model": "m", "box": [0, 0, 1, 1], "aligned": 1}, "true or false"),
        ({"question": "RoiShift", "roi": 7}, "an object"),
    ],
)
def test_what_is_wrong_is_said_by_the_fields_name(values: Any, words: str) -> None:
    with pytest.raises(Mistake, match=words):
        question_of(values, kept)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["picture", "model", "box", "matrix", "bins", "scales", "roi", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5), st.lists, max_leaves=6
        ),
    ),
    st.sampled_from(sorted(kinds())),
)
def test_anything_at_all_is_a_question_or_a_mistake(values: dict[str, Any], kind: str) -> None:
    with suppress(Mistake):
        assert isinstance(question_of(values | {"question": kind}, kept), kinds()[kind])


@dataclass
class Odd:
    numbers: Any
    names: tuple[str, ...] = ("a",)
    inner: Any = None


def test_answers_without_a_form_of_their_own_are_their_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Odd(np.array([[1, np.nan]], np.float32), inner={"k": Odd(np.array([2]), inner=float("inf"))})
    found = plain_of(answer)
    inner = {"numbers": [2], "names": ["a"], "inner": None}
    assert found == {"numbers": [[1.0, None]], "names": ["a"], "inner": {"k": inner}}
    json.dumps(found, allow_nan=False)
    monkeypatch.setattr(plain, "MOST_NUMBERS", 3)
    with pytest.raises(Mistake, match="fewer places"):
        plain_of(Odd(np.zeros(2), inner=np.zeros(2)))
