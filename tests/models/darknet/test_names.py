"""What classes are called: the public lists, and files that come from anyone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from explorer.class_names import COCO, VOC, usual_names
from explorer.errors import Mistake
from explorer.models.darknet.names import MOST_BYTES, read_names


def written(folder: Path, content: bytes) -> Path:
    path = folder / "own.names"
    path.write_bytes(content)
    return path


def test_the_public_lists_go_by_the_number_of_classes() -> None:
    assert (len(COCO), len(set(COCO)), len(VOC), len(set(VOC))) == (80, 80, 20, 20)
    assert usual_names(80) == (COCO, "COCO's") and usual_names(20) == (VOC, "VOC's")
    assert usual_names(3) == (("class 0", "class 1", "class 2"), "")
    assert (COCO[0], COCO[16], COCO[79]) == ("person", "dog", "toothbrush")
    assert tuple(sorted(VOC)) == VOC and VOC[14] == "person"


@pytest.mark.real
def test_they_are_darknets_own(real: Path) -> None:
    assert read_names(real / "darknet" / "coco.names", 80) == COCO
    assert read_names(real / "darknet" / "voc.names", 20) == VOC


@pytest.mark.parametrize(
    "content",
    [
        b"cat\nhot dog\n",
        b"cat\nhot dog",
        b"cat\r\nhot dog\r\n\r\n",
        b"\xef\xbb\xbfcat\rhot dog\n\n",
        b" cat \n\thot dog",
    ],
)
def test_a_name_a_line_however_it_ends(tmp_path: Path, content: bytes) -> None:
    assert read_names(written(tmp_path, content), 2) == ("cat", "hot dog")


def test_names_may_be_of_any_tongue(tmp_path: Path) -> None:
    assert read_names(written(tmp_path, "猫\nchien élégant\n".encode()), 2) == ("猫", "chien élégant")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"cat\n", "own.names has 1 names and the network tells 2 classes apart"),
        (b"cat\ndog\nbird\n", "has 3 names and the network tells 2"),
        (b"", "has 0 names and the network tells 2"),
        (b"cat\n\ndog\n", "Line 2 of own.names is empty"),
        (b"cat\nd\x00og\n", r"Line 2 .* 'd\\x00og', holds what cannot be shown"),
        (b"cat\n\x1b[2Jdog\n", "Line 2 .* cannot be shown"),
        (b"cat\nd\tog\n", "Line 2 .* cannot be shown"),
        ("cat\n\u202egod\n".encode(), r"Line 2 .* '\\u202egod'"),
        (b"cat\n" + b"d" * 101, "Line 2 .* has 101 letters: a name has 100 at most"),
        (b"cat\nd\xff\n", "not UTF-8 text on line 2"),
        (b"\n" * (MOST_BYTES + 1), "more than 1,000,000 bytes"),
    ],
)
def test_anything_else_is_a_sentence(tmp_path: Path, content: bytes, word: str) -> None:
    began = time.perf_counter()
    with pytest.raises(Mistake, match=word) as refused:
        read_names(written(tmp_path, content), 2)
    assert str(refused.value).isprintable() and len(str(refused.value)) < 400 and time.perf_counter() - began < 1


def test_what_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path, Path("/dev/zero"), tmp_path / ("x" * 400), tmp_path / "a\0b"):
        with pytest.raises(Mistake, match="names file"):
            read_names(path, 2)
