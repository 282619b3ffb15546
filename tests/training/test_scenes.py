"""Whole street scenes: what cells are to learn of them, and that boxes move as pictures do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.models.street_yolo import GRID
from explorer.records.cell_loss import IGNORED, NOTHING
from explorer.records.frame import Frame
from explorer.records.scene import counted
from explorer.streetscape.render import render
from explorer.training.recipe import recipes
from explorer.training.streets import scenes
from explorer.training.streets.scenes import KEPT, StreetScenes, of_scenes, things_of
from explorer.training.streets.views import Views, coloured, seen, views
from explorer.training.streets.yolo_targets import counting, targets
from tests.street_networks import WHOLE


def things(*rows: tuple[float, ...]) -> NDArray[np.float64]:
    """x0 y0 x1 y1, class, visibility."""
    return np.array(rows, np.float64).reshape(-1, 6)


def view(edges: tuple[float, ...] = (0, 0, 1, 1), turned: bool = False, factors: tuple[float, float] = (1, 1)) -> Views:
    return Views(np.array([edges], np.float64), np.array([turned]), np.array([factors], np.float64))


def test_a_thing_is_learnt_where_its_centre_lies() -> None:
    """Cells are 16 pixels: (100, 60) is in row 3, column 6, a quarter and three quarters into it."""
    labels, boxes, truth = targets(things((84, 40, 116, 80, 7, 1.0)), KEPT)
    assert labels[3, 6] == 7 and (labels == NOTHING).sum() == GRID[0] * GRID[1] - 1
    assert boxes[3, 6].tolist() == pytest.approx([0.25, 0.75, 0.1, 40 / 240], abs=1e-6)
    assert np.count_nonzero(boxes) == 4
    assert truth[0].tolist() == [84, 40, 116, 80, 7, 1] and (truth[1:, 4] < 0).all()


def test_of_several_in_a_cell_the_largest_that_counts_is_learnt() -> None:
    small, large = (90, 50, 98, 60, 1, 1.0), (80, 44, 112, 68, 2, 1.0)
    hidden, tiny = (60, 20, 140, 100, 3, 0.2), (96, 56, 101, 80, 4, 1.0)
    for rows in ([small, large, hidden, tiny], [hidden, tiny, large, small]):
        labels, boxes, truth = targets(things(*rows), KEPT)
        assert labels[3, 5:7].tolist() == [1, 2] or labels[3, 6] == 2
        assert boxes[3, 6, 2] == pytest.approx(0.1)
        assert truth[:4, 5].tolist() == [float(row in (small, large)) for row in rows]
    labels, boxes, _ = targets(things(hidden, tiny), KEPT)
    assert labels[3, 6] == IGNORED and not boxes.any()
    edge = targets(things((310, 230, 320, 240, 5, 1.0)), KEPT)[0]
    assert edge[-1, -1] == 5


def test_what_counts_is_what_the_exam_counts() -> None:
    for seed in range(4, 8):
        scene = render(seed, (480, 640))
        _, rows = of_scenes(range(seed, seed + 1))
        assert counting(things_of(rows[0])).tolist() == counted(scene).tolist()


def test_a_kept_scene_is_what_the_network_is_given() -> None:
    pictures, rows = of_scenes(range(3, 5))
    assert pictures.shape == (2, *KEPT, 3) and rows.shape == (2, 12, 6)
    scene = render(3, (480, 640))
    x = WHOLE.batch(Frame(scene.picture)).numpy()[0].transpose(1, 2, 0)
    np.testing.assert_allclose((pictures[0] / 255 - WHOLE.mean) / WHOLE.std, x, atol=1e-5)
    np.testing.assert_allclose(things_of(rows[0])[:, :4] * 2, scene.boxes)
    np.testing.assert_allclose(things_of(rows[0])[:, 5], scene.visibility, atol=1e-4)
    assert np.array_equal(of_scenes(range(4, 5))[0][0], pictures[1])


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("edges", [(0, 0, 1, 1), (0.1, -0.05, 0.95, 1.1), (-0.1, 0.1, 1.1, 0.9)])
def test_boxes_move_as_the_picture_does(edges: tuple[float, ...], turned: bool) -> None:
    picture = np.zeros((*KEPT, 3), np.uint8)
    picture[100:140, 60:120] = 200
    moved, (thing,) = seen(picture, things((60, 100, 120, 140, 3, 0.8)), view(edges, turned), 0)
    rows, columns = np.nonzero(moved[:, :, 0] > 100)
    bounds = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    np.testing.assert_allclose(thing[:4], bounds, atol=1.01)
    assert thing[4] == 3 and thing[5] == pytest.approx(0.8) and picture[100:140, 60:120].all()
    if edges == (0, 0, 1, 1):
        assert np.array_equal(moved, picture[:, ::-1] if turned else picture)


def test_what_a_view_cuts_is_less_visible_and_what_it_leaves_out_is_gone() -> None:
    rows = things((0, 0, 40, 40, 1, 0.8), (0, 100, 20, 140, 2, 1.0), (200, 100, 300, 140, 3, 1.0))
    before = rows.copy()
    _, kept = seen(np.zeros((*KEPT, 3), np.uint8), rows, view((0.1, 0, 1.1, 1)), 0)  # 32 pixels to the left
    assert kept[:, 4].tolist() == [1, 3] and np.array_equal(rows, before)
    np.testing.assert_allclose(kept[:, :4], [[0, 0, 8, 40], [168, 100, 268, 140]], atol=1e-9)
    np.testing.assert_allclose(kept[:, 5], [0.8 * 0.2, 1.0])
    assert counting(kept).tolist() == [False, True]


def test_exposure_and_saturation_are_factors() -> None:
    picture = np.array([[[100, 50, 50], [200, 100, 100]]], np.uint8)
    assert np.abs(coloured(picture, 1.0, 1.0).astype(int) - picture).max() <= 1
    assert np.abs(coloured(picture, 1.0, 1.5)[0].astype(int) - [[150, 75, 75], [255, 128, 128]]).max() <= 1
    assert np.abs(coloured(picture, 0.5, 1.0)[0].astype(int) - [[100, 75, 75], [200, 150, 150]]).max() <= 1


def test_views_are_near_and_half_of_them_turned() -> None:
    drawn = views(400, np.random.Generator(np.random.PCG64(0)))
    off = np.abs(drawn.edges - [0, 0, 1, 1])
    assert 0.1 < off.max() <= 0.12 and 140 < drawn.turned.sum() < 260
    assert 1 / 1.5 <= drawn.factors.min() < 0.7 and 1.45 < drawn.factors.max() <= 1.5


def test_an_epoch_is_the_same_again_from_any_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenes, "render", lambda seed, size: render(seed, size, "easy"))
    data = StreetScenes(5, 1)
    made = list(scenes._SCENES.make(range(5))), list(scenes._SCENES.make(range(1_000_000, 1_000_001)))
    opened = scenes.Scenes(*made, 2)  # type: ignore[arg-type]
    assert opened.steps == 2

    def epoch(first: int = 0, seed: int = 1) -> list[bytes]:
        rng = np.random.Generator(np.random.PCG64(seed))
        found = list(opened.train_batches(0, rng, first))
        return [batch.pictures.tobytes() + b"".join(part.tobytes() for part in batch.targets) for batch in found]

    assert epoch(1) == epoch()[1:] and epoch() == epoch() != epoch(seed=2)
    (batch,) = opened.validation()
    assert [part.shape for part in batch.targets] == [(1, *GRID), (1, *GRID, 4), (1, 12, 6)]
    assert np.array_equal(batch.pictures, made[1][0])
    with pytest.raises(Mistake, match="smaller batch"):
        scenes.Scenes(*made, 6)  # type: ignore[arg-type]
    with pytest.raises(Mistake, match="delete it and train again"):
        data.open(tmp_path, 2)


def test_the_recipe_reads_no_seed_of_the_exam() -> None:
    data = recipes().get("street_yolo").data
    assert isinstance(data, StreetScenes) and data.scenes <= 10**6 and "validated" in data.sentence()
    with pytest.raises(Mistake, match="choose others"):
        StreetScenes(0, 1)
