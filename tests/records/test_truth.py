"""A truth is well made, is of its own pixels, and never goes over to others."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.drawing.layers import Boxes, Pane, View
from explorer.drawing.paint import paint_view
from explorer.errors import Mistake
from explorer.records.frame import Frame
from explorer.records.scene import counted
from explorer.records.truth import Truth
from explorer.sources.open import open_picture, scene

PACKAGE = Path(__file__).resolve().parents[2] / "explorer"
BOX = np.array([[1, 2, 5, 6]], np.float32)


def test_a_truth_is_read_only_and_its_makers_arrays_stay_theirs() -> None:
    boxes, counts = BOX.copy(), np.array([True])
    truth = Truth(boxes, ("dog",), counts, "a test")
    with pytest.raises(ValueError, match="read-only"):
        truth.boxes[0, 0] = 9
    with pytest.raises(ValueError, match="read-only"):
        truth.counts[0] = False
    boxes[0, 0] = 3  # the caller's array stays the caller's to write


@pytest.mark.parametrize(
    ("boxes", "names", "counts", "word"),
    [
        (BOX.astype(np.float64), ("dog",), np.array([True]), "float64"),
        (BOX, ("dog", "cat"), np.array([True, True]), r"A truth's boxes is float32 \(2, 4\)"),
        (BOX, ("dog",), np.array([1]), "A truth's counts is bool"),
        (BOX[:, ::-1], ("dog",), np.array([True]), "x0 < x1"),
        (BOX[:, [0, 1, 0, 3]], ("dog",), np.array([True]), "no area"),
        (BOX * np.float32("nan"), ("dog",), np.array([True]), "x0 < x1"),
    ],
)
def test_what_is_no_truth_is_refused(boxes: object, names: tuple[str, ...], counts: object, word: str) -> None:
    with pytest.raises(Mistake, match=word):
        Truth(boxes, names, counts, "a test")  # type: ignore[arg-type]


def test_a_frames_truth_is_of_its_pixels_and_no_part_of_its_id() -> None:
    truth = Truth(BOX, ("dog",), np.array([True]), "a test")
    pixels = np.zeros((6, 5, 3), np.uint8)
    assert Frame(pixels, truth=truth).id == Frame(pixels).id and Frame(pixels).truth is None
    for size in ((5, 5, 3), (6, 4, 3)):
        with pytest.raises(Mistake, match="reaches past its edges"):
            Frame(np.zeros(size, np.uint8), name="small", truth=truth)


def test_a_scene_knows_its_truth_and_a_sample_does_not() -> None:
    frame, made = open_picture("scene:7:normal:6"), scene("scene:7:normal:6")
    assert frame.truth is not None and made.frame.truth is not None
    assert np.array_equal(frame.truth.boxes, made.boxes) and frame.truth.names == made.names
    assert np.array_equal(frame.truth.counts, counted(made)) and frame.truth.source == "Streetscape 7"
    assert open_picture("sample:cat").truth is None


def test_a_painted_picture_has_no_truth() -> None:
    frame = Frame(np.zeros((60, 50, 3), np.uint8), truth=Truth(BOX, ("dog",), np.array([True]), "a test"))
    other = replace(frame, pixels=np.zeros((6, 5, 3), np.uint8), truth=None)
    for pane in (
        Pane(layers=(Boxes("one", BOX),)),
        Pane(picture=replace(other, pixels=frame.pixels, truth=frame.truth)),
    ):
        assert paint_view(frame, View(frame.id, (pane,))).truth is None


def test_whoever_puts_other_pixels_in_a_frame_says_what_becomes_of_its_truth() -> None:
    silent = []
    for path in (path for path in PACKAGE.rglob("*.py") if "pixels=" in path.read_text()):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        for call in calls:
            given = {word.arg for word in call.keywords}
            if ast.unparse(call.func) == "replace" and "pixels" in given and "truth" not in given:
                silent.append(f"{path.name}:{call.lineno}")
    assert not silent, f"{silent} would take a truth over to other pixels"
