"""Recipes are data: complete, checked, found by name."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from explorer.errors import Mistake, UnknownName
from explorer.records.card import Preparing
from explorer.training.augment import augmented
from explorer.training.data import Batch
from explorer.training.forward import prepared
from explorer.training.objective import objective
from explorer.training.optimiser import optimiser_of
from explorer.training.recipe import Early, Recipes, Schedule, recipes
from tests.training.small import Small, Squares, small


def test_the_registry_refuses_twins_and_suggests_the_near_miss() -> None:
    known = Recipes()
    known.add(small())
    with pytest.raises(ValueError, match="two recipes are called small_squares"):
        known.add(small())
    with pytest.raises(UnknownName, match="did you mean digits_lenet5"):
        recipes().get("digit_lenet5")


def test_every_recipe_can_be_written_down_and_says_what_it_learns_from() -> None:
    assert "digits_lenet5" in list(recipes())
    for name in recipes():
        found = recipes().get(name)
        written = found.as_json()
        assert json.loads(json.dumps(written)) == written
        assert written["data"]["kind"] == type(found.data).__name__ and found.data.sentence().endswith(".")


@pytest.mark.parametrize(
    "changes",
    [{"batch": 0}, {"epochs": 0}, {"seed": -1}, {"label_smoothing": 1.0}, {"weight_decay": -1.0}, {"check_every": 0}],
)
def test_a_recipe_that_cannot_be_trained_is_refused(changes: Any) -> None:
    with pytest.raises(Mistake, match="small_squares"):
        small(**changes)
    with pytest.raises(Mistake):
        small(schedule=Schedule(0.0))
    for early in (Early(0, (4, 4)), Early(5, (4, 4)), Early(1, (0, 4))):
        with pytest.raises(Mistake, match="small pictures"):
            small(early=early)


def test_the_rate_climbs_to_its_peak_and_falls_as_a_cosine() -> None:
    schedule = Schedule(0.4, warm_up=0.1, final=0.25)
    rates = [schedule.rate(step, 100) for step in range(100)]
    assert rates[:3] == pytest.approx([0.04, 0.08, 0.12]) and rates[9] == rates[10] == 0.4
    assert rates[55] == pytest.approx(0.4 * 0.625)
    assert 0.1 < rates[99] < 0.101 and all(a >= b for a, b in pairwise(rates[10:]))


def test_augmentations_move_pictures_and_change_no_argument() -> None:
    pictures = np.zeros((50, 5, 5, 1), np.uint8)
    pictures[:, 2, 2] = 9
    rng = np.random.Generator(np.random.PCG64(0))
    moved = augmented(Batch(pictures, np.arange(50)), ("shift",), rng)
    places = {divmod(int(np.argmax(picture)), 5) for picture in moved.pictures}
    assert places == {(row, column) for row in (1, 2, 3) for column in (1, 2, 3)}
    assert (pictures[:, 2, 2] == 9).all() and np.array_equal(moved.targets, np.arange(50))
    sides = np.arange(3, dtype=np.uint8).reshape(1, 1, 3, 1).repeat(40, axis=0)
    seen = {tuple(picture.ravel()) for picture in augmented(Batch(sides, None), ("mirror",), rng).pictures}
    assert seen == {(0, 1, 2), (2, 1, 0)}


def test_metrics_by_hand() -> None:
    logits = torch.tensor([[5.0, 4, 3, 2, 1, 0], [0, 1, 2, 3, 4, 5]])
    top1, top5, loss = objective("classify").measure(logits, np.array([0, 0])).tolist()
    assert (top1, top5) == (1, 1)
    assert loss == pytest.approx(5 + 2 * np.log(np.exp(-np.arange(6.0)).sum()))


def test_pictures_are_scaled_then_normalised_and_of_the_right_size() -> None:
    pictures = np.array([[[[255, 0, 51]]]], np.uint8)
    pictures.setflags(write=False)
    preparation = Preparing((0.5, 0.5, 0.0), (0.5, 0.25, 0.1), (1, 1), 3)
    x = prepared(Batch(pictures, None), preparation, torch.device("cpu"), channels_last=True)
    assert x.shape == (1, 3, 1, 1) and x.flatten().tolist() == pytest.approx([1, -2, 2])
    with pytest.raises(Mistake, match="takes pictures of"):
        prepared(Batch(pictures, None), small().preparation, torch.device("cpu"))
    with pytest.raises(Mistake, match="uint8"):
        Batch(np.zeros((1, 2, 2, 3), np.float32), None)


def test_batches_are_whole_shuffled_and_the_same_from_any_beginning(tmp_path: Any) -> None:
    data = Squares().open(tmp_path, 10)

    def order(first: int = 0, seed: int = 1) -> list[bytes]:
        rng = np.random.Generator(np.random.PCG64(seed))
        return [batch.pictures.tobytes() for batch in data.train_batches(0, rng, first)]

    assert len(order()) == data.steps == 7 and order(3) == order()[3:] and order(seed=2) != order()
    assert sum(len(batch.pictures) for batch in data.validation()) == 24
    with pytest.raises(Mistake, match="smaller batch"):
        Squares().open(tmp_path, 73)


def test_only_kernels_and_matrices_decay() -> None:
    groups = optimiser_of(small(), Small(4)).param_groups
    assert {group["weight_decay"]: {p.ndim for p in group["params"]} for group in groups} == {0.01: {4, 2}, 0.0: {1}}
