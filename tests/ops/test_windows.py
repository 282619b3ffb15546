"""Where windows stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import Mistake
from explorer.ops.windows import positions


def test_alexnets_window_has_126_places_in_a_picture_of_640_by_480() -> None:
    assert positions((480, 640), (224, 224), 32) == (9, 14)
    assert positions((224, 224), (224, 224), 32) == (1, 1)


@given(st.integers(5, 40), st.integers(4, 40), st.integers(1, 9))
def test_they_are_as_many_as_a_loop_finds(height: int, width: int, stride: int) -> None:
    rows = len([y for y in range(0, height, stride) if y + 5 <= height])
    columns = len([x for x in range(0, width, stride) if x + 4 <= width])
    assert positions((height, width), (5, 4), stride) == (rows, columns)


def test_a_picture_smaller_than_the_window_is_refused() -> None:
    with pytest.raises(Mistake, match="640x100 pixels has no room for a window of 224x224"):
        positions((100, 640), (224, 224), 32)
