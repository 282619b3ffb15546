"""Questions about every place, one place, a dense layer, an average: what can be asked, and the answers' own sums."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.records.averages import Averaged, Averages
from explorer.records.dense import DenseMaps, Level, difference
from explorer.records.flip import Flip, Flipped, FlippedLayer
from explorer.records.place import WAYS, Place, PlaceSeen

KNOWN: dict[str, Any] = {"model": "net", "weights": "random", "device": "cpu"}


def maps(*levels: Level, **more: Any) -> DenseMaps:
    """Windows of 30x40 in a picture of 100x140."""
    known: dict[str, Any] = {
        "method": "dense", "precision": "fp32", "size": (100, 140), "window": (30, 40), "stride": 20,
        "strides": (20, 10), "names": ("a", "b"), "levels": levels,
    }  # fmt: skip
    return DenseMaps(**KNOWN, **(known | more))


def level(scale: float, logits: Any) -> Level:
    size = (round(100 * scale), round(140 * scale))
    return Level(scale, size, np.asarray(logits, np.float32), 1.0, 1)


def test_cells_lie_around_the_middles_of_their_windows_at_every_scale() -> None:
    found = maps(level(1, np.zeros((2, 4, 6))), level(0.5, np.zeros((2, 2, 2))))
    assert found.region() == (10, 5, 130, 85) and found.region(1) == (20, 10, 100, 90)
    for index in (0, 1):
        windows = found.windows(index)
        for row, column in np.ndindex(windows.shape[:2]):
            x0, y0, x1, y1 = windows[row, column].tolist()
            assert found.cell((x0 + x1) / 2, (y0 + y1) / 2, index) == (row, column)
    assert found.cell(10, 5) == (0, 0) and found.cell(29.9, 24.9) == (0, 0) and found.cell(30, 25) == (1, 1)
    assert found.cell(-5, -5) == (0, 0) and found.cell(139, 99) == (3, 5)


def test_scales_become_one_answer_as_in_overfeat() -> None:
    """Highest place of each class at each scale, then the mean over scales."""
    one, two = level(1, [[[0, 4]], [[1, 0]]]), level(0.5, [[[2]], [[0]]])
    shares = [1 / (1 + np.exp(-4)), 1 / (1 + np.exp(-2))]  # of a; of b the highest is where a is lowest
    other = [1 / (1 + np.exp(-1)), 1 - shares[1]]
    assert maps(one, two).pooled == pytest.approx([np.mean(shares), np.mean(other)], abs=1e-6)
    begun = level(1, [[[0, np.nan]], [[1, np.nan]]])
    assert maps(begun).pooled == pytest.approx([1 - other[0], other[0]], abs=1e-6)
    assert np.isnan(maps(one, level(0.5, np.full((2, 1, 1), np.nan))).pooled).all()


def test_a_march_is_compared_as_far_as_it_has_come() -> None:
    one, two = level(1, [[[0, 4]], [[1, 0]]]), level(0.5, [[[2]], [[0]]])
    found = difference(maps(level(1, [[[0.25, 4]], [[1, 0]]])), maps(one, two))
    assert found.max_abs == 0.25 and found.agree == 1.0 and len(found.levels) == 1
    with pytest.raises(ValueError, match="different questions"):
        difference(maps(two), maps(one, two))


@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        (Place, {"scale": 0.0}, "scale lies between"),
        (Place, {"scale": float("nan")}, "scale lies between"),
        (Place, {"stride": -1}, "number of pixels"),
        (Place, {"row": -1}, "count from 0"),
        (Place, {"column": -2}, "count from 0"),
        (Place, {"precision": "int8"}, "fp32, bf16 or fp16"),
        (Flip, {"scale": 9.0}, "scale lies between"),
        (Flip, {"precision": "int8"}, "fp32, bf16 or fp16"),
        (Averages, {"scale": 9.0}, "scale lies between"),
        (Averages, {"stride": -3}, "number of pixels"),
        (Averages, {"precision": "int8"}, "fp32, bf16 or fp16"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(kind: Any, more: dict[str, Any], says: str) -> None:
    with pytest.raises(Mistake, match=says):
        kind("id", "net", **more)


def seen(logits: Any) -> PlaceSeen:
    names = tuple("abcde")
    return PlaceSeen(
        **KNOWN, row=1, column=2, box=np.arange(4, dtype=np.float32), pixels=np.zeros((3, 4, 3), np.uint8), names=names,
        logits=np.asarray(logits, np.float32), ms=1.0,
    )  # fmt: skip


def test_a_place_names_whatever_any_way_puts_first() -> None:
    found = seen([[5, 1, 0, 0, 0], [0, 1, 5, 0, 0], [5, 1, 0, 2, 0]])
    assert found.order(1) == [0, 2] and found.order(2) == [0, 3, 1, 2]
    assert found.apart("sliding", "alone") == 2 and found.apart("dense", "sliding") == 5
    with pytest.raises(ValueError, match=f"5 classes in {len(WAYS)} ways"):
        seen(np.zeros((2, 5)))


def test_what_does_not_fit_together_is_no_answer() -> None:
    layer = FlippedLayer("fc", (4, 18), (4, 2, 3, 3), 1.0, 0.0, 0.0)
    known: dict[str, Any] = {
        "crop": (9, 9), "unit": 1, "outputs": np.zeros(3, np.float32), "largest_logit": 1.0, "logits_apart": 0.0,
        "size": (9, 9), "map": (1, 1),
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"kernel of \(2, 3, 3\)"):
        Flipped(**KNOWN, layers=(layer,), weights_of_unit=np.zeros((2, 3), np.float32), **known)
    zeros = np.zeros(3, np.float32)
    with pytest.raises(ValueError, match="2 classes"):
        Averaged(**KNOWN, layer="fc", features=4, positions=(1, 1), names=("a", "b"), after=zeros, before=zeros, ms=1.0)


def test_averages_are_compared_on_logits() -> None:
    after, before = np.asarray([0, 1], np.float32), np.asarray([0, 1.5], np.float32)
    found = Averaged(
        **KNOWN, layer="fc", features=4, positions=(1, 1), names=("a", "b"), after=after, before=before, ms=1.0
    )
    assert found.apart == 0.5 and found.scores == pytest.approx([1 / (1 + np.e), np.e / (1 + np.e)])
