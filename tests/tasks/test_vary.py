"""Variations are what AlexNet's training made, and the network's answers to just those pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake
from explorer.models.registry import models
from explorer.records.frame import Frame
from explorer.records.vary import MOST, Variations, Vary
from tests import tiny

SIZE = (40, 60)  # a quarter of it is 10x15; tiny resizes the short side to 16 and cuts 12x12


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry())
    yield made
    made.close()


@pytest.fixture(scope="module")
def frame() -> Frame:
    ramp = np.linspace(0, 200, SIZE[1], dtype=np.uint8)
    pixels = np.stack([np.tile(ramp, (SIZE[0], 1)), np.full(SIZE, 90, np.uint8), np.full(SIZE, 40, np.uint8)], axis=2)
    return Frame(pixels)


def varied(engine: LocalEngine, frame: Frame, **changes: object) -> Variations:
    return engine.run(Vary(engine.keep(frame), "tiny", "random", **changes))  # type: ignore[arg-type]


def test_each_answer_is_the_networks_on_that_very_picture(engine: LocalEngine, frame: Frame) -> None:
    made = varied(engine, frame, count=5)
    module = engine.network("tiny", "random").module
    with torch.inference_mode():
        scores = module(tiny.PREPARATION.inputs(list(made.pictures))).softmax(1)
    best, index = scores.max(1)
    assert made.best.tolist() == index.tolist() and np.allclose(made.scores, best, atol=1e-5)
    assert made.pictures.shape == (5, 12, 12, 3) and made.ms > 0 and made.names == tiny.CLASSES
    again = varied(engine, frame, count=5)
    assert again.cached and np.array_equal(again.pictures, made.pictures)
    assert not np.array_equal(varied(engine, frame, count=5, seed=1).pictures, made.pictures)


def test_a_window_shows_what_lies_there(engine: LocalEngine, frame: Frame) -> None:
    """The picture is a ramp from left to right: its red says where each window was cut, and a mirrored one falls."""
    made = varied(engine, frame, count=16, colour=False)
    assert len(np.unique(made.windows, axis=0)) > 4 and made.mirrored.any() and not made.mirrored.all()
    assert (made.windows[:, 0] >= 0).all() and (made.windows[:, 2] <= SIZE[1] + 1e-3).all()
    for picture, (x0, y0, x1, y1), turned in zip(made.pictures, made.windows, made.mirrored, strict=True):
        red = picture[:, ::-1, 0] if turned else picture[:, :, 0]
        places = x0 + (np.arange(12) + 0.5) * (x1 - x0) / 12
        assert np.abs(red.mean(axis=0) - 200 * (places - 0.5) / (SIZE[1] - 1)).max() < 3
        assert (x1 - x0, y1 - y0) == pytest.approx((12 * 60 / 24, 12 * 40 / 16))
    assert (made.shifts == 0).all()


def test_each_way_can_be_left_out_and_the_others_stay(engine: LocalEngine, frame: Frame) -> None:
    whole = varied(engine, frame)
    still = varied(engine, frame, window=False)
    assert len(np.unique(still.windows, axis=0)) == 1 and np.array_equal(still.mirrored, whole.mirrored)
    straight = varied(engine, frame, mirror=False)
    assert not straight.mirrored.any() and np.array_equal(straight.windows, whole.windows)
    assert np.array_equal(straight.shifts, whole.shifts) and whole.shifts.any()
    plain = varied(engine, frame, window=False, mirror=False, colour=False)
    assert len(np.unique(plain.pictures, axis=0)) == 1 and len(set(plain.best.tolist())) == 1


def test_colours_move_along_the_pictures_own_main_direction(engine: LocalEngine, frame: Frame) -> None:
    """Only red varies in the ramp, so only red is shifted."""
    shifts = varied(engine, frame, count=16).shifts
    assert (shifts[:, 1:] == 0).all() and len(set(shifts[:, 0].tolist())) > 3


def test_a_picture_smaller_than_a_crop_is_padded(engine: LocalEngine) -> None:
    thin = Frame(np.full((1, 400, 3), 200, np.uint8))
    made = varied(engine, thin)
    assert made.pictures.shape[1:] == (12, 12, 3) and np.isfinite(made.scores).all()


def test_what_cannot_be_asked(frame: Frame) -> None:
    for wrong in ({"count": 0}, {"count": MOST + 1}, {"seed": -1}):
        with pytest.raises(Mistake):
            Vary("id", "tiny", **wrong)  # type: ignore[arg-type]
    lenet = LocalEngine("cpu", models())
    with pytest.raises(Mistake, match="digits_lenet5 reads its picture whole"):
        lenet.run(Vary(lenet.keep(frame), "digits_lenet5"))
    lenet.close()
