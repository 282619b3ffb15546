"""Pictures inside messages: their pixels, their kind, and damaged ones refused."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.drawing.encode import png_url
from explorer.errors import BadPicture
from explorer.records.frame import Frame
from explorer.sources.data_url import read_data_url


def test_the_pixels_come_as_they_were_sent() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    frame = read_data_url(png_url(Frame(pixels)), "your drawing", "digits")
    assert np.array_equal(frame.pixels, pixels) and (frame.name, frame.domain) == ("your drawing", "digits")


@pytest.mark.parametrize("url", ["", "data:image/png;base64,", "data:image/png;base64,@@@", "data:,hello", "x" * 40])
def test_what_is_no_picture_is_a_sentence(url: str) -> None:
    with pytest.raises(BadPicture, match="webcam"):
        read_data_url(url, "webcam")
