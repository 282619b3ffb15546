"""The pieces: tables, camera, chance, patches, the registry of things."""

from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.records.scene import CLASSES, Scene
from explorer.streetscape import raster, trig
from explorer.streetscape.camera import Camera
from explorer.streetscape.canvas import LABEL, Canvas, Patch
from explorer.streetscape.dice import Dice
from explorer.streetscape.registry import kinds
from explorer.streetscape.sheet import contact_sheet
from explorer.streetscape.sketch import Sketch
from explorer.streetscape.weather import ODDS, light_for

CAMERA = Camera(320, 240, 300.0, 160.0, 110.0, 1.6)


def test_sine_table() -> None:
    wanted = [math.sin(2 * math.pi * k / trig.STEPS) for k in range(trig.STEPS)]
    assert np.abs(trig.table() - wanted).max() < 2e-12
    assert trig.sine(0.25) == 1.0 and trig.sine(-0.25) == -1.0 and trig.cosine(0.5) == -1.0


def test_sizes_follow_depth() -> None:
    for z in (3.0, 10.0, 60.0):
        assert CAMERA.row(0, z) - CAMERA.row(1.7, z) == pytest.approx(300 * 1.7 / z)
        assert CAMERA.depth(CAMERA.row(0, z)) == pytest.approx(z)
    assert CAMERA.row(1.6, 5.0) == CAMERA.horizon


def test_what_is_behind_the_lens_is_cut() -> None:
    assert CAMERA.project([(0, 0, -1), (1, 0, -1), (1, 0, -2)]) == []
    assert len(CAMERA.project([(0, 0, -5), (1, 0, 5), (0, 0, 5)])) == 4


def test_dice_repeat_and_children_are_apart() -> None:
    a, b = Dice(4, 2), Dice(4, 2)
    child, twin = a.child(), b.child()
    for _ in range(300):
        child.unit()
    assert a.unit() == b.unit()
    assert twin.unit() != a.unit()
    assert all(3 <= Dice(k).whole(3, 5) <= 5 for k in range(50))
    assert {Dice(k).weigh({"a": 1.0, "b": 0.0, "c": 1.0}) for k in range(50)} == {"a", "c"}


def test_a_patch_covers_half_a_pixel_or_does_not() -> None:
    canvas = Canvas(4, 1)
    rgba = np.array([[[60, 0, 0, 127], [64, 0, 0, 128], [255, 0, 0, 255]]], np.uint8)
    canvas.lay(Patch(2, 0, rgba), LABEL["car"], 7)
    assert canvas.owner.tolist() == [[0, 0, 0, 7]] and canvas.label[0].tolist() == [LABEL["sky"]] * 3 + [LABEL["car"]]
    assert Patch(2, 0, rgba).whole == 2
    canvas.lay(Patch(9, 9, rgba), LABEL["car"], 8)
    assert 8 not in canvas.owner


@pytest.mark.parametrize("name", CLASSES)
def test_every_thing_stands_on_its_ground_and_has_its_size(name: str) -> None:
    """The painted height is near the one that layout counts with, from every side, and the foot is on the ground."""
    light = light_for(Dice(1), "easy")
    camera = Camera(400, 400, 4000.0, 200.0, 200.0, 1.0)
    for seed in range(12):
        figure = kinds()[name].make(Dice(seed))
        if figure.places == (("air", 1.0),):
            continue
        z = max(figure.height, 0.5 * figure.length, 0.4 * figure.width) * 4000 / 200
        sketch = Sketch(camera, light, 0.0, z, seed / 12, figure.height)
        figure.paint(sketch)
        patch = raster.patch(sketch)
        assert patch is not None
        rows = np.flatnonzero(patch.mask.any(axis=1)) + patch.top
        tall = figure.height * camera.scale(z)
        assert rows[-1] <= camera.row(0.0, z) + 0.25 * tall + 30
        assert 0.45 * tall < rows[-1] - rows[0] < 1.75 * tall + 40


def test_every_class_has_a_kind() -> None:
    assert tuple(kinds()) == CLASSES


def test_the_weather_keeps_its_odds() -> None:
    for difficulty, odds in ODDS.items():
        dark = sum(light_for(Dice(k), difficulty).name in ("night", "fog", "rain") for k in range(300)) / 300
        wanted = (odds["night"] + odds["fog"] + odds["rain"]) / sum(odds.values())
        assert abs(dark - wanted) < 0.09


def test_a_contact_sheet_holds_every_scene(scenes: list[Scene]) -> None:
    same = [scene for scene in scenes if scene.size == scenes[0].size][:4]
    sheet = contact_sheet(same, columns=3, half=False)
    height, width = same[0].size
    assert sheet.shape == (2 * (height + 6) + 6, 3 * (width + 6) + 6, 3)
    assert np.array_equal(sheet[height + 12 : 2 * height + 12, 6 : width + 6], same[3].picture)
    with pytest.raises(Mistake, match="one size"):
        contact_sheet(scenes[:2])
