"""What the exam asks, and that it is not easy."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.records.scene import CLASSES, Scene, counted
from explorer.streetscape.baseline import features, fit, measure
from explorer.streetscape.exam import BACKGROUND, crops, statistics
from explorer.streetscape.render import render
from explorer.streetscape.seeds import EXAM


def bounds(found: dict[str, object]) -> None:
    assert found["least_things"] >= 3 and found["most_things"] <= 12  # type: ignore[operator]
    assert found["partly_hidden"] >= 0.25 and found["dark"] >= 0.25  # type: ignore[operator]
    by_class = found["by_class"]
    assert isinstance(by_class, dict)
    assert min(by_class.values()) > 0


@pytest.mark.long
def test_statistics_of_some_exam_scenes() -> None:
    bounds(statistics(render(seed) for seed in EXAM[:48]))


@pytest.mark.long
def test_statistics_of_the_exam() -> None:
    found = statistics(render(seed) for seed in EXAM)
    bounds(found)
    by_class = found["by_class"]
    assert isinstance(by_class, dict)
    assert min(by_class.values()) > 0.03 * sum(by_class.values())


def test_crops_hold_what_they_say(scenes: list[Scene]) -> None:
    for scene in scenes:
        found = crops(scene)
        things = [crop for crop in found if crop.label != BACKGROUND]
        assert [crop.label for crop in things] == scene.labels[counted(scene)].tolist()
        for crop, box in zip(things, scene.boxes[counted(scene)], strict=True):
            x0, y0, x1, y1 = crop.box
            assert crop.pixels.shape == (y1 - y0, x1 - x0, 3) and y1 - y0 == x1 - x0
            assert x0 - 1 <= (box[0] + box[2]) / 2 <= x1 + 1 and y0 - 1 <= (box[1] + box[3]) / 2 <= y1 + 1
        for crop in found[len(things) :]:
            x0, y0, x1, y1 = crop.box
            inside = scene.instances[max(y0, 0) : y1, max(x0, 0) : x1]
            assert crop.label == BACKGROUND and np.count_nonzero(inside) <= 0.08 * inside.size


def test_crops_are_the_same_every_time_and_differ_by_seed(scenes: list[Scene]) -> None:
    first, again, other = crops(scenes[0]), crops(scenes[0]), crops(scenes[0], seed=1)
    assert [c.box for c in first] == [c.box for c in again]
    assert [c.box for c in first] != [c.box for c in other]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(first, again, strict=True))


def test_background_is_as_frequent_as_things() -> None:
    found = [crop.label for seed in range(1_400_000, 1_400_012) for crop in crops(render(seed))]
    share = sum(label == BACKGROUND for label in found) / len(found)
    assert 0.42 < share <= 0.5


def test_the_linear_classifier_learns_what_is_easy() -> None:
    source = np.random.Generator(np.random.PCG64(3))
    labels = source.integers(0, 11, 400)
    x = source.normal(size=(400, 20)).astype(np.float32)
    x[np.arange(400), labels] += 6
    assert (fit(x[:300], labels[:300]).predict(x[300:]) == labels[300:]).mean() > 0.9


def test_features_have_one_length(scenes: list[Scene]) -> None:
    x, labels = features(crops(scenes[0]))
    assert x.shape == (len(labels), 128 + 7 * 7 * 36) and np.isfinite(x).all()


@pytest.mark.long
def test_the_exam_is_not_easy() -> None:
    found = measure(range(400), EXAM[:100])
    assert 0.3 < found["top1"] < 0.7  # type: ignore[operator]
    assert len(CLASSES) == 10
