"""`video`, from outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.cli import main
from explorer.commands.video import time_of
from tests.films import contents, film

Capture = pytest.CaptureFixture[str]
NETWORK = ("--model", "street_overfeat", "--weights", "random")


def test_a_film_and_what_is_told_of_it(capsys: Capture, tmp_path: Path) -> None:
    source, out = film(tmp_path / "in.mp4", 6, (96, 128), sound="aac"), tmp_path / "out.mp4"
    assert main(["video", str(source), "--view", "detect", *NETWORK, "--out", str(out), "--json"]) == 0
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert captured.err == "" and told["model"] == "street_overfeat" and told["view"] == "detect"
    assert told["frames_in"] == told["frames_out"] == 6 and told["size"] == [96, 128] and told["sound"] == "copied"
    assert told["rate"] == pytest.approx(10, rel=0.02) and told["seconds"] == pytest.approx(0.6, abs=0.02)
    assert told["ms_per_frame"] > 0 and told["out"] == str(out) and any("random" in note for note in told["notes"])
    assert contents(out)["numbers"] == list(range(6))


def test_it_is_told_in_sentences_and_named_by_its_view(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    film(tmp_path / "walk.webm", 3, codec="libvpx")
    assert main(["video", "walk.webm", "--view", "picture"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("3 pictures, 0.3 s, 64 x 48, 10 a second; sound: none\npicture: ")
    assert (tmp_path / "walk-picture.mp4").is_file()


def test_mistakes_are_one_sentence(capsys: Capture, tmp_path: Path) -> None:
    source = str(film(tmp_path / "in.mp4", 2))
    (tmp_path / "text.mp4").write_text("hello")
    for arguments, word in (
        ((source, "--view", "detekt"), "did you mean detect?"),
        ((source, "--view", "picture", "--model", "alexnet"), "asks no network"),
        ((source, "--out", str(tmp_path / "out.gif")), "written as .mp4"),
        ((source, "--out", source), "would be lost"),
        ((str(tmp_path / "no.mp4"),), "no file"),
        ((str(tmp_path / "text.mp4"),), "plain text"),
        ((source, "--model", "street_overfeet"), "did you mean street_overfeat?"),
        ((source, "--model", "street_alexnet", "--weights", "random"), "does not say where"),
    ):
        assert main(["video", *arguments]) == 2, arguments
        captured = capsys.readouterr()
        assert word in captured.err and captured.out == "" and captured.err.count("\n") == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.mp4", "text.mp4"]


def test_times_are_written_as_people_do() -> None:
    assert [time_of(seconds) for seconds in (0.4, 59, 61, 3909)] == ["0 s", "59 s", "1:01", "1:05:09"]
