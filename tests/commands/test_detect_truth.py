"""`detect` against what really is there, from outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from explorer.cli import main
from explorer.sources.open import scene

Capture = pytest.CaptureFixture[str]
MODEL = "--model", "street_overfeat", "--weights", "random", "--score", "0"
STREET = "scene:3", *MODEL, "--size", "120,160"


def answered(capsys: Capture, *arguments: str) -> Any:
    assert main(["detect", *arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.fromarray(scene("scene:3", (120, 160)).picture).save(path)
    return path


def test_a_scene_is_judged_by_its_own_truth(capsys: Capture) -> None:
    found = answered(capsys, *STREET)
    judged, truth = found["judged"], scene("scene:3", (120, 160)).truth
    assert judged["truth"] == "Streetscape 3" and judged["iou"] == 0.5
    assert judged["tp"] + judged["fp"] + judged["passed_over"] == len(found["detections"])
    assert judged["tp"] + judged["fn"] == judged["things"] == truth.counts.sum()
    assert {"precision", "recall", "ap50", "ap"} <= judged.keys()


def test_a_file_is_judged_by_a_file_and_without_one_not_at_all(capsys: Capture, photo: Path) -> None:
    assert "judged" not in answered(capsys, str(photo), *MODEL)
    truth, out = photo.with_suffix(".txt"), photo.with_name("out.png")
    truth.write_text("0 .5 .5 .2 .2\n2 .2 .2 .3 .3\n")
    found = answered(capsys, str(photo), *MODEL, "--truth", str(truth), "--out", str(out))
    judged = found["judged"]
    assert judged["truth"] == "photo.txt (YOLO)" and out.stat().st_size > 0
    assert judged["tp"] + judged["fp"] == len(found["detections"]) and judged["tp"] + judged["fn"] == 2
    assert list(judged["by_class"]) == ["car", "person"]


def test_it_is_told_on_one_line(capsys: Capture, photo: Path) -> None:
    truth = photo.with_suffix(".xml")
    box = "<xmin>1</xmin><ymin>1</ymin><xmax>20</xmax><ymax>20</ymax>"
    truth.write_text(f"<annotation><object><name>zebra</name><bndbox>{box}</bndbox></object></annotation>")
    assert main(["detect", str(photo), *MODEL[:-1], "1", "--truth", str(truth)]) == 0
    said = capsys.readouterr().out
    assert (
        "against photo.xml (VOC), from IoU 0.5: 0 true, 0 false, 1 missed; precision -, recall 0.0%, AP at .5 0.0%"
        in said
    )
    assert "note: the network has no name for zebra" in said


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "empty file"), (b"a dog", "none of VOC XML"), (b"0 .5 .5 .5", "Line 1 of photo.txt has 4 values")],
)
def test_mistakes_are_one_sentence_and_come_first(capsys: Capture, photo: Path, content: bytes, word: str) -> None:
    truth = photo.with_suffix(".txt")
    truth.write_bytes(content)
    assert main(["detect", str(photo), "--model", "no_such_model", "--truth", str(truth)]) == 2
    captured = capsys.readouterr()
    assert word in captured.err and captured.out == "" and captured.err.count("\n") == 1


def test_names_of_ones_own(capsys: Capture, photo: Path) -> None:
    truth, names = photo.with_suffix(".txt"), photo.with_suffix(".names")
    truth.write_text("1 .5 .5 .5 .5")
    names.write_text("unicorn\nbird\n")
    judged = answered(capsys, str(photo), *MODEL, "--truth", str(truth), "--names", str(names))["judged"]
    assert list(judged["by_class"]) == ["bird"]
    names.write_bytes(b"\xff")
    assert main(["detect", str(photo), *MODEL, "--truth", str(truth), "--names", str(names)]) == 2
    assert "no UTF-8 text" in capsys.readouterr().err
