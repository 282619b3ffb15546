"""Every place of a picture: window by window, in batches, all at once, with the same numbers."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake, Stopped
from explorer.models.registry import models
from explorer.ops.arithmetic import count
from explorer.records.dense import METHODS, Dense, DenseMaps, Method, difference
from explorer.records.frame import Frame
from explorer.records.question import Partial, Progress
from tests import tiny


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry(build=tiny.Valid))
    yield made
    made.close()


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(np.random.default_rng(3).integers(0, 256, (30, 41, 3)).astype(np.uint8), "noise", domain="photographs")


def asked(engine: LocalEngine, frame: Frame, method: Method = "dense", **more: object) -> DenseMaps:
    return engine.run(Dense(engine.keep(frame), "tiny", "random", method=method, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("stride", [4, 2])
def test_all_three_ways_give_the_same_logits_at_every_scale(engine: LocalEngine, frame: Frame, stride: int) -> None:
    found = {m: asked(engine, frame, m, stride=stride, scales=(1.0, 0.7, 1.3)) for m in METHODS}
    one = found["sliding"]
    sizes = [(30, 41), (21, 29), (39, 53)]
    assert [level.size for level in one.levels] == sizes and one.strides == (4, 2) and one.stride == stride
    wanted = [((h - 12) // stride + 1, (w - 12) // stride + 1) for h, w in sizes]
    for maps in found.values():
        assert [level.positions for level in maps.levels] == wanted and maps.window == (12, 12)
        assert maps.positions == sum(rows * columns for rows, columns in wanted)
        assert maps.ms == pytest.approx(sum(level.ms for level in maps.levels)) and maps.ms > 0
        assert difference(one, maps).max_abs < 1e-5 and difference(one, maps).agree == 1.0
    assert not one.causes.padded and dict(one.linears)["classifier.1"] == (9, 5, 2, 2)


def test_a_place_is_the_network_on_the_crop_there(engine: LocalEngine, frame: Frame) -> None:
    module = engine.network("tiny", "random").module
    maps = asked(engine, frame, stride=2)
    for row, column in ((0, 0), (3, 5), (9, 14)):
        crop = frame.pixels[2 * row : 2 * row + 12, 2 * column : 2 * column + 12]
        with torch.inference_mode():
            logits = module(tiny.PREPARATION.inputs([crop]))[0]
        assert np.allclose(maps.levels[0].logits[:, row, column], logits, atol=1e-5)


def test_windows_lie_in_the_pictures_own_pixels(engine: LocalEngine, frame: Frame) -> None:
    maps = asked(engine, frame, stride=2, scales=(1.0, 0.5))
    assert maps.windows()[3, 5].tolist() == [10, 6, 22, 18] and maps.windows().shape == (10, 15, 4)
    across = 41 / 20  # 20.5 pixels are rounded to 20
    assert np.allclose(maps.windows(1)[1, 2], [4 * across, 4, 16 * across, 28])


def test_the_arithmetic_is_counted_on_what_ran(engine: LocalEngine, frame: Frame) -> None:
    macs = count(lambda: tiny.Valid(4), (12, 12)).macs
    one, dense = asked(engine, frame, "sliding"), asked(engine, frame, "dense")
    assert one.macs == asked(engine, frame, "batched").macs == one.positions * macs
    conv = 5 * 3 * 16 * ((30 - 4) // 2 + 1) * ((41 - 4) // 2 + 1)
    cells = 6 * 8  # of which one row hangs over the edge: a cell needs 10 of the window's 12 pixels
    assert one.positions == dense.positions == 5 * 8
    assert dense.macs == conv + cells * (20 * 9 + 9 * 4) < one.macs


def test_windows_march_and_can_be_stopped(engine: LocalEngine, frame: Frame) -> None:
    other = Frame(255 - frame.pixels, "other", domain="photographs")
    stop = threading.Event()
    seen: list[int] = []
    for step in engine.ask(Dense(engine.keep(other), "tiny", "random", stride=2, method="sliding"), stop):
        if isinstance(step, Partial):
            known = ~np.isnan(step.answer.levels[0].logits[0])
            seen.append(int(known.sum()))
            assert known.ravel()[: seen[-1]].all()
            if len(seen) == 3:
                stop.set()
    assert seen == [3, 6, 9]
    with pytest.raises(Stopped):
        engine.run(Dense(engine.keep(other), "tiny", "random", method="batched"), stop)
    told = list(engine.ask(Dense(engine.keep(other), "tiny", "random", method="batched")))
    assert isinstance(told[-1], DenseMaps) and any(isinstance(step, Progress) and step.fraction == 1 for step in told)


def test_what_ran_before_is_cached_and_says_so(engine: LocalEngine, frame: Frame) -> None:
    for method in METHODS:
        first = asked(engine, frame, method, scales=(1.2,))
        again = asked(engine, frame, method, scales=(1.2,))
        assert not first.cached and again.cached and again.ms == pytest.approx(first.ms)
        assert np.array_equal(first.levels[0].logits, again.levels[0].logits)


def test_the_serving_network_is_left_alone(engine: LocalEngine, frame: Frame) -> None:
    network = engine.network("tiny", "random")
    names = [name for name, _ in network.module.named_modules()]
    asked(engine, frame, stride=2, scales=(0.9,))
    assert [name for name, _ in network.module.named_modules()] == names
    held = {p.data_ptr() for p in network.module.parameters()}
    form, _ = network.rebuilt("dense 2", lambda module: pytest.fail("was made twice"))
    assert {p.data_ptr() for p in form.module.parameters()} == held and form.identity != network.identity


def test_what_cannot_be_asked_is_a_sentence(engine: LocalEngine, frame: Frame) -> None:
    for more, says in (
        ({"scales": ()}, "one to 6"),
        ({"scales": (1.0, 1.0)}, "different scales"),
        ({"scales": (float("nan"),)}, "scale lies between"),
        ({"stride": -1}, "number of pixels"),
        ({"stride": 3}, "choose one of 4, 2"),
        ({"scales": (0.2,)}, "no room for a window"),
        ({"method": "slow"}, "sliding, batched or dense"),
        ({"precision": "int8"}, "fp32, bf16 or fp16"),
    ):
        with pytest.raises(Mistake, match=says):
            engine.run(Dense(engine.keep(frame), "tiny", "random", **more))  # type: ignore[arg-type]


def test_a_network_that_reads_its_picture_whole_is_refused(frame: Frame) -> None:
    engine = LocalEngine("cpu", models())
    with pytest.raises(Mistake, match="reads its picture whole"):
        engine.run(Dense(engine.keep(frame), "digits_lenet5", "random"))
    engine.close()


def test_two_answers_are_compared_where_both_have_one(engine: LocalEngine, frame: Frame) -> None:
    steps = engine.ask(Dense(engine.keep(frame), "tiny", "random", stride=2, scales=(1.1,), method="sliding"))
    begun = next(step.answer for step in steps if isinstance(step, Partial))
    dense = asked(engine, frame, stride=2, scales=(1.1,))
    found = difference(begun, dense)
    assert found.max_abs < 1e-5 and np.isnan(found.levels[0]).any() and found.agree == 1.0
    with pytest.raises(ValueError, match="different questions"):
        difference(begun, asked(engine, frame, stride=4, scales=(1.1,)))
