"""The greedy merge: by hand, equal to the loops, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from explorer.ops.greedy_merge import greedy_merge, match_score
from tests.reference import greedy_merge as reference


def boxes(*corners: tuple[float, float, float, float]) -> NDArray[np.float32]:
    return np.asarray(corners, np.float32).reshape(-1, 4)


def test_two_near_boxes_become_one_and_a_far_one_stays() -> None:
    given_boxes = boxes((0, 0, 10, 10), (2, 0, 12, 10), (50, 50, 60, 60))
    scores = np.asarray([0.6, 0.3, 0.5], np.float32)
    merged = greedy_merge(given_boxes, scores, 1.0)
    np.testing.assert_allclose(merged.boxes, [[2 / 3, 0, 10 + 2 / 3, 10], [50, 50, 60, 60]], rtol=1e-6)
    assert merged.scores.tolist() == pytest.approx([0.9, 0.5]) and merged.members.tolist() == [0, 0, 1]
    assert scores.tolist() == pytest.approx([0.6, 0.3, 0.5]) and given_boxes[0].tolist() == [0, 0, 10, 10]


def test_the_same_box_matches_with_nought_and_one_beside_it_with_two() -> None:
    one = boxes((0, 0, 10, 10)).astype(np.float64)
    assert match_score(one, one).item() == pytest.approx(0.0, abs=1e-9)
    assert match_score(one, one + np.asarray([10, 0, 10, 0])).item() == pytest.approx(2.0)


def test_no_boxes_and_one_box() -> None:
    none = greedy_merge(boxes(), np.empty(0, np.float32), 1.0)
    assert none.boxes.shape == (0, 4) and none.members.shape == (0,)
    one = greedy_merge(boxes((1, 2, 3, 4)), np.asarray([0.5], np.float32), 9.0)
    assert one.boxes.tolist() == [[1, 2, 3, 4]] and one.members.tolist() == [0]


edges = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(4, 40), st.integers(4, 40))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(edges, st.floats(0.1, 0.99)), max_size=14, unique=True), st.floats(0.0, 1.8))
def test_equal_to_the_loops(found: list[tuple[tuple[int, int, int, int], float]], most: float) -> None:
    # a hair of difference between all boxes, so that no two pairs match equally well
    rng = np.random.Generator(np.random.PCG64(len(found)))
    corners = [(x, y, x + w, y + h) for (x, y, w, h), _ in found]
    given_boxes = boxes(*corners) + rng.uniform(-0.3, 0.3, (len(found), 4)).astype(np.float32)
    scores = np.asarray([score for _, score in found], np.float32)
    wanted = reference.greedy_merge([tuple(box) for box in given_boxes.tolist()], scores.tolist(), most)
    merged = greedy_merge(given_boxes, scores, most)
    groups = {frozenset(np.flatnonzero(merged.members == k).tolist()): k for k in range(len(merged.scores))}
    assert set(groups) == {frozenset(of) for _, _, of in wanted}
    for box, score, of in wanted:
        k = groups[frozenset(of)]
        np.testing.assert_allclose(merged.boxes[k], box, atol=1e-3)
        assert merged.scores[k] == pytest.approx(score, rel=1e-4)
