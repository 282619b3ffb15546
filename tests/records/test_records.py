"""Records refuse what they cannot mean, at birth."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.records.classify import Classify
from explorer.records.frame import Frame
from explorer.records.question import Progress


def test_a_frame_is_read_only_and_known_by_its_content() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    frame = Frame(pixels)
    assert frame.size == (2, 4)
    assert frame.id == Frame(pixels.copy(), name="another").id
    assert frame.id != Frame(pixels.reshape(4, 2, 3)).id
    assert frame.id != Frame(pixels + 1).id
    with pytest.raises(ValueError, match="read-only"):
        frame.pixels[0, 0, 0] = 9
    pixels[0, 0, 0] = 7  # the caller's array stays the caller's to write


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((2, 4), np.uint8),
        np.zeros((2, 4, 4), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((2, 4, 3), np.float32),
        [[1, 2, 3]],
    ],
)
def test_a_frame_refuses_other_arrays(pixels: object) -> None:
    with pytest.raises(Mistake, match="convert the picture to RGB first"):
        Frame(pixels)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"crops": 5}, {"top": 0}, {"top": 1001}, {"precision": "int8"}])
def test_classify_refuses_what_cannot_be_asked(wrong: dict[str, object]) -> None:
    with pytest.raises(Mistake, match="choose"):
        Classify("id", "alexnet", **wrong)  # type: ignore[arg-type]


def test_progress_has_a_fraction_only_when_the_end_is_known() -> None:
    assert Progress("x", 3, 4).fraction == 0.75
    assert Progress("x", 3).fraction == 0
    assert Progress("x", 9, 4).fraction == 1
