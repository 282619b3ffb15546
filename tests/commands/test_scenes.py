"""Streetscape from the command line: pictures and truth that a stranger can use, the same bytes every time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.cli import main
from explorer.sources.open import bundled

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "explorer", *arguments], cwd=ROOT, check=True, capture_output=True)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".png"}


@pytest.mark.long
def test_two_processes_and_other_scenes_in_between_make_the_same_bytes(tmp_path: Path) -> None:
    run("scene", "--seed", "7", "--count", "3", "--out", str(tmp_path / "one"))
    run("scene", "--seed", "9", "--out", str(tmp_path / "two"))
    run("scene", "--seed", "3", "--size", "100,140", "--difficulty", "hard", "--out", str(tmp_path / "other"))
    run("scene", "--seed", "7", "--count", "2", "--out", str(tmp_path / "two"))
    assert len(bytes_of(tmp_path / "one")) == 9
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_a_stranger_can_use_the_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scene", "--seed", "40", "--count", "2", "--objects", "5", "--out", str(tmp_path), "--json"]) == 0
    scenes = json.loads(capsys.readouterr().out)["scenes"]
    written = json.loads((tmp_path / "truth.json").read_text())["scenes"]
    assert [scene["seed"] for scene in scenes] == [scene["seed"] for scene in written] == [40, 41]
    for scene, entry in zip(scenes, written, strict=True):
        picture, mask, instances = (np.asarray(Image.open(scene[k])) for k in ("image", "mask", "instances"))
        assert (tmp_path / entry["image"]).exists()
        assert picture.shape == (480, 640, 3) and mask.shape == instances.shape == (480, 640)
        assert len(scene["boxes"]) == len(scene["labels"]) == len(scene["visibility"]) == 5
        for index, (x0, y0, x1, y1) in enumerate(scene["boxes"], start=1):
            rows, columns = np.nonzero(instances == index)
            assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == (x0, y0, x1, y1)
            assert 0 < scene["visibility"][index - 1] <= 1


def test_a_least_size_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["scene", "--seed", "5", "--min-area", "0.2", "--size", "240,320", "--out", str(tmp_path), "--json"]
    assert main(arguments) == 0
    (scene,) = json.loads(capsys.readouterr().out)["scenes"]
    for x0, y0, x1, y1 in scene["boxes"]:
        assert (x1 - x0) * (y1 - y0) >= 0.2 * 240 * 320


def test_a_cache_is_drawn_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["cache", "--seeds", "10:14", "--size", "64,64", "--out", str(tmp_path), "--json"]
    assert main(arguments) == 0
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")}
    assert len(before) == 12
    assert main(arguments) == 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")} == before
    capsys.readouterr()
    assert main(["cache", "--seeds", "10:14", "--size", "96,96", "--out", str(tmp_path)]) == 2
    assert "choose an empty folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["scene", "--seed", "7"],
        ["scene", "--seed", "-7", "--out", "x"],
        ["scene", "--seed", "7", "--size", "480", "--out", "x"],
        ["scene", "--seed", "7", "--size", "10,10", "--out", "x"],
        ["scene", "--seed", "7", "--objects", "99", "--out", "x"],
        ["scene", "--seed", "7", "--min-area", "2", "--out", "x"],
        ["scene", "--seed", "7", "--difficulty", "hrad", "--out", "x"],
        ["scene", "--seed", "7", "--out", "/dev/null/x"],
        ["cache", "--seeds", "9:3", "--out", "x"],
        ["exam", "--scenes", "all"],
        ["sheet", "--seeds", "1:2", "--out", "sheet.xyz"],
    ],
)
def test_a_scene_that_cannot_be_is_one_sentence(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) in (1, 2)
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "Traceback" not in err


def test_a_contact_sheet_holds_every_scene(tmp_path: Path) -> None:
    assert (
        main(["sheet", "--seeds", "3:8", "--columns", "3", "--difficulty", "easy", "--out", f"{tmp_path}/s.png"]) == 0
    )
    sheet = np.asarray(Image.open(tmp_path / "s.png"))
    alone = Image.fromarray(bundled("scene:7:easy").pixels).reduce(2)  # the fifth: second row, second column
    assert sheet.shape == (2 * 246 + 6, 3 * 326 + 6, 3)
    assert np.abs(sheet[252:492, 332:652].astype(int) - np.asarray(alone)).max() <= 1
    assert (sheet[252:492, 658:978] == sheet[0, 0]).all()  # the place of the sixth


def test_the_exam_prints_its_statistics(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exam", "--scenes", "2000000:2000006", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["scenes"] == 6 and found["things"] >= 18 and sum(found["weather"].values()) == 6
