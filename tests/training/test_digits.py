"""Drawn digits: the same for a seed everywhere, every way of writing them drawn, normalised as MNIST is."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.ops.ink import normalised
from explorer.training.digits import allographs as ways
from explorer.training.digits.allographs import allograph, allographs
from explorer.training.digits.data import HELD_OUT, DrawnDigits
from explorer.training.digits.draw import chosen, digit, digits, written
from explorer.training.digits.pen import CORNER, Pen

ROOT = Path(__file__).resolve().parents[2]
EVERY = [way for digit_ways in allographs() for way in digit_ways]


def rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def test_a_seed_gives_the_same_digit_in_any_process_and_any_order() -> None:
    seeds = [5, 3, HELD_OUT, 4, 3]
    pictures, labels = digits(seeds)
    assert pictures.shape == (5, 28, 28) and pictures.dtype == np.uint8 and labels.dtype == np.int64
    assert np.array_equal(pictures[1], pictures[4]) and not np.array_equal(pictures[0], pictures[1])
    assert all(np.array_equal(digit(seed)[0], picture) for seed, picture in zip(seeds, pictures, strict=True))
    code = (
        "import hashlib, sys; from explorer.training.digits.draw import digits\n"
        f"pictures, labels = digits({seeds[::-1]})\n"
        "assert 'torch' not in sys.modules\n"
        "print(hashlib.sha256(pictures[::-1].tobytes() + labels[::-1].tobytes()).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == hashlib.sha256(pictures.tobytes() + labels.tobytes()).hexdigest()


def test_every_digit_comes_alike_and_every_allograph_by_its_share() -> None:
    source = rng(1)
    found = Counter(chosen(source).name for _ in range(20_000))
    assert set(found) == {way.name for way in EVERY}
    for label, digit_ways in enumerate(allographs()):
        whole = sum(found[way.name] for way in digit_ways)
        assert whole == pytest.approx(2000, rel=0.1), label
        for way in digit_ways:
            share = way.share / sum(other.share for other in digit_ways)
            assert found[way.name] / whole == pytest.approx(share, abs=0.04), way.name


def test_the_ways_people_write_are_there() -> None:
    names = {way.name for way in EVERY}
    assert {"four_open", "four_closed", "seven_plain", "seven_crossed", "two_plain", "two_looped"} <= names
    assert {"one_bar", "one_flag", "one_base", "nine_straight", "nine_bent", "eight_one_go", "eight_rings"} <= names
    assert {"zero_ring", "zero_open", "five_detached"} <= names
    assert all(way.name.split("_")[0] == ["zero", "one", "two", "three", "four"][way.label] for way in EVERY[:19])


@pytest.mark.parametrize("way", EVERY, ids=lambda way: way.name)
def test_an_allograph_fills_the_box_and_sits_at_its_centre_of_mass(way: ways.Allograph) -> None:
    seen = set()
    for seed in range(8):
        picture = written(way, rng(seed))
        seen.add(picture.tobytes())
        rows, columns = np.nonzero(picture)
        assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
        assert picture.max() == 255 and 0.03 < picture.mean() / 255 < 0.4
        mass = picture / picture.sum()
        centre = np.array([mass.sum(axis=1) @ np.arange(28), mass.sum(axis=0) @ np.arange(28)])
        touches = min(rows.min(), columns.min()) == 0 or max(rows.max(), columns.max()) == 27
        assert touches or np.abs(centre - 13.5).max() <= 0.51
    assert len(seen) == 8


def test_normalising_by_hand() -> None:
    paper = np.zeros((128, 128), np.uint8)
    assert not normalised(paper).any()
    paper[10:50, 30:40] = 255
    picture = normalised(paper)
    assert picture[4:24, 12:17].min() == 255 and picture.sum() == 255 * 20 * 5
    dot = np.zeros((128, 128), np.uint8)
    dot[7, 9] = 255
    assert normalised(dot).sum() == 255 * 400


def test_a_pen_passes_its_points_and_turns_sharply_only_at_corners() -> None:
    pen = Pen(rng(0))
    points = [(0.0, 0.0), (0.5, 0.5), (1.0, 0.0)]
    round_one = pen.stroke(*points)
    sharp = pen.stroke(points[0], (0.5, 0.5, CORNER), points[2])

    def turn(stroke: np.ndarray) -> float:
        steps = np.diff(stroke, axis=0)
        steps = steps[np.hypot(*steps.T) > 1e-9]
        angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
        return float(np.abs(np.diff(angles)).max())

    assert all(np.hypot(*(round_one - point).T).min() < 1e-9 for point in points)
    assert turn(sharp) == pytest.approx(np.pi / 2, abs=1e-6) and turn(round_one) < 0.5
    assert not np.array_equal(Pen(rng(0), 0.02).stroke(*points), Pen(rng(1), 0.02).stroke(*points))


def test_twins_among_allographs_are_refused() -> None:
    with pytest.raises(ValueError, match="two allographs are called seven_plain"):
        allograph(7, 1.0)(next(way.draw for way in EVERY if way.name == "seven_plain"))


def test_digits_for_training_and_validation_are_other_digits(tmp_path: Path) -> None:
    description = DrawnDigits(train=40, held_out=8)
    assert list(description.prepare(tmp_path))[-1].fraction == 1
    data = description.open(tmp_path, 10)
    held_out = next(data.validation())
    assert held_out.pictures.shape == (8, 28, 28, 1) and data.steps == 4
    assert np.array_equal(held_out.pictures[2, :, :, 0], digit(HELD_OUT + 2)[0])
    with pytest.raises(Mistake):
        DrawnDigits(0, 1)
