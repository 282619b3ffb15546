"""`detect` and `evaluate detect`, from outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from explorer.cli import main

Capture = pytest.CaptureFixture[str]
STREET = ("scene:3", "--model", "street_overfeat", "--weights", "random", "--size", "120,160")


def answered(capsys: Capture, *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_boxes_names_and_scores(capsys: Capture, tmp_path: Path) -> None:
    out = tmp_path / "found.png"
    found = answered(capsys, "detect", *STREET, "--score", "0", "--out", str(out))
    assert found["model"] == "street_overfeat" and found["weights"] == "random" and found["size"] == [120, 160]
    assert found["ms"] > 0 and any("random weights" in note for note in found["notes"]) and out.stat().st_size > 0
    for one in found["detections"]:
        x0, y0, x1, y1 = one["box"]
        assert 0 <= x0 <= x1 <= 160 and 0 <= y0 <= y1 <= 120 and 0 <= one["score"] <= 1 and one["name"]


def test_it_is_told_in_sentences(capsys: Capture) -> None:
    assert main(["detect", *STREET, "--score", "1"]) == 0
    assert capsys.readouterr().out.startswith("nothing found\nstreet_overfeat (random) on cpu")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("detect", *STREET, "--score", "2"), "from 0 to 1"),
        (("detect", "scene:3", "--model", "street_alexnet", "--weights", "random"), "does not say where"),
        (("evaluate", "segment", "--model", "street_overfeat"), "detect"),
        (("evaluate", "detect", "--model", "street_alexnet", "--weights", "random"), "does not say where"),
    ],
)
def test_mistakes_are_one_sentence(capsys: Capture, arguments: tuple[str, ...], word: str) -> None:
    assert main(list(arguments)) == 2
    captured = capsys.readouterr()
    assert word in captured.err and captured.out == "" and captured.err.count("\n") == 1
