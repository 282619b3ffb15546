"""A matrix from text: every common way to part numbers, and a sentence for what is none."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.records.roi import MOST_CELLS
from explorer.sources.matrix import MOST_BYTES, matrix_of, read_matrix

WANTED = [[0.5, 2.0, -3.0], [4.0, 0.0, 1e-3]]


@pytest.mark.parametrize(
    "text",
    [
        ".5,2,-3\n4,0,1e-3\n",
        "0.5, 2, -3\r\n 4, 0, .001 \r\n\r\n",
        ".5;2;-3\n4;0;.001",
        "0,5;2;-3\n4;0;0,001",
        ".5\t2\t-3\n\n4\t0\t.001",
        "0,5\t2\t-3\n4\t0\t1e-3",
        "  .5 2   -3\n4 0 .001  ",
        "\ufeff.5,2,-3\n4,0,.001",
    ],
)
def test_numbers_are_read_however_they_are_parted(text: str, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(text.encode())
    made = read_matrix(path)
    assert made.dtype == np.float32 and np.allclose(made, WANTED, rtol=1e-7)
    assert np.array_equal(matrix_of(text), made)


def test_one_number_is_a_matrix() -> None:
    assert matrix_of("7").tolist() == [[7]] and matrix_of("1\n2").tolist() == [[1], [2]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (" \n\t\n", "is empty"),
        ("1,2\n3\n", "1 numbers in line 2 and 2 before"),
        ("1,2\n\n3,4,5\n", "3 numbers in line 3 and 2 before"),
        ("a,b\n1,2", "'a' in line 1"),
        ("1,two", "'two' in line 1"),
        ("1,,2", "nothing between two marks in line 1"),
        ("1,2,\n", "nothing between two marks in line 1"),
        ("1,nan", "'nan' in line 1"),
        ("1\n-inf", "'-inf' in line 2"),
        ("1,1e39", "'1e39' in line 1"),
        ("1_000", "'1_000' in line 1"),
        ("[[1,2],[3,4]]", r"'\[\[1' in line 1"),
        ("1 " * (MOST_CELLS + 1), "more than 1,000,000 numbers"),
    ],
)
def test_what_is_no_matrix_gets_one_sentence(text: str, said: str) -> None:
    with pytest.raises(Mistake, match=said) as caught:
        matrix_of(text, "m.csv")
    sentence = str(caught.value)
    assert sentence.startswith("m.csv ") and sentence.endswith(".") and "\n" not in sentence and len(sentence) < 200


def test_many_lines_are_too_many_numbers_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.sources.matrix.MOST_CELLS", 6)
    assert matrix_of("1,2\n3,4\n5,6").size == 6
    with pytest.raises(Mistake, match="more than 6 numbers"):
        matrix_of("1,2\n3,4\n5,6\n7,8")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", "1,2".encode("utf-16"), b"1,\xff", b"\x00" * 9])
def test_bytes_that_are_no_text_are_told_apart(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(data)
    with pytest.raises(Mistake, match=r"m\.csv is no text of numbers"):
        read_matrix(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large.csv").write_bytes(b"1 " * (MOST_BYTES // 2 + 1))
    for name, said in {
        "none.csv": "There is no file none.csv",
        "": "is a folder",
        "pipe": "is a device or a pipe",
        "large.csv": "has more than 12 MB",
        "large.csv/m.csv": "cannot be opened",
        "x" * 300: "cannot be opened",
        "a\0b": "no path may have",
    }.items():
        with pytest.raises(Mistake, match=said):
            read_matrix(tmp_path / name)
