"""Equation 1 of the pyramid paper: by hand, and equal to torchvision on any box."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torchvision.ops.poolers import LevelMapper

from explorer.errors import Mistake
from explorer.ops.roi_level import pyramid_level


@pytest.mark.parametrize(
    ("side", "level"), [(224, 4), (223, 3), (112, 3), (448, 5), (447, 4), (900, 5), (2000, 5), (56, 2), (20, 2), (1, 2)]
)
def test_squares_by_hand(side: float, level: int) -> None:
    exact, found = pyramid_level((10, 20, 10 + side, 20 + side), 2, 5)
    assert found == level and exact == pytest.approx(4 + np.log2(side / 224), abs=1e-6)


def test_only_the_area_counts() -> None:
    assert pyramid_level((0, 0, 112, 448), 2, 5) == pyramid_level((5, 5, 229, 229), 2, 5) == (4.0, 4)


def test_boxes_of_no_size_go_to_the_finest_map_and_reversed_ones_nowhere() -> None:
    assert pyramid_level((3, 3, 3, 9), 2, 5) == (-np.inf, 2)
    with pytest.raises(Mistake):
        pyramid_level((5, 0, 3, 9), 2, 5)


def test_equal_to_torchvision() -> None:
    rng = np.random.default_rng(5)
    start = rng.uniform(0, 500, (3000, 2))
    extent = np.exp2(rng.uniform(0, 10.5, (3000, 2)))
    extent[::3] = np.exp2(rng.integers(3, 11, (1000, 2)))
    boxes = torch.tensor(np.concatenate([start, start + extent], axis=1), dtype=torch.float32)
    for finest, coarsest in ((2, 5), (5, 5), (3, 7)):
        wanted = LevelMapper(finest, coarsest)([boxes]) + finest
        found = [pyramid_level(tuple(box), finest, coarsest)[1] for box in boxes.tolist()]
        assert found == wanted.tolist()
