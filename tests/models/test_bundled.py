"""Weights that ship with the project, and how the street classifiers see a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.models import bundled
from explorer.models.preparation import Preparation
from explorer.records.frame import Frame
from explorer.training.streets.crops import squashed


def test_before_the_first_training_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "FOLDER", tmp_path)
    assert bundled.street("street_vgg") == ()


def test_a_squashed_picture_is_what_the_training_saw() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (120, 200, 3), np.uint8)
    squash = Preparation(72, 64, (0.45,) * 3, (0.25,) * 3, squash=True)
    small = squashed(pixels)
    assert small.shape == (72, 72, 3) and np.array_equal(small, np.asarray(Image.fromarray(pixels).resize((72, 72), 2)))
    wanted = (small[4:68, 4:68].astype(np.float32) / 255 - 0.45) / 0.25
    got = squash.batch(Frame(pixels)).numpy()
    assert got.shape == (1, 3, 64, 64) and np.abs(got[0].transpose(1, 2, 0) - wanted).max() < 1e-6
    (window,) = squash.windows(Frame(pixels))
    assert window == pytest.approx([4 * 200 / 72, 4 * 120 / 72, 68 * 200 / 72, 68 * 120 / 72])
    assert squash.batch(Frame(pixels), 10).shape == (10, 3, 64, 64) and squash.windows(Frame(pixels), 10).shape == (
        10,
        4,
    )
