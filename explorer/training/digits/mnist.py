"""MNIST's files, to measure on and never to train on: IDX as yann.lecun.com/exdb/mnist describes it, gzipped or not."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.errors import BadPicture
from explorer.records.frame import Pixels

LOOKED_AT = 2000
"""How many of the test digits were looked at while the drawing was improved; those after them were measured on once."""

_UBYTE = 0x08
_LIMIT = 200_000_000


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array of an IDX file of bytes. Raises BadPicture with one sentence when it is none, or ends early."""
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            with gzip.open(path) as file:
                data = file.read(_LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadPicture(f"{path} cannot be read to its end ({error}): fetch it again.") from None
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != _UBYTE or not 1 <= data[3] <= 4 or len(data) > _LIMIT:
        raise BadPicture(f"{path} is not an IDX file of bytes: name MNIST's images-idx3 or labels-idx1 file.")
    start = 4 + 4 * data[3]
    shape = tuple(int.from_bytes(data[at : at + 4], "big") for at in range(4, start, 4))
    if len(data) != start + math.prod(shape):
        got, wanted = len(data) - start, math.prod(shape)
        raise BadPicture(f"{path} holds {max(got, 0):,} bytes where its head says {wanted:,}: fetch it again.")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def read_mnist(folder: Path, first: int = LOOKED_AT) -> tuple[Pixels, NDArray[np.int64]]:
    """MNIST's test digits from number `first` on, uint8 (n, 28, 28), their labels int64 (n,). Raises BadPicture."""
    pictures = read_idx(folder / "t10k-images-idx3-ubyte.gz")
    labels = read_idx(folder / "t10k-labels-idx1-ubyte.gz")
    if pictures.ndim != 3 or labels.shape != pictures.shape[:1] or (len(labels) and labels.max() > 9):
        raise BadPicture(f"{folder} holds {pictures.shape} pictures and {labels.shape} labels: fetch both files again.")
    return pictures[first:], labels[first:].astype(np.int64)
