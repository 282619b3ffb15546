"""What cells are to learn: by hand, equal to a slow loop over cells, and nothing of nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from explorer.ops.yolo_targets import yolo_targets
from explorer.records.cell_loss import IGNORED, NOTHING
from tests.reference import yolo_targets as slow

SIZE, GRID = (48, 80), (3, 5)
"""Cells of 16 x 16 pixels."""


def learnt(*things: tuple[float, float, float, float, int, bool]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    boxes = np.array([thing[:4] for thing in things], np.float64).reshape(-1, 4)
    labels = np.array([thing[4] for thing in things], np.int64)
    return yolo_targets(boxes, labels, np.array([thing[5] for thing in things], bool), SIZE, GRID)


def test_one_thing_by_hand() -> None:
    """Its centre is (36, 28): a quarter into column 2, three quarters into row 1."""
    labels, truth = learnt((26, 18, 46, 38, 7, True))
    assert labels[1, 2] == 7 and (labels == NOTHING).sum() == 14 and np.count_nonzero(truth) == 4
    assert truth[1, 2].tolist() == pytest.approx([0.25, 0.75, 20 / 80, 20 / 48])


def test_the_largest_that_counts_is_learnt_whatever_else_is_there() -> None:
    small, large = (34, 20, 38, 24, 1, True), (32, 18, 44, 30, 2, True)
    hidden = (30, 16, 46, 32, 3, False)
    for things in ((small, large, hidden), (hidden, large, small)):
        labels, truth = learnt(*things)
        assert labels[1, 2] == 2 and truth[1, 2, 2] == pytest.approx(12 / 80)
    labels, truth = learnt(hidden)
    assert labels[1, 2] == IGNORED and not truth.any()


def test_a_picture_without_things_and_a_centre_on_the_last_edge() -> None:
    assert (learnt()[0] == NOTHING).all()
    assert learnt((80, 48, 80, 48, 4, True))[0][-1, -1] == 4


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 12), st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**20))
def test_it_is_the_slow_loop(count: int, rows: int, columns: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    size = 32 * rows, 16 * columns
    edges = np.sort(chance.random((count, 2, 2)), axis=1) * [size[1], size[0]]
    boxes = np.concatenate([edges[:, 0], edges[:, 1]], axis=1)
    labels, counts = chance.integers(0, 5, count), chance.random(count) < 0.6
    before = boxes.copy(), labels.copy(), counts.copy()
    found, truth = yolo_targets(boxes, labels, counts, size, (rows, columns))
    wanted = slow.yolo_targets(boxes.tolist(), labels.tolist(), counts.tolist(), size, (rows, columns))
    for place, (label, numbers) in wanted.items():
        assert found[place] == label and truth[place].tolist() == pytest.approx(numbers, abs=1e-5)
    assert all(np.array_equal(one, two) for one, two in zip(before, (boxes, labels, counts), strict=True))
