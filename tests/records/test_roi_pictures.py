"""Questions about boxes on pictures refuse what cannot be asked."""

from __future__ import annotations

import subprocess
import sys

import pytest

from explorer.errors import Mistake
from explorer.records.roi_features import RoiFeatures
from explorer.records.roi_head import PyramidMap, RoiHead

BOX = (0.0, 0.0, 2.0, 2.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"box": (2, 0, 1, 1)},
        {"box": (0, 0, float("nan"), 1)},
        {"bins": 0},
        {"bins": 65},
        {"samples": -2},
        {"samples": 65},
        {"channel": -2},
        {"precision": "fp8"},
    ],
)
def test_what_cannot_be_asked_of_a_map(wrong: dict[str, object]) -> None:
    with pytest.raises(Mistake, match=r": (choose|give) "):
        RoiFeatures(**{"picture": "p", "model": "m", "box": BOX} | wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"box": (0, 2, 1, 1)}, {"channel": -2}, {"precision": "fp8"}])
def test_what_cannot_be_asked_of_a_head(wrong: dict[str, object]) -> None:
    with pytest.raises(Mistake, match=r": (choose|give) "):
        RoiHead(**{"picture": "p", "model": "m", "box": BOX} | wrong)  # type: ignore[arg-type]


def test_equal_questions_are_equal() -> None:
    assert RoiFeatures("p", "m", (0, 0, 2, 2)) == RoiFeatures("p", "m", BOX)  # type: ignore[arg-type]
    assert hash(RoiHead("p", "m", BOX)) == hash(RoiHead("p", "m", BOX)) and PyramidMap("0", 3, 1, 1).stride == 8


def test_they_need_no_torch() -> None:
    code = "import sys, explorer.records.roi_features, explorer.records.roi_head; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
