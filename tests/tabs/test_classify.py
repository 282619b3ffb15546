"""The Classify tab asks the right question and says what came, with an engine that is no engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from explorer.contract import ModelCard, Step
from explorer.drawing.charts import class_bars
from explorer.records.classify import Classification, Classify
from explorer.records.frame import Frame
from explorer.tabs import classify
from explorer.tabs.components import plain, shown

CARD = ModelCard("tiny", "Tiny", 1998, "Nobody 1998", "Almost *nothing*.")


def answer(**changes: Any) -> Classification:
    scores = np.array([0.1, 0.7, 0.2], np.float32)
    known: dict[str, Any] = {
        "model": "tiny",
        "weights": "V1",
        "device": "cpu",
        "precision": "fp32",
        "size": (20, 30),
        "logits": np.log(scores)[None],
        "scores": scores,
        "order": np.array([1, 2]),
        "names": ("cat", "<b>dog</b>", "egg"),
        "windows": np.array([[5.004, 0, 25, 20]], np.float32),
        "ms": 12.4,
    }
    return Classification(**(known | changes))


class FakeEngine:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Classify, str]] = []

    def keep(self, frame: Frame) -> str:
        return frame.id

    def run(self, question: Classify, stop: object = None, visitor: str = "") -> Classification:
        self.asked.append((question, visitor))
        return answer()

    def ask(self, question: Classify, stop: object = None, visitor: str = "") -> Iterator[Step[Classification]]:
        yield self.run(question, stop, visitor)


@pytest.fixture
def frame() -> Frame:
    return Frame(np.zeros((20, 30, 3), np.uint8), name="night")


def test_run_asks_for_the_picture_on_the_stage(frame: Frame) -> None:
    engine = FakeEngine()
    assert classify.run(engine, frame, "tiny", "V1", 10, 3, "visitor").ms == 12.4  # type: ignore[arg-type]
    assert engine.asked == [(Classify(frame.id, "tiny", "V1", 10, 3), "visitor")]


def test_the_verdict_says_what_how_sure_how_long_and_what_to_doubt() -> None:
    said = classify.verdict(answer(notes=("never trained",), cached=True), CARD)
    assert "70.0%" in said and "12 ms (cached)" in said and "never trained" in said and "1998" in said
    assert "<b>" not in said and "*nothing*" not in said


def test_text_of_others_means_only_itself() -> None:
    assert plain("a *b* <img src=x onerror=alert(1)>") == ("a &#42;b&#42; &#60;img src=x onerror=alert&#40;1&#41;&#62;")


def test_the_stage_gets_the_picture_and_where_the_network_looked(frame: Frame) -> None:
    content = json.loads(shown(frame, answer()))
    assert content["size"] == [20, 30] and content["windows"] == [[5.0, 0, 25, 20]]
    assert content["picture"].startswith("data:image/jpeg;base64,") and "30 by 20" in content["alt"]


def test_the_bars_are_the_scores_best_on_top() -> None:
    figure = class_bars(answer())
    (bar,) = figure.data
    assert list(bar.x) == pytest.approx([0.2, 0.7])
    assert list(figure.layout.yaxis.ticktext) == ["egg", "<b>dog</b>"]
