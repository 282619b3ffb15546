"""`detect --cfg F --weights F`: any Darknet network, from outside."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.cli import main
from tests.models.darknet.files import EVERY, FIRST, MIDDLE, NEW, cfg, planned, spread, written

Capture = pytest.CaptureFixture[str]
PICTURE = "scene:3", "--size", "64,96"
PLAN = planned(*EVERY)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with own.cfg, own.weights and own.names that belong together."""
    (tmp_path / "own.cfg").write_text(cfg(*EVERY))
    (tmp_path / "own.names").write_text("cat\nhot dog\n")
    written(tmp_path, spread(PLAN), name="own.weights")
    return tmp_path


def files(folder: Path) -> tuple[str, ...]:
    return "--cfg", str(folder / "own.cfg"), "--weights", str(folder / "own.weights")


def answered(capsys: Capture, *arguments: str) -> Any:
    assert main(["detect", *arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == "" and out.count("\n") == 1
    return json.loads(out)


def refused(capsys: Capture, *arguments: str) -> str:
    assert main(["detect", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and err.rstrip("\n").isprintable() and len(err) < 600
    return err


def test_boxes_names_and_scores(capsys: Capture, own: Path) -> None:
    found = answered(capsys, *PICTURE, *files(own), "--names", str(own / "own.names"), "--score", ".1")
    assert (found["model"], found["weights"], found["device"]) == ("own", "own.weights", "cpu")
    assert found["size"] == [64, 96] and found["ms"] > 0 and "your own weights" in found["notes"]
    assert len(found["detections"]) > 3
    for one in found["detections"]:
        x0, y0, x1, y1 = one["box"]
        assert 0 <= x0 < x1 <= 96 and 0 <= y0 < y1 <= 64 and 0.1 < one["score"] <= 1
        assert one["name"] == ["cat", "hot dog"][one["index"]]
    scores = [one["score"] for one in found["detections"]]
    assert scores == sorted(scores, reverse=True)


def test_score_and_overlap_choose_among_the_same_boxes(capsys: Capture, own: Path) -> None:
    every, few, apart, usual, said = (
        answered(capsys, *PICTURE, *files(own), *more)["detections"]
        for more in (
            ("--score", ".1", "--iou", "1"),
            ("--score", ".3", "--iou", "1"),
            ("--score", ".1", "--iou", "0"),
            ("--score", ".25", "--iou", ".45"),
            (),
        )
    )
    assert few == [one for one in every if one["score"] > 0.3] and len(few) < len(every)
    assert all(one in every for one in apart) and len(apart) < len(every)
    assert usual == said and usual


def test_without_names_classes_have_numbers_and_that_is_said(capsys: Capture, own: Path) -> None:
    found = answered(capsys, *PICTURE, *files(own))
    assert {one["name"] for one in found["detections"]} <= {"class 0", "class 1"}
    assert any("--names" in note for note in found["notes"])


@pytest.mark.parametrize("header", [NEW, MIDDLE, FIRST], ids=["new", "middle", "first"])
def test_headers_old_and_new(capsys: Capture, own: Path, header: bytes) -> None:
    written(own, spread(PLAN), header, name="own.weights")
    assert answered(capsys, *PICTURE, *files(own))["detections"]


def test_untrained(capsys: Capture, own: Path) -> None:
    found = answered(capsys, *PICTURE, "--cfg", str(own / "own.cfg"), "--weights", "Random", "--score", "0")
    assert found["weights"] == "random" and any("never trained" in note for note in found["notes"])


def test_painted_and_told_in_sentences(capsys: Capture, own: Path) -> None:
    out = own / "found.png"
    assert main(["detect", *PICTURE, *files(own), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "class " in told and "own (own.weights) on cpu" in told and out.stat().st_size > 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--cfg", "{own}.cfg", "--weights", "{own}.weights", "--model", "street_overfeat"), "or --model"),
        (("--cfg", "{own}.cfg"), "give its weights file with --weights"),
        (("--names", "{own}.names", "--model", "street_overfeat"), "give its --cfg and --weights too"),
        (("--weights", "{own}.weights"), "--model, or give a Darknet network's --cfg"),
        (("--model", "street_overfeat", "--weights", "{own}.weights"), "with its .cfg as --cfg and no --model"),
        (("--cfg", "{none}.cfg", "--weights", "{own}.weights"), "There is no cfg file at"),
        (("--cfg", "{own}.cfg", "--weights", "{none}.weights"), "There is no weights file at"),
        (("--cfg", "{own}.cfg", "--weights", "{own}.weights", "--names", "{none}.names"), "There is no names file at"),
        (("--cfg", "{own}.weights", "--weights", "{own}.cfg"), "is not text"),
        (("--cfg", "{own}.cfg", "--weights", "{own}.cfg"), "is a cfg, not a Darknet weights file"),
        (("--cfg", "{own}.cfg", "--weights", "{own}.weights", "--names", "{own}.cfg"), "Line 5 of own.cfg is empty"),
        (("--cfg", "{own}.cfg", "--weights", "{own}.weights", "--iou", "2"), "from 0 to 1"),
        (("--cfg", "{own}.cfg", "--weights", "{own}.weights", "--iou", "nan"), "from 0 to 1"),
        (("--model", "street_overfeat", "--weights", "random", "--iou", ".5"), "has no NMS whose overlap"),
    ],
)
def test_mistakes_are_one_sentence(capsys: Capture, own: Path, arguments: tuple[str, ...], word: str) -> None:
    places = {"own": own / "own", "none": own / "none"}
    assert word in refused(capsys, *PICTURE, *(argument.format(**places) for argument in arguments))


@pytest.mark.parametrize(
    ("file", "content", "word"),
    [
        ("own.cfg", b"", "The cfg is empty"),
        ("own.cfg", cfg("convolutional filters=2", "avgpool", "softmax").encode(), "finds no boxes: give a detector's"),
        ("own.cfg", cfg("convolutional filters=999999999", EVERY[11]).encode(), "filters=999999999"),
        ("own.cfg", cfg(*EVERY, channels=1).encode(), "takes 1 channels and a picture has 3"),
        ("own.cfg", cfg(*EVERY[:-1], "yolo classes=3 num=1 anchors=1,2").encode(), "Layer 22"),
        ("own.weights", b"", "cut short"),
        ("own.weights", NEW, "are missing"),
        ("own.weights", NEW + bytes(10**6), "are left over behind it"),
        ("own.weights", NEW + b"\xff" * (4 * PLAN.floats), "NaN or infinity"),
        ("own.weights", pickle.dumps(Path("/")) + bytes(40), "own.weights"),
        ("own.weights", b"PK\x03\x04" + bytes(40), "is a zip archive or a PyTorch file"),
        ("own.names", b"cat\n", "has 1 names and the network tells 2 classes apart"),
        ("own.names", b"cat\n<b>\x1b[2J</b>\n", "cannot be shown"),
    ],
    ids=[str(number) for number in range(13)],
)
def test_hostile_files_are_one_sentence(capsys: Capture, own: Path, file: str, content: bytes, word: str) -> None:
    (own / file).write_bytes(content)
    assert word in refused(capsys, *PICTURE, *files(own), "--names", str(own / "own.names"))


def test_nothing_in_a_file_is_ever_run(capsys: Capture, own: Path) -> None:
    ran = own / "ran"

    class Runs:
        def __reduce__(self) -> tuple[Any, ...]:
            return open, (str(ran), "w")

    for file in ("own.cfg", "own.weights", "own.names"):
        kept = (own / file).read_bytes()
        (own / file).write_bytes(pickle.dumps(Runs()).ljust(20 + 4 * PLAN.floats, b"\0"))
        refused(capsys, *PICTURE, *files(own), "--names", str(own / "own.names"))
        (own / file).write_bytes(kept)
    assert not ran.exists()


def test_names_of_files_are_shown_safely(capsys: Capture, own: Path) -> None:
    odd = own / "a\x1b[2J\nb.cfg"
    odd.write_text(cfg(*EVERY))
    found = answered(capsys, *PICTURE, "--cfg", str(odd), "--weights", str(own / "own.weights"))
    assert found["model"] == r"a\x1b[2J\nb"


@pytest.mark.real
@pytest.mark.parametrize(
    ("photo", "wanted"),
    [
        ("person", {"person": 0.985, "dog": 0.866}),
        ("dog", {"car": 0.88, "dog": 0.68, "bicycle": 0.47}),
        ("eagle", {"bird": 0.89}),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_the_known_photographs(capsys: Capture, real: Path, photo: str, wanted: dict[str, float], named: bool) -> None:
    network = str(real / "darknet" / "yolo-fastest-1.1")
    arguments = [str(real / "photos" / f"{photo}.jpg"), "--cfg", f"{network}.cfg", "--weights", f"{network}.weights"]
    if named:
        arguments += ["--names", str(real / "darknet" / "coco.names")]
    best: dict[str, float] = {}
    for one in answered(capsys, *arguments)["detections"]:
        best.setdefault(one["name"], one["score"])
    assert {name: best.get(name) for name in wanted} == {name: pytest.approx(s, abs=0.01) for name, s in wanted.items()}
    assert next(iter(best)) == next(iter(wanted))
    assert np.isfinite(list(best.values())).all()
