"""Street crops to learn from: the exam's kind, whole scenes where one thing stands out, and never an exam seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.records.scene import CLASSES, Scene
from explorer.streetscape.exam import CROP_CLASSES, crops
from explorer.streetscape.render import render
from explorer.streetscape.seeds import purpose
from explorer.training.augment import augmented, centre
from explorer.training.data import Batch
from explorer.training.recipe import recipes
from explorer.training.streets.crops import (
    PORTRAITS,
    StreetCrops,
    of_held_out,
    of_portraits,
    of_scenes,
    squashed,
    standing_out,
)

STREET = ("street_alexnet", "street_resnet", "street_vgg")


def with_things(*things: tuple[int, int]) -> Scene:
    """A scene of 100x100 with things of (label, rows filled)."""
    instances = np.zeros((100, 100), np.int32)
    row, boxes = 0, []
    for number, (_, rows) in enumerate(things, start=1):
        instances[row : row + rows] = number
        boxes.append((0, row, 100, row + rows))
        row += rows
    labels = np.array([label for label, _ in things], np.int64)
    label_map = np.where(instances > 0, labels[np.maximum(instances - 1, 0)] if len(labels) else 0, 10)
    return Scene(
        np.zeros((100, 100, 3), np.uint8),
        np.array(boxes, np.float32).reshape(-1, 4),
        labels,
        np.ones(len(labels), np.float32),
        instances,
        label_map.astype(np.uint8),
        "day",
        1,
        "normal",
    )


@pytest.mark.parametrize(
    ("things", "label"),
    [
        ([(2, 3)], 2),
        ([(2, 2)], None),  # too small
        ([(2, 10), (3, 5)], 2),
        ([(2, 10), (3, 6)], None),  # another class nearly as large
        ([(2, 10), (2, 9), (3, 4)], 2),  # of its own class it may be
    ],
)
def test_one_thing_stands_out_or_none_does(things: list[tuple[int, int]], label: int | None) -> None:
    assert standing_out(with_things(*things)) == label


@pytest.mark.long
def test_crops_are_the_exams_and_a_scene_is_added_where_one_thing_stands_out() -> None:
    seeds = range(20)
    pictures, labels = of_scenes(seeds)
    row, wholes = 0, 0
    for seed in seeds:
        scene = render(seed)
        for crop in crops(scene):
            assert labels[row] == crop.label and np.array_equal(pictures[row], squashed(crop.pixels))
            row += 1
        label = standing_out(scene)
        if label is not None:
            assert labels[row] == label and np.array_equal(pictures[row], squashed(scene.picture))
            row, wholes = row + 1, wholes + 1
    assert row == len(pictures) == len(labels) and pictures.dtype == np.uint8 and 0 < wholes < 20
    held_out, _ = of_held_out(seeds)
    assert len(held_out) == len(pictures) - wholes


def test_portraits_show_one_thing_each() -> None:
    pictures, labels = of_portraits(range(PORTRAITS, PORTRAITS + 6))
    assert pictures.shape == (6, 72, 72, 3) and labels.max() < len(CLASSES)


def test_training_validation_and_exam_are_kept_apart(tmp_path: Path) -> None:
    small = StreetCrops(scenes=8, portraits=1, held_out=1)
    list(small.prepare(tmp_path))
    seeds = [int(part) for path in tmp_path.iterdir() for part in path.stem.split("-")[-2:]]
    firsts = {purpose(seed) for seed in seeds[::2]}
    assert firsts == {"train", "validate"} and max(seeds) < 1_100_000
    data = small.open(tmp_path, 16)
    assert next(data.train_batches(0, np.random.default_rng(0))).pictures.shape == (16, 72, 72, 3)
    held_out = next(data.validation())
    assert held_out.pictures.shape[1:] == (64, 64, 3)
    assert np.array_equal(held_out.pictures, of_held_out(range(1_000_000, 1_000_001))[0][:16, 4:68, 4:68])
    for wrong in ((0, 1, 1), (1, 0, 1), (1, 1, 0), (PORTRAITS + 1, 1, 1)):
        with pytest.raises(Mistake):
            StreetCrops(*wrong)


def test_a_window_of_eight_ninths_anywhere_and_in_the_middle() -> None:
    pictures = np.arange(18 * 18, dtype=np.int64).reshape(1, 18, 18, 1).repeat(200, axis=0) % 251
    batch = Batch(pictures.astype(np.uint8), np.arange(200))
    before = batch.pictures.copy()
    found = augmented(batch, ("crop",), np.random.default_rng(0))
    assert found.pictures.shape == (200, 16, 16, 1) and np.array_equal(found.targets, batch.targets)
    corners = {int(picture[0, 0, 0]) for picture in found.pictures}
    assert corners == {int(before[0, row, column, 0]) for row in range(3) for column in range(3)}
    assert all(
        np.array_equal(np.diff(picture[:, :, 0].astype(int), axis=1) % 251, np.ones((16, 15)))
        for picture in found.pictures
    )
    assert np.array_equal(centre(batch).pictures, before[:, 1:17, 1:17]) and np.array_equal(batch.pictures, before)


def test_colours_move_by_picture_and_not_by_pixel() -> None:
    pictures = np.random.default_rng(1).integers(40, 200, (30, 9, 9, 3), np.uint8)
    moved = augmented(Batch(pictures, None), ("colour",), np.random.default_rng(0)).pictures.astype(int)
    shifts = moved - pictures
    assert (shifts == shifts[:, :1, :1]).all() and len(np.unique(shifts[:, 0, 0], axis=0)) > 10


def test_the_three_learn_from_the_same_kind_of_pictures_in_the_exams_classes() -> None:
    found = [recipes().get(name) for name in STREET]
    assert all(isinstance(recipe.data, StreetCrops) and recipe.data.held_out == 400 for recipe in found)
    assert all(recipe.classes == CROP_CLASSES and recipe.preparation.size == (64, 64) for recipe in found)
