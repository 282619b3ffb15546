"""A detector's input of one size: the whole picture, squashed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from explorer.errors import Mistake
from explorer.models.fixed_picture import FixedPicture
from explorer.records.frame import Frame

HALF = FixedPicture((24, 40), (0.5, 0.4, 0.3), (0.25, 0.2, 0.1))


def test_each_side_shrinks_by_its_own_factor_and_nothing_is_lost() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (60, 50, 3), np.uint8)
    small = np.asarray(Image.fromarray(pixels).resize((40, 24), Image.Resampling.BILINEAR), np.float32) / 255
    x = HALF.batch(Frame(pixels)).numpy()
    assert x.shape == (1, 3, 24, 40)
    shown = x[0].transpose(1, 2, 0) * HALF.std + HALF.mean
    assert np.abs(shown - small).max() < 1.01 / 255 and (np.abs(shown - small) > 0.01 / 255).mean() < 0.1
    assert HALF.windows(Frame(pixels)).tolist() == [[0, 0, 50, 60]]
    with pytest.raises(Mistake, match="the whole picture"):
        HALF.batch(Frame(pixels), 10)
