"""What can be asked of a detector, and what its answer must be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.records.detect import Detect, Detections
from explorer.records.localize import Localize


def answer(scores: list[float], **changed: Any) -> Detections:
    n = len(scores)
    fields: dict[str, Any] = {
        "boxes": np.arange(4 * n, dtype=np.float32).reshape(n, 4),
        "labels": np.zeros(n, np.int64),
        "scores": np.asarray(scores, np.float32),
    }
    return Detections("m", "w", "cpu", "fp32", (9, 9), ("cat",), **(fields | changed), ms=1.5)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"score": 1.5}, "between 0 and 1"),
        ({"score": -0.1}, "between"),
        ({"precision": "int8"}, "bf16"),
        ({"iou": 1.5}, "An IoU lies between 0 and 1"),
        ({"iou": -0.1}, "An IoU"),
        ({"iou": float("nan")}, "An IoU"),
    ],
)
def test_what_cannot_be_detected(wrong: dict[str, Any], word: str) -> None:
    with pytest.raises(Mistake, match=word):
        Detect("id", "street_overfeat", **wrong)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"scales": (1.0,) * 2}, "different scales"),
        ({"scales": tuple(1 + i / 10 for i in range(7))}, "at most 6"),
        ({"scales": (9.0,)}, "between"),
        ({"stride": -1}, "below 0"),
        ({"match": -1.0}, "below 0"),
        ({"precision": "int8"}, "bf16"),
    ],
)
def test_what_cannot_be_localized(wrong: dict[str, Any], word: str) -> None:
    with pytest.raises(Mistake, match=word):
        Localize("id", "street_overfeat", **wrong)


def test_an_answer_is_told_in_plain_values_best_first() -> None:
    found = answer([0.9, 0.5]).as_json()
    assert found["detections"] == [
        {"box": [0, 1, 2, 3], "name": "cat", "index": 0, "score": pytest.approx(0.9)},
        {"box": [4, 5, 6, 7], "name": "cat", "index": 0, "score": pytest.approx(0.5)},
    ]
    with pytest.raises(ValueError, match="best first"):
        answer([0.5, 0.9])
    with pytest.raises(ValueError, match="boxes"):
        answer([0.5], boxes=np.zeros((2, 4), np.float32))
