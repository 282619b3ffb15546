"""The worked example's two answers, and what each pooling does while the box moves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
import torchvision
from numpy.typing import NDArray

from explorer.engine.engine import LocalEngine
from explorer.ops.roi_align import roi_align, roi_warp
from explorer.ops.roi_pool import roi_pool
from explorer.records.question import Progress
from explorer.records.roi import METHODS, Axis, Roi, RoiShift, ShiftCurves
from explorer.records.roi_presets import ALIGN_ANSWER, BINS, MATRIX, POOL_ANSWER, PRESETS, Preset
from tests import tiny

FIFTH = 0.2


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry())
    yield made
    made.close()


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_presets_give_their_answers_exactly(engine: LocalEngine, preset: Preset) -> None:
    found = engine.run(preset.question).as_json()
    assert found[preset.method] == [list(row) for row in preset.answer]


def test_the_presets_answers_are_the_worked_examples() -> None:
    assert {preset.answer for preset in PRESETS} == {POOL_ANSWER, ALIGN_ANSWER}
    assert POOL_ANSWER == ((0.8, 0.6), (0.9, 0.6)) and ALIGN_ANSWER == ((0.88, 0.6), (0.9, 0.6))
    assert np.array(MATRIX).shape == (8, 8) and round(sum(map(sum, MATRIX)), 6) == 22.0


def test_two_by_two_samples_never_give_the_second_answer() -> None:
    """Over all boxes with sides on quarters of a cell, aligned or not: not even to two decimals."""
    places = torch.arange(0, 8.01, 0.25)
    first, last = torch.combinations(places).unbind(1)
    x, y = torch.meshgrid(torch.arange(len(first)), torch.arange(len(first)), indexing="ij")
    x, y = x.flatten(), y.flatten()
    boxes = torch.stack([torch.zeros(len(x)), first[x], first[y], last[x], last[y]], dim=1)
    matrix = torch.tensor(MATRIX)[None, None]
    wanted = torch.tensor(ALIGN_ANSWER)
    nearest = []
    for aligned in (False, True):
        # one sample in each of 4x4 bins stands where 2x2 bins have 2x2 samples
        samples = torchvision.ops.roi_align(matrix, boxes, 2 * BINS, 1.0, 1, aligned)
        highest = torch.nn.functional.max_pool2d(samples, 2)[:, 0]
        nearest.append((highest - wanted).abs().amax((1, 2)).min().item())
    print(f"nearest to the second answer with 2x2 samples, over {2 * len(boxes):,} boxes: {min(nearest):.4f} off")
    assert min(nearest) > 0.005


def test_an_answer_holds_what_the_ops_say(engine: LocalEngine) -> None:
    matrix = np.random.default_rng(1).normal(size=(9, 7)).astype(np.float32)
    box = (10.0, 3.0, 90.0, 120.0)
    found = engine.run(Roi(matrix, box, 3, 2, 1 / 16, True))
    assert np.array_equal(found.pool.values, roi_pool(matrix[None], box, 3, 1 / 16).values)
    assert np.array_equal(found.align.average, roi_align(matrix[None], box, 3, 2, 1 / 16, True).average)
    assert np.array_equal(found.warp.average, roi_warp(matrix[None], box, 3, 2, 1 / 16, True).average)
    said = found.as_json()
    assert said["edges"]["pool"]["box"] == [1, 0, 6, 8] and said["samples"] == [2, 2]
    assert np.float32(said["align_max"]).tolist() == found.align.highest[0].tolist()


@pytest.mark.parametrize("axis", ["x", "y"])
def test_a_curve_is_the_answer_at_each_place(engine: LocalEngine, axis: Axis) -> None:
    matrix = np.random.default_rng(2).random((12, 12), np.float32)
    question = RoiShift(Roi(matrix, (1.3, 2.1, 5.2, 7.9), 3), 8, 0.25, axis)
    *steps, made = engine.ask(question)
    assert isinstance(made, ShiftCurves) and all(isinstance(step, Progress) for step in steps)
    assert made.offsets.tolist() == [place / 4 for place in range(9)]
    for place in (0, 5, 8):
        alone = engine.run(Roi(matrix, question.box_at(place), 3))
        here = alone.pool.values, alone.warp.average, alone.align.average, alone.align.highest
        for method, values in zip(METHODS, here, strict=True):
            assert np.array_equal(made.curves[method][place], values[0]), method
    for method in METHODS:
        steps_taken = [np.abs(made.curves[method][i + 1] - made.curves[method][i]).max() for i in range(8)]
        assert made.jumps[method] == max(steps_taken)


def test_a_ramp_moves_as_the_box_does_and_a_flat_matrix_not_at_all(engine: LocalEngine) -> None:
    ramp = np.tile(np.arange(16, dtype=np.float32), (16, 1))
    made = engine.run(RoiShift(Roi(ramp, (2.25, 2.25, 8.25, 8.25), 2)))
    assert np.allclose(made.curves["align"] - made.curves["align"][0], made.offsets[:, None, None], atol=1e-5)
    assert made.jumps["align"] == pytest.approx(1 / 16, abs=1e-5)
    assert made.jumps["pool"] == 1 and made.jumps["warp"] == 1
    assert not any(engine.run(RoiShift(Roi(np.ones((16, 16), np.float32), (2, 2, 8, 8)))).jumps.values())


def _jumps(engine: LocalEngine, boxes: int, bins: int | None = None) -> NDArray[np.float64]:
    """(boxes, methods): on random matrices in [0, 1], every sample inside, over 64 steps of 1/16 cell along x."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(boxes):
        width, height = rng.uniform(1, 8, 2)
        x0, y0 = rng.uniform(0.5, (16 - 1.5 - width - 4, 16 - 1.5 - height))
        box = x0, y0, x0 + width, y0 + height
        roi = Roi(rng.random((16, 16), np.float32), box, bins or int(rng.integers(2, 8)))
        made = engine.run(RoiShift(roi))
        found.append([made.jumps[method] for method in METHODS])
    return np.array(found)


@pytest.mark.long
def test_roi_pool_jumps_and_roi_align_glides(engine: LocalEngine) -> None:
    """The largest jump of all boxes; also the median box's. Bilinear slopes bound RoI Align's by 1/16 of the range."""
    jumps = _jumps(engine, 200)
    largest, median = (
        dict(zip(METHODS, row.tolist(), strict=True)) for row in (jumps.max(0), np.median(jumps, axis=0))
    )
    print(f"largest jump in a step of 1/16 cell: {largest}, median box: {median}")
    for method in ("align", "align_max"):
        assert largest[method] <= FIFTH * largest["pool"] and largest[method] <= 1 / 16 + 1e-5
    assert median["align"] <= FIFTH * median["pool"]
    assert largest["warp"] > FIFTH * largest["pool"]  # reads bilinearly, and jumps for it rounds the box


@pytest.mark.long
def test_with_seven_bins_that_is_so_for_every_single_box(engine: LocalEngine) -> None:
    """Bins of at most two cells; the highest of a large bin's many cells may stay while the box moves."""
    jumps = _jumps(engine, 60, bins=7)
    ratios = jumps[:, METHODS.index("align")] / jumps[:, METHODS.index("pool")]
    print(f"RoI Align's jump over RoI Pool's, box by box: median {np.median(ratios):.3f}, worst {ratios.max():.3f}")
    assert ratios.max() <= FIFTH
