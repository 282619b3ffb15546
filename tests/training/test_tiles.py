"""Tiles of street scenes: what each window of one is to learn, by hand, mirrored, and from scenes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.streetscape.exam import BACKGROUND
from explorer.streetscape.render import render
from explorer.training.recipe import recipes
from explorer.training.streets import tiles
from explorer.training.streets.tiles import (
    IGNORED,
    NOBODY,
    PLACES,
    SIDE,
    STRIDE,
    WINDOW,
    StreetTiles,
    mirrored,
    of_scenes,
    targets,
)

ALL = (-100, -100, 500, 500)


def rows(
    *things: tuple[tuple[float, float, float, float], int, int], picture: tuple[int, ...] = ALL
) -> NDArray[np.int64]:
    """A tile of (box, class, counts)."""
    made = np.full((16, 6), NOBODY, np.int64)
    made[0, :4] = np.array(picture) * 16
    for row, (box, label, counts) in enumerate(things, start=1):
        made[row] = [*(round(16 * edge) for edge in box), label, counts]
    return made


def round_place(row: int, column: int, width: float, height: float) -> tuple[float, float, float, float]:
    """A box round the middle of a window."""
    x, y = column * STRIDE + WINDOW / 2, row * STRIDE + WINDOW / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def test_a_thing_is_learnt_where_it_is_in_the_middle_and_nothing_just_beside_it() -> None:
    labels, boxes = targets(rows((round_place(5, 7, 40, 20), 3, 1)))
    assert np.argwhere(labels == 3).tolist() == [[r, c] for r in (4, 5, 6) for c in (6, 7, 8)]
    assert labels[5, 5] == labels[7, 7] == IGNORED and labels[5, 4] == labels[5, 10] == BACKGROUND
    np.testing.assert_allclose(boxes[:, 5, 7] * WINDOW, [-20, -10, 20, 10], atol=0.05)
    np.testing.assert_allclose(boxes[:, 5, 8] * WINDOW, [-28, -10, 12, 10], atol=0.05)
    assert not boxes[:, labels == BACKGROUND].any()


@pytest.mark.parametrize(
    ("side", "at_the_middle"), [(20, BACKGROUND), (25, IGNORED), (30, 3), (68, 3), (75, IGNORED), (100, BACKGROUND)]
)
def test_a_thing_is_learnt_at_the_scale_it_fits(side: float, at_the_middle: int) -> None:
    assert targets(rows((round_place(6, 6, side, 10), 3, 1)))[0][6, 6] == at_the_middle


def test_what_does_not_count_is_never_background() -> None:
    for side in (8, 40):
        labels, _ = targets(rows((round_place(6, 6, side, side), 3, 0)))
        assert labels[6, 6] == IGNORED and not (labels == 3).any()


def test_of_two_things_the_nearer_one_is_learnt() -> None:
    labels, boxes = targets(rows((round_place(6, 6, 40, 40), 3, 1), (round_place(6, 7, 36, 36), 4, 1)))
    assert labels[6, 6] == 3 and labels[6, 7] == 4
    np.testing.assert_allclose(boxes[:, 6, 7] * WINDOW, [-18, -18, 18, 18], atol=0.05)


def test_at_the_pictures_border_a_thing_is_learnt_by_the_windows_that_come_nearest() -> None:
    picture = 16, 8, 16 + 104, 8 + 96
    labels, boxes = targets(rows(((16, 20, 52, 80), 2, 1), picture=picture))
    inside = np.argwhere(labels != IGNORED)
    assert inside.min() >= 1 and inside[:, 0].max() <= 3 and inside[:, 1].max() <= 5
    assert labels[1, 2] == 2 and labels[1, 5] == BACKGROUND
    np.testing.assert_allclose(boxes[0, 1, 2] * WINDOW, 16 - (2 * STRIDE + WINDOW / 2), atol=0.05)


def test_a_mirror_turns_the_boxes_with_the_picture() -> None:
    made = rows((round_place(5, 2, 40, 30), 3, 1), (round_place(9, 8, 30, 60), 1, 1), picture=(0, 0, SIDE, SIDE))
    labels, boxes = targets(made)
    turned, turned_boxes = targets(mirrored(made))
    assert np.array_equal(turned, labels[:, ::-1]) and len(set(labels.ravel().tolist())) == 4
    np.testing.assert_allclose(
        turned_boxes[[2, 1, 0, 3]], boxes[:, :, ::-1] * [[[-1]], [[1]], [[-1]], [[1]]], atol=1e-6
    )
    assert np.array_equal(mirrored(mirrored(made))[:, :4], made[:, :4])


def test_tiles_of_scenes_hold_what_their_rows_say() -> None:
    pictures, kept = of_scenes(range(3, 5))
    assert pictures.shape == (12, SIDE, SIDE, 3) and kept.shape == (12, 16, 6)
    scene = render(3, (480, 640))
    learnt = [targets(one)[0] for one in kept]
    assert sum(int(((one >= 0) & (one < BACKGROUND)).sum()) for one in learnt) > 12
    for one in kept[:6]:
        scale = (one[0, 2] - one[0, 0]) / 16 / 640
        box = (one[1, :4] - np.tile(one[0, :2], 2)) / 16 / scale
        np.testing.assert_allclose(box, scene.boxes[0], atol=1 / scale)
    assert np.array_equal(of_scenes(range(4, 5))[0], pictures[6:])


def test_an_epoch_is_the_same_again_and_turns_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "render", lambda seed, size: render(seed, size, "easy"))
    data = StreetTiles(2, 1)
    assert [step.done for step in data.prepare(tmp_path)][-1] == 1
    opened = data.open(tmp_path, 4)
    assert opened.steps == 3

    def epoch(first: int = 0) -> list[bytes]:
        rng = np.random.Generator(np.random.PCG64(1))
        return [batch.pictures.tobytes() for batch in opened.train_batches(0, rng, first)]

    assert epoch(1) == epoch()[1:]
    batch = next(opened.validation())
    assert batch.targets[0].shape == (4, PLACES, PLACES) and batch.targets[1].shape == (4, 4, PLACES, PLACES)
    with pytest.raises(Mistake, match="smaller batch"):
        data.open(tmp_path, 13)


def test_the_recipe_reads_no_seed_of_the_exam() -> None:
    data = recipes().get("street_overfeat").data
    assert isinstance(data, StreetTiles) and data.scenes <= 10**6 and "validated" in data.sentence()
    with pytest.raises(Mistake, match="choose others"):
        StreetTiles(0, 1)
