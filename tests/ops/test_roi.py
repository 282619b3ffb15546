"""RoI Pool, Warp and Align: by hand, as the papers' slow loops have it, and equal to torchvision."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
import torch
import torchvision
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.ops.roi_align import MOST_POINTS, roi_align, roi_warp
from explorer.ops.roi_pool import roi_pool
from explorer.records.roi import Box
from tests.reference import roi as slow

RAMP = np.arange(25, dtype=np.float32).reshape(1, 5, 5)
SCALES = (1.0, 0.5, 0.25, 1 / 16, 0.3, 1 / 3, 2.0)
Map = NDArray[np.float32]


def rois(box: Box) -> torch.Tensor:
    return torch.tensor([[0.0, *box]], dtype=torch.float32)


def theirs_pooled(features: Map, box: Box, bins: int, scale: float) -> tuple[Map, NDArray[np.int64]]:
    out, cell = torch.ops.torchvision.roi_pool(torch.from_numpy(features)[None], rois(box), scale, bins, bins)
    return out[0].numpy(), cell[0].long().numpy()


def theirs_aligned(features: Map, box: Box, bins: int, samples: int, scale: float, aligned: bool) -> Map:
    made = torchvision.ops.roi_align(torch.from_numpy(features)[None], rois(box), bins, scale, samples, aligned)
    return np.asarray(made[0].numpy())


def check_equal(features: Map, box: Box, bins: int, samples: int, scale: float, aligned: bool) -> None:
    """All that is returned belongs together and is torchvision's."""
    pool = roi_pool(features, box, bins, scale)
    values, cell = theirs_pooled(features, box, bins, scale)
    assert np.array_equal(pool.values, values)
    x, y = pool.largest[..., 0], pool.largest[..., 1]
    assert np.array_equal(np.where(x < 0, -1, y * features.shape[2] + x), cell)
    made = roi_align(features, box, bins, samples, scale, aligned)
    wanted = theirs_aligned(features, box, bins, samples, scale, aligned)
    assert made.average == pytest.approx(wanted, rel=1e-5, abs=1e-5)
    by_hand = (features[:, made.neighbours[..., 1], made.neighbours[..., 0]] * made.weights).sum(-1)
    assert np.array_equal(by_hand, made.samples)
    whole = tuple(float(side) for side in pool.box)
    forced = whole[0], whole[1], max(whole[2], whole[0] + 1), max(whole[3], whole[1] + 1)
    warped = roi_warp(features, box, bins, samples, scale, aligned).average
    assert warped == pytest.approx(theirs_aligned(features, forced, bins, samples, 1.0, aligned), rel=1e-5, abs=1e-5)


def test_the_ramp_by_hand_pooled() -> None:
    """.5 rounds to 1 and 3.4 to 3: cells 1 to 3 both ways, so the middle one falls to both bins."""
    made = roi_pool(RAMP, (0.5, 0.5, 3.4, 3.4), 2)
    assert made.box.tolist() == [1, 1, 3, 3]
    assert made.cuts_x.tolist() == made.cuts_y.tolist() == [1.0, 2.5, 4.0]
    assert made.columns.tolist() == made.rows.tolist() == [[1, 3], [2, 4]]
    assert made.values.tolist() == [[[12, 13], [17, 18]]]
    assert made.largest.tolist() == [[[[2, 2], [3, 2]], [[2, 3], [3, 3]]]]


def test_the_ramp_by_hand_aligned() -> None:
    """A ramp is read exactly: 5 y + x at the middle of each bin, half a cell off when aligned."""
    made = roi_align(RAMP, (1, 1, 3, 3), 2, samples=2)
    assert made.average.tolist() == [[[9, 10], [14, 15]]]  # middles 1.5 and 2.5
    assert made.highest.tolist() == [[[10.5, 11.5], [15.5, 16.5]]]  # the lower right sample, .25 on
    assert made.edges_x.tolist() == [1, 2, 3] and made.box.tolist() == [1, 1, 3, 3] and made.grid == (2, 2)
    assert made.points[0, 1].tolist() == [[2.25, 1.25], [2.75, 1.25], [2.25, 1.75], [2.75, 1.75]]
    assert made.neighbours[0, 1, 1].tolist() == [[2, 1], [3, 1], [2, 2], [3, 2]]
    assert made.weights[0, 1, 1].tolist() == [0.1875, 0.5625, 0.0625, 0.1875]
    assert made.best.tolist() == [[[3, 3], [3, 3]]]
    assert roi_align(RAMP, (1, 1, 3, 3), 2, samples=2, aligned=True).average.tolist() == [[[6, 7], [11, 12]]]


def test_an_enlarged_box_by_hand() -> None:
    """One cell in 4x4 bins: RoI Pool repeats the four cells at its corners, RoI Align reads between them."""
    pool = roi_pool(RAMP, (1, 1, 2, 2), 4)
    assert pool.values.tolist() == [[[6, 6, 7, 7]] * 2 + [[11, 11, 12, 12]] * 2]
    align = roi_align(RAMP, (1, 1, 2, 2), 4)
    middles = 1 + (np.arange(4) + 0.5) / 4
    assert align.grid == (1, 1) and align.average.tolist() == [(5 * middles[:, None] + middles).tolist()]


def test_a_box_half_outside_by_hand() -> None:
    """Columns -2 to 1: the left bins hold no cell; of the samples at x -1.5 and -.5 one reads 0, one the border."""
    pool = roi_pool(RAMP, (-2, 0, 1, 1), 2)
    assert pool.columns.tolist() == [[0, 0], [0, 2]] and pool.rows.tolist() == [[0, 1], [1, 2]]
    assert pool.values.tolist() == [[[0, 1], [0, 6]]]
    assert pool.largest[0, :, 0].tolist() == [[-1, -1], [-1, -1]]
    align = roi_align(RAMP, (-2, 0, 2, 2), 2, samples=2)
    assert align.points[1, 0].tolist() == [[-1.5, 1.25], [-0.5, 1.25], [-1.5, 1.75], [-0.5, 1.75]]
    assert align.samples[0, 1, 0].tolist() == [0, 6.25, 0, 8.75]
    assert align.weights[1, 0].sum(-1).tolist() == [0, 1, 0, 1]
    assert align.average[0, 1].tolist() == [3.75, 8.5]  # right: x 0.5 and 1.5, y 1.25 and 1.75


def test_the_warp_is_the_aligned_rounded_box() -> None:
    rounded = roi_align(RAMP, (1, 1, 3, 3), 2, samples=2)
    assert np.array_equal(roi_warp(RAMP, (0.5, 1.4, 3.4, 2.6), 2, samples=2).average, rounded.average)
    thin = roi_warp(RAMP, (1.1, 1.1, 1.2, 1.2), 2, samples=1, aligned=True)
    assert thin.box.tolist() == [0.5, 0.5, 1.5, 1.5]  # at least a cell, half a cell off


@pytest.mark.parametrize("half", [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5])
def test_halves_are_rounded_away_from_zero(half: float) -> None:
    whole = int(abs(half) + 0.5) * (1 if half > 0 else -1)
    assert roi_pool(RAMP, (half, half, 9, 9), 1).box.tolist() == [whole, whole, 9, 9]
    check_equal(RAMP, (half, half, half + 2, half + 3), 2, 0, 1.0, False)
    check_equal(RAMP, (half * 16, half * 16, half * 16 + 32, half * 16 + 48), 3, 0, 1 / 16, True)


def test_the_number_just_below_a_half_is_rounded_down() -> None:
    below = float(np.nextafter(np.float32(0.5), np.float32(0)))
    assert roi_pool(RAMP, (below, below, 4, 4), 2).box.tolist() == [0, 0, 4, 4]
    check_equal(RAMP, (below, below, 4, 4), 2, 0, 1.0, False)


def test_a_box_is_scaled_in_float32() -> None:
    """7.4999995 / 3 is less than 2.5, and in float32 it is 2.5."""
    below = float(np.nextafter(np.float32(7.5), np.float32(0)))
    assert roi_pool(RAMP, (below, below, 12, 12), 2, 1 / 3).box.tolist() == [3, 3, 4, 4]
    check_equal(RAMP, (below, below, 12, 12), 2, 0, 1 / 3, False)


def test_a_sample_stands_where_float32_puts_it() -> None:
    """Nine tenths of the way from -2.92 to 5.88 is 5, the last place that is read, and in float32 a little more."""
    made = roi_align(RAMP, (-2.92, 1, 5.88, 4), 1, samples=5)
    assert 5 < made.points[0, 0, -1, 0] < 5.000001 and not made.weights[0, 0, -1].any()
    check_equal(RAMP, (-2.92, 1, 5.88, 4), 1, 5, 1.0, False)


def test_a_bin_ends_where_float32_puts_it() -> None:
    """7 x (57 / 7) is a little more than 57 in float32, so torchvision's last bin takes a cell beyond the box."""
    features = np.zeros((1, 1, 60), np.float32)
    features[0, 0, 57] = 1
    made = roi_pool(features, (0, 0, 56, 0), 7)
    assert made.columns[-1].tolist() == [48, 58] and made.values[0, 0, -1] == 1
    check_equal(features, (0, 0, 56, 0), 7, 0, 1.0, False)


@pytest.mark.parametrize("aligned", [False, True])
@pytest.mark.parametrize("samples", [-1, 0, 1, 2, 5])
@pytest.mark.parametrize(
    "box",
    [
        (2, 2, 2, 2),
        (2.3, 1, 2.3, 4),
        (1, 1, 4, 1.001),
        (-9, -9, -5, -5),
        (7, 0, 12, 3),
        (-50, -60, 70, 80),
        (-1, -1, 6, 6),
        (4, 4, 5, 5),
    ],
)
def test_empty_thin_and_far_boxes_are_torchvisions(box: Box, samples: int, aligned: bool) -> None:
    for bins in (1, 2, 7):
        check_equal(RAMP, box, bins, samples, 1.0, aligned)


def test_a_box_of_no_size_has_no_samples_when_they_follow_its_size() -> None:
    made = roi_align(RAMP, (2, 2, 2, 2), 2, aligned=True)
    assert made.grid == (0, 0) and made.points.shape == (2, 2, 0, 2)
    assert (made.average == 0).all() and (made.highest == 0).all() and (made.best == -1).all()


def test_no_channels_give_no_values() -> None:
    none = np.zeros((0, 4, 4), np.float32)
    assert roi_pool(none, (0, 0, 3, 3), 2).values.shape == (0, 2, 2)
    assert roi_align(none, (0, 0, 3, 3), 2).average.shape == roi_warp(none, (0, 0, 3, 3), 2).best.shape == (0, 2, 2)


def test_a_thousand_random_matrices_and_boxes_are_torchvisions() -> None:
    rng = np.random.default_rng(7)
    for _ in range(1000):
        features = rng.normal(size=(1, *rng.integers(1, 12, 2))).astype(np.float32)
        start, extent = rng.uniform(-4, 10, 2), rng.uniform(0, 9, 2)
        scale = float(rng.choice(SCALES))
        x0, y0, x1, y1 = (np.concatenate([start, start + extent]) / scale).tolist()
        bins, samples = int(rng.integers(1, 8)), int(rng.integers(-1, 5))
        check_equal(features, (x0, y0, x1, y1), bins, samples, scale, bool(rng.integers(2)))


sides = st.one_of(
    st.floats(-20, 20, width=32), st.integers(-80, 80).map(lambda n: n / 4), st.integers(-9, 9).map(lambda n: n / 10)
)
lengths = st.one_of(st.just(0.0), st.floats(0, 25, width=32), st.integers(0, 80).map(lambda n: n / 4))


@st.composite
def maps(draw: st.DrawFn, largest: int = 9) -> Map:
    c, h, w = draw(st.integers(1, 2)), draw(st.integers(1, largest)), draw(st.integers(1, largest))
    seed = draw(st.integers(0, 2**32 - 1))
    values = np.random.default_rng(seed).normal(size=(c, h, w))
    return np.asarray(values if seed % 2 else values.round(), np.float32)  # whole numbers tie


@settings(max_examples=400, deadline=None)
@given(
    maps(),
    sides,
    sides,
    lengths,
    lengths,
    st.integers(1, 8),
    st.integers(-1, 6),
    st.sampled_from(SCALES),
    st.booleans(),
)
def test_equal_to_torchvision(
    features: Map, x: float, y: float, width: float, height: float, bins: int, samples: int, scale: float, aligned: bool
) -> None:
    box = x / scale, y / scale, (x + width) / scale, (y + height) / scale
    check_equal(features, box, bins, samples, scale, aligned)


quarters = st.integers(-24, 40).map(lambda n: n / 8)


@settings(max_examples=60, deadline=None)
@given(maps(6), quarters, quarters, quarters, quarters, st.integers(1, 4), st.integers(-1, 3), st.booleans())
def test_equal_to_the_papers_loops(
    features: Map, xa: float, ya: float, xb: float, yb: float, bins: int, samples: int, aligned: bool
) -> None:
    box = 4 * min(xa, xb), 4 * min(ya, yb), 4 * max(xa, xb), 4 * max(ya, yb)
    cells = slow.exact(box, 0.25)
    assert np.allclose(roi_pool(features, box, bins, 0.25).values, slow.pool(features, cells, bins))
    for axis, length in ((0, features.shape[2]), (1, features.shape[1])):
        for place in chain(*slow.places(cells[axis], cells[axis + 2], bins, samples, aligned)):
            assume(min(abs(place + 1), abs(place - length)) > 1e-4)  # there a rounding decides whether it is read
    made = roi_align(features, box, bins, samples, 0.25, aligned)
    mean, highest = slow.align(features, cells, bins, samples, aligned)
    assert np.allclose(made.average, mean, atol=1e-5) and np.allclose(made.highest, highest, atol=1e-5)
    if made.best.min() >= 0:
        assert np.array_equal(np.take_along_axis(made.samples, made.best[..., None], -1)[..., 0], made.highest)


@pytest.mark.parametrize("op", [roi_pool, roi_align, roi_warp])
def test_arguments_stay_as_they_were_and_reversed_boxes_are_refused(op) -> None:  # type: ignore[no-untyped-def]
    features = RAMP.copy()
    features.flags.writeable = False
    made = op(features, (-1, 0.5, 3.5, 9), 3)
    assert np.array_equal(features, RAMP)
    for part in vars(made).values():
        assert not isinstance(part, np.ndarray) or not np.shares_memory(part, features)
    for box in ((3, 0, 2, 4), (0, 3, 4, 2), (0, 0, float("nan"), 1), (0, 0, float("inf"), 1)):
        with pytest.raises(Mistake):
            op(features, box, 2)


def test_too_many_samples_are_refused_before_they_are_made() -> None:
    with pytest.raises(Mistake, match=f"{MOST_POINTS:,} is the limit"):
        roi_align(RAMP, (0, 0, 1e6, 1e6), 2)
    assert roi_align(RAMP, (0, 0, 1e6, 1e6), 2, samples=2).average.shape == (1, 2, 2)
