"""Cards say what the answer says, and text from outside is text."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from explorer.contract import Arithmetic, ModelCard, WeightsCard
from explorer.drawing.cards import answer_card, strip, trouble_card
from explorer.drawing.charts import class_bars
from explorer.records.classify import Classification
from explorer.records.vary import Variations

WEIGHTS = WeightsCard("V1", 5, "far", "streetscape")
CARD = ModelCard("tiny", "Tiny <net>", 1998, "Nobody 1998", "Almost nothing.", weights=(WEIGHTS,))
COST = Arithmetic(44_426, 1_240_000_000)


def answer(**changes: Any) -> Classification:
    scores = np.array([0.1, 0.7, 0.2], np.float32)
    known: dict[str, Any] = {
        "model": "tiny",
        "weights": "V1",
        "device": "cpu",
        "precision": "fp32",
        "size": (20, 30),
        "logits": np.array([[-1.5, 3.25, 0.5]], np.float32),
        "scores": scores,
        "order": np.array([1, 2]),
        "names": ("cat", "<b>dog</b>", "egg"),
        "windows": np.array([[5.004, 0, 25, 20]], np.float32),
        "ms": 12.4,
    }
    return Classification(**(known | changes))


def text(html: str) -> str:
    """What a reader sees."""
    return re.sub(r"<[^>]*>", " ", html)


def test_a_card_says_what_how_sure_how_long_how_dear_and_what_to_doubt() -> None:
    card = answer_card(answer(notes=("never <i>trained</i>",), cached=True), CARD, COST)
    assert '<output class="score">70.0%</output>' in card and "12 ms on cpu (cached)" in card and "1998" in card
    assert "44.4 k weights" in card and "1.24 G multiply-adds" in card and "drawn street scenes" in card
    assert "<b>dog" not in card and "<i>" not in card and "<net>" not in card and "&lt;b&gt;dog" in card
    assert 'class="badge"' in card and 'class="badge"' not in answer_card(answer(), CARD, COST)
    assert "crops" not in card


def test_ten_crops_say_what_averaging_changed() -> None:
    logits = np.zeros((10, 3), np.float32)
    logits[:, 1] = 2.0
    logits[[4, 7], 0] = 5.0
    logits[9, 2] = 5.0
    card = answer_card(answer(logits=logits, windows=np.zeros((10, 4), np.float32)), CARD, COST)
    alone = np.exp(5) / (np.exp(5) + np.exp(2) + 1)
    assert f"By its centre alone: cat {alone:.1%}" in card
    assert "7 say &lt;b&gt;dog&lt;/b&gt;, 2 say cat, 1 say egg." in card


def test_trouble_is_a_sentence() -> None:
    card = trouble_card("<x>", "No <weights>: fetch them.")
    assert "<x>" not in card and "No &lt;weights&gt;: fetch them." in card


def test_the_strip_shows_every_variation_with_what_was_done_to_it() -> None:
    made = Variations(
        "tiny", "V1", np.zeros((2, 4, 4, 3), np.uint8), np.array([[0, 0, 12, 12], [3, 4, 15, 16]], np.float32),
        np.array([True, False]), np.array([[3, -2, 0], [0, 0, 0]]), np.array([0, 2]), np.array([0.5, 0.25], np.float32),
        ("cat", "dog", "<egg>"), 3.2, notes=("outside",),
    )  # fmt: skip
    html = strip(made)
    first, second = re.findall(r"<figure>.*?</figure>", html)
    assert "cat" in first and "50.0%" in first and "mirrored, colour +3 -2 +0" in first
    assert "&lt;egg&gt;" in second and "25.0%" in second and "mirrored" not in second and "3 4 to 15 16" in second
    assert html.count("data:image/png;base64,") == 2 and "2 different answers" in html and "outside" in html


def test_the_bars_are_the_scores_best_on_top() -> None:
    figure = class_bars([answer()])
    (bar,) = figure.data
    assert list(bar.x) == pytest.approx([0.2, 0.7]) and list(bar.text) == ["20.0%", "70.0%"]
    assert list(figure.layout.yaxis.ticktext) == ["egg", "<b>dog</b>"]


def test_raw_bars_are_logits_averaged_over_crops_with_zero_in_sight() -> None:
    logits = np.array([[-4.0, 3.0, -1.0], [-2.0, 4.0, -2.0]], np.float32)
    figure = class_bars([answer(logits=logits, windows=np.zeros((2, 4), np.float32))], raw=True)
    (bar,) = figure.data
    assert list(bar.x) == pytest.approx([-1.5, 3.5]) and list(bar.text) == ["-1.50", "3.50"]
    low, high = figure.layout.xaxis.range
    assert low < -1.5 and high > 3.5


def test_several_answers_get_a_chart_each() -> None:
    figure = class_bars([answer(), answer(model="other", order=np.array([1, 2, 0]))])
    assert [len(bar.x) for bar in figure.data] == [2, 3]
    assert [note.text for note in figure.layout.annotations] == ["tiny · V1", "other · V1"]
    assert figure.layout.height > class_bars([answer()]).layout.height
    assert all(note.font.size is None for note in figure.layout.annotations)  # large type sets one size for all texts


def test_a_long_name_leaves_room_for_its_bar() -> None:
    figure = class_bars([answer(names=("cat", "b" * 40, "egg"))])
    assert "b" * 21 + "…" in figure.layout.yaxis.ticktext
    assert "b" * 40 in figure.data[0].customdata
