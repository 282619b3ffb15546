"""Answers as layers, and the panel of the best classes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.drawing.layers import Boxes, View
from explorer.drawing.overlay import classification
from explorer.drawing.palette import BLUE
from explorer.drawing.plaque import PANEL, with_classes
from explorer.records.classify import Classification
from explorer.records.frame import Frame

CENTRE = [80.0, 0.0, 560.0, 480.0]
CORNERS = [[0.0, 0, 400, 400], [240, 0, 640, 400], [0, 80, 400, 480], [240, 80, 640, 480], [120, 40, 520, 440]]


def answer(windows: list[list[float]], scores: tuple[float, ...] = (0.7, 0.2, 0.1)) -> Classification:
    return Classification(
        model="tiny",
        weights="V1",
        device="cpu",
        precision="fp32",
        size=(480, 640),
        logits=np.zeros((len(windows), len(scores)), np.float32),
        scores=np.asarray(scores, np.float32),
        order=np.argsort(-np.asarray(scores), kind="stable"),
        names=tuple(f"class {i}" for i in range(len(scores))),
        windows=np.asarray(windows, np.float32),
        ms=1.0,
    )


def only(view: View) -> Boxes:
    (layer,) = view.panes[0].layers
    assert isinstance(layer, Boxes) and layer.dashed
    return layer


def test_one_crop() -> None:
    view = classification(answer([CENTRE]), "abc")
    assert view.picture == "abc" and len(view.panes) == 1
    assert only(view).boxes.tolist() == [CENTRE] and only(view).boxes.dtype == np.float32
    assert only(view).title == "what the network saw: the centre crop"


def test_mirror_images_are_drawn_once_in_their_order() -> None:
    layer = only(classification(answer(CORNERS * 2), "abc"))
    assert layer.boxes.tolist() == CORNERS
    assert layer.title == "what the network saw: ten crops, five places and their mirror images"


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([[0, 0, 640, 480]], "the whole picture"),
        ([[0.0, 0.0, 639.8, 480.1]], "the whole picture"),
        ([[30, 40, 90, 120]], "the part inside"),
        ([[-20, -100, 660, 580]], "the centre crop"),
        ([[0, 0, 480, 480], [160, 0, 640, 480], [0, 0, 480, 480], [160, 0, 640, 480], CENTRE] * 2, "three places"),
        ([CENTRE] * 10, "one place and its mirror image"),
    ],
)
def test_a_title_says_what_was_seen(windows: list[list[float]], words: str) -> None:
    assert words in only(classification(answer(windows), "abc")).title


def plain(height: int = 240, width: int = 400) -> Frame:
    return Frame(np.full((height, width, 3), 100, np.uint8), "plain")


def test_the_classes_stand_under_the_picture_and_hide_nothing() -> None:
    frame = plain()
    made = with_classes(frame, answer([CENTRE]), "a note")
    assert np.array_equal(made.pixels[:240], frame.pixels) and made.size[1] == 400
    below = made.pixels[240:]
    assert (below[0] == PANEL).all() and len(below) > 3 * 18
    bars = (below == BLUE).all(2).sum(1)
    longest = [int(rows.max()) for rows in np.split(bars[6:60], 3)]
    assert longest == pytest.approx([0.7 * 388, 0.2 * 388, 0.1 * 388], abs=40) and longest[0] > longest[1] > longest[2]
    assert (below > 200).all(2).any()


def test_more_notes_and_longer_ones_take_more_lines_and_no_room_of_others() -> None:
    short, long = (with_classes(plain(), answer([CENTRE]), note).size for note in ("note", "a long note " * 20))
    assert long[0] > short[0] + 20 and long[1] == short[1] == 400


def test_a_thousand_classes_are_no_taller_than_the_picture_and_the_rest_is_counted() -> None:
    many = answer([CENTRE], tuple(np.full(1000, 0.001)))
    made = with_classes(plain(), many)
    assert made.size[0] < 2 * 240 + 60
    assert made.size[0] > with_classes(plain(), replace(many, order=many.order[:13])).size[0]


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (28, 28)])
def test_small_and_narrow_pictures_get_a_margin(size: tuple[int, int]) -> None:
    frame = plain(*size)
    made = with_classes(frame, answer([CENTRE]))
    assert np.array_equal(made.pixels[: size[0], : size[1]], frame.pixels)
    assert made.size[1] >= 200 and (made.pixels[: size[0], size[1] :] == PANEL).all()


def test_scores_that_are_no_numbers_have_no_bar() -> None:
    made = with_classes(plain(), answer([CENTRE], (float("nan"), float("nan"))))
    assert not (made.pixels == BLUE).all(2).any() and (made.pixels[240:] > 200).all(2).any()
