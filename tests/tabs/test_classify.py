"""The Classify tab asks the right question and says what came, with an engine that is no engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from explorer.asking import Asking, Chosen
from explorer.contract import Arithmetic, ModelCard, Stop, WeightsCard
from explorer.errors import BadWeights, FetchFailed
from explorer.records.classify import Classification, Classify
from explorer.records.frame import Frame
from explorer.records.question import Progress
from explorer.records.vary import Variations, Vary
from explorer.tabs import classify, offering
from explorer.tabs.classify import Settings
from tests.drawing.test_cards import answer, text

STREET = ModelCard("street", "S", 2000, "p", "i", weights=(WeightsCard("bundled", 1, "bundled", "streetscape"),))
PHOTO = ModelCard(
    "photo",
    "P",
    2001,
    "p",
    "i",
    weights=(WeightsCard("V2", 5_000_000, "far", "photographs"), WeightsCard("V1", 4_000_000, "far", "photographs")),
)


class FakeEngine:
    """Remembers what it was asked; `photo` must be fetched, `broken` cannot answer."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, str]] = []
        self.here = {("street", "bundled")}
        self.fails = False

    def models(self, task: str | None = None) -> tuple[ModelCard, ...]:
        return STREET, PHOTO

    def keep(self, frame: Frame) -> str:
        return frame.id

    def arithmetic(self, model: str) -> Arithmetic:
        return Arithmetic(10, 20)

    def present(self, model: str, weights: str = "") -> bool:
        return (model, weights or {"photo": "V2", "street": "bundled"}.get(model, "")) in self.here or model == "broken"

    def fetch(self, model: str, weights: str = "", stop: Stop | None = None) -> Iterator[Progress]:
        if self.fails:
            raise FetchFailed("There is no network.")
        yield Progress("bytes", 1, 2)
        self.here.add((model, weights or "V2"))

    def run(self, question: Any, stop: object = None, visitor: str = "") -> Any:
        self.asked.append((question, visitor))
        if question.model == "broken":
            raise BadWeights("It is broken: mend it.")
        if isinstance(question, Vary):
            zero = np.zeros((1, 4), np.float32)
            return Variations(
                "street", "bundled", np.zeros((1, 4, 4, 3), np.uint8), zero, np.array([False]),
                np.zeros((1, 3), np.int64), np.array([1]), np.array([0.5], np.float32), ("a", "b"), 1.0,
            )  # fmt: skip
        return answer(model=question.model, weights=question.weights or "V2")


@pytest.fixture
def frame() -> Frame:
    return Frame(np.zeros((20, 30, 3), np.uint8), name="night", domain="streetscape")


@pytest.fixture
def engine() -> Any:
    return FakeEngine()


def steps(engine: Any, frame: Frame | None, settings: Settings, fetching: bool = False) -> list[tuple[Any, ...]]:
    return list(classify._steps(engine, Asking(engine, "classify"), frame, settings, fetching, "me"))


def visible(update: Any) -> Any:
    return update.get("visible", "same") if isinstance(update, dict) else "same"


def test_run_asks_for_the_picture_on_the_stage(engine: Any, frame: Frame) -> None:
    assert classify.run(engine, frame, "street", "V1", 10, 3, "visitor").ms == 12.4
    assert engine.asked == [(Classify(frame.id, "street", "V1", 10, 3), "visitor")]


def test_with_nobody_chosen_the_one_that_knows_the_picture_answers(engine: Any, frame: Frame) -> None:
    (last,) = steps(engine, frame, Settings())
    cards, layers, chart, row, fetch, stop = last
    assert "street" in cards and "70.0%" in cards
    shown = json.loads(layers)
    assert shown["picture"] == frame.id and shown["panes"][0]["layers"][0]["boxes"] == [[5.0, 0, 25, 20]]
    assert list(chart["value"].data[0].x) == pytest.approx([0.2, 0.7])
    assert (visible(row), visible(fetch), visible(stop)) == (False, False, False)
    assert engine.asked == [(Classify(frame.id, "street", "bundled"), "me")]


def test_the_first_photograph_fetches_its_network_and_says_so(engine: Any, frame: Frame) -> None:
    fetching, last = steps(engine, replace(frame, domain="photographs"), Settings(crops=10, top=2))
    assert "Fetching photo" in text(fetching[0]) and "50%" in fetching[0] and visible(fetching[5]) is True
    assert "photo" in last[0] and engine.asked[0][0] == Classify(frame.id, "photo", "V1", 10, 2)


def test_without_a_network_a_photograph_still_gets_an_answer_and_a_badge(engine: Any, frame: Frame) -> None:
    engine.fails = True
    (last,) = steps(engine, replace(frame, domain="photographs"), Settings())
    assert 'data-testid="answer-street"' in last[0] and "could not be fetched" in last[0] and 'class="badge"' in last[0]


def test_what_was_chosen_is_fetched_only_when_asked_to(engine: Any, frame: Frame) -> None:
    first, _, last = steps(engine, frame, Settings(("photo", "street")))
    assert visible(last[3]) is visible(last[4]) is True and visible(last[5]) is False
    assert engine.asked[0][0].model == "photo"  # the engine itself says what is missing
    assert "street" not in first[0] and "street" in last[0]
    *_, last = steps(engine, frame, Settings(("photo", "street")), fetching=True)
    assert visible(last[3]) is False and ("photo", "V2") in engine.here
    panes = json.loads(last[1])["panes"]
    assert [pane["title"] for pane in panes] == ["photo · V2", "street · V2"]
    engine.here.clear()
    engine.fails = True
    (failed,) = steps(engine, frame, Settings(("photo",)), fetching=True)
    assert "There is no network." in text(failed[0]) and visible(failed[4]) is True


def test_one_that_cannot_answer_spoils_nothing(engine: Any, frame: Frame) -> None:
    *_, last = steps(engine, frame, Settings(("broken", "street:random")))
    assert "It is broken: mend it." in last[0] and "70.0%" in last[0]
    assert len(json.loads(last[1])["panes"]) == 1 and engine.asked[-1][0].weights == "random"
    *_, last = steps(engine, frame, Settings(("broken",)))
    assert visible(last[2]) is False and json.loads(last[1])["panes"][0]["layers"] == []


def test_no_picture_is_said(engine: Any) -> None:
    (only,) = steps(engine, None, Settings())
    assert "Choose a picture" in only[0] and not engine.asked


def test_every_set_of_weights_is_offered_and_every_network_untrained(engine: Any) -> None:
    offered = {value: label for label, value in offering.networks(engine, "classify")}
    assert list(offered) == ["street", "street:random", "photo", "photo:V1", "photo:random"]
    assert "MB" not in offered["street"] and "5 MB" in offered["photo"] and "4 MB" in offered["photo:V1"]
    assert "never trained" in offered["photo:random"]


def test_variations_are_asked_of_the_chosen_network_in_the_chosen_ways(engine: Any, frame: Frame) -> None:
    made = classify.vary(engine, frame, Chosen("street", "bundled"), 7, ["mirror"], "me")
    assert made.scores[0] == 0.5
    assert engine.asked == [(Vary(frame.id, "street", "bundled", 7, window=False, mirror=True, colour=False), "me")]


def test_the_sketchpad_gets_ten_scores(frame: Frame) -> None:
    class Lenet(FakeEngine):
        def run(self, question: Any, stop: object = None, visitor: str = "") -> Classification:
            assert question == Classify(frame.id, "digits_lenet5", top=10)
            scores = np.zeros(10, np.float32)
            scores[7] = 1
            return answer(logits=scores[None], scores=scores, order=np.argsort(-scores), names=tuple("0123456789"))

    engine: Any = Lenet()
    found = json.loads(classify.digits(engine, frame))
    assert found["best"] == "7" and found["scores"]["7"] == 1 and len(found["scores"]) == 10
