"""Where windows stand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import Mistake
from explorer.ops.windows import boxes, positions


def test_alexnets_window_has_126_places_in_a_picture_of_640_by_480() -> None:
    assert positions((480, 640), (224, 224), 32) == (9, 14)
    assert positions((224, 224), (224, 224), 32) == (1, 1)


@given(st.integers(5, 40), st.integers(5, 40), st.integers(1, 9))
def test_they_are_those_that_a_loop_finds(height: int, width: int, stride: int) -> None:
    found = [
        (x, y, x + 4, y + 5)
        for y in range(0, height, stride)
        for x in range(0, width, stride)
        if y + 5 <= height and x + 4 <= width
    ]
    count = positions((height, width), (5, 4), stride)
    assert boxes(count, (5, 4), stride).tolist() == [list(map(float, box)) for box in found]


def test_places_are_in_the_pictures_own_pixels() -> None:
    found = boxes((2, 2), (10, 20), 5, (0.5, 2.0))
    assert np.array_equal(found, [[0, 0, 10, 20], [2.5, 0, 12.5, 20], [0, 10, 10, 30], [2.5, 10, 12.5, 30]])
    assert found.dtype == np.float32


def test_a_picture_smaller_than_the_window_is_refused() -> None:
    with pytest.raises(Mistake, match="640x100 pixels has no room for a window of 224x224"):
        positions((100, 640), (224, 224), 32)
