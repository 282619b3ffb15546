from __future__ import annotations

import time
import warnings

import numpy as np
import pytest

from explorer.errors import BadPicture
from explorer.sources.image import read_image
from tests.pictures import READ
from tests.sources.encoders import encode, exif, mended, scene


def seeds() -> list[bytes]:
    """A small picture of every format and most modes."""
    names = ("I13-rgb", "I13-p-alphas", "I13-i16", "I13-l-key-2-bit", "I13-cmyk", "I10-baseline", "I10-progressive")
    more = (
        "I11-jpeg-6",
        "I12-jpeg-wide",
        "I13-gif-key",
        "I15-gif-2",
        "I15-apng",
        "I15-webp",
        "I13-webp-rgba",
        "I13-bmp-p",
    )
    lossy = encode(scene(), "WEBP", exif=exif(6))
    return [READ[name].data for name in names + more] + [encode(scene(), "BMP"), lossy]


def mutated(data: bytes, random: np.random.Generator) -> bytes:
    """The same file cut, repeated, or with bytes changed; half the changes are near its start."""
    wrong = bytearray(data)
    for _ in range(random.integers(1, 6)):
        span = min(64, len(wrong)) if random.random() < 0.5 else len(wrong)
        at, kind = int(random.integers(0, span)), random.integers(0, 4)
        if kind == 0:
            wrong[at] = int(random.choice([0, 1, 127, 128, 255, random.integers(0, 256)]))
        elif kind == 1:
            wrong[at : at + 4] = random.bytes(4)
        elif kind == 2 and len(wrong) > 100:
            del wrong[at : at + int(random.integers(1, 40))]
        else:
            wrong[at:at] = wrong[at : at + int(random.integers(1, 400))]
    if random.random() < 0.1:
        del wrong[random.integers(20, len(wrong)) :]
    return mended(bytes(wrong)) if wrong.startswith(b"\x89PNG") and random.random() < 0.8 else bytes(wrong)


def fuzz(count: int, seed: int) -> tuple[int, int]:
    """(read, refused) of so many mutated files; anything but a Frame or BadPicture, or 2 seconds, fails."""
    random, files, read = np.random.default_rng(seed), seeds(), 0
    for turn in range(count):
        data = mutated(files[turn % len(files)], random)
        start = time.perf_counter()
        try:
            frame = read_image(data)
            assert frame.pixels.ndim == 3
            read += 1
        except BadPicture as error:
            assert str(error).endswith(".") and str(error).isprintable()
        assert time.perf_counter() - start < 2, data[:64]
    return read, count - read


def test_mutated_files_are_read_or_refused() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read, refused = fuzz(400, seed=0)
    assert read > 20 and refused > 200


@pytest.mark.long
def test_thousands_of_mutated_files_are_read_or_refused() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read, refused = fuzz(3_400, seed=1)
    assert read > 200 and refused > 1_500
