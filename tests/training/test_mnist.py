"""MNIST's files, whole and broken."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import BadPicture
from explorer.training.digits.mnist import read_idx, read_mnist


def idx(array: np.ndarray) -> bytes:
    head = b"\0\0\x08" + bytes([array.ndim])
    return head + b"".join(side.to_bytes(4, "big") for side in array.shape) + array.tobytes()


PICTURES = np.arange(5 * 784, dtype=np.uint32).astype(np.uint8).reshape(5, 28, 28)
LABELS = np.array([7, 2, 1, 0, 9], np.uint8)


def folder(path: Path, pictures: bytes, labels: bytes) -> Path:
    (path / "t10k-images-idx3-ubyte.gz").write_bytes(pictures)
    (path / "t10k-labels-idx1-ubyte.gz").write_bytes(labels)
    return path


def test_files_are_read_packed_or_not(tmp_path: Path) -> None:
    home = folder(tmp_path, gzip.compress(idx(PICTURES), mtime=0), idx(LABELS))
    pictures, labels = read_mnist(home, first=2)
    assert np.array_equal(pictures, PICTURES[2:]) and labels.tolist() == [1, 0, 9] and labels.dtype == np.int64


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f\x8b",
        gzip.compress(idx(PICTURES), mtime=0)[:-9],
        gzip.compress(idx(PICTURES), mtime=0)[:60],
        gzip.compress(idx(PICTURES), mtime=0)[:40] + b"\0" * 99,
        gzip.compress(idx(PICTURES)[:-1], mtime=0),
        idx(PICTURES) + b"!",
        idx(PICTURES)[:9],
        b"\0\0\x0d\x03" + idx(PICTURES)[4:],
        b"\0\0\x08\x00",
        b"<html>not found</html>",
    ],
)
def test_a_broken_file_gets_a_sentence(tmp_path: Path, data: bytes) -> None:
    home = folder(tmp_path, data, idx(LABELS))
    with pytest.raises(BadPicture, match=r"t10k-images.*: (fetch it again|name MNIST's)"):
        read_idx(home / "t10k-images-idx3-ubyte.gz")
    with pytest.raises(BadPicture):
        read_mnist(home)


@pytest.mark.parametrize("labels", [LABELS[:4], LABELS + 4, LABELS.reshape(5, 1)])
def test_labels_that_do_not_belong_are_refused(tmp_path: Path, labels: np.ndarray) -> None:
    with pytest.raises(BadPicture, match="fetch both files again"):
        read_mnist(folder(tmp_path, idx(PICTURES), idx(labels)))
    with pytest.raises(BadPicture, match="cannot be read"):
        read_mnist(tmp_path / "nowhere")
