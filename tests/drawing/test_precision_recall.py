"""The curve and the card show the judgement's own numbers, and a stranger's names as text."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from explorer.drawing.precision_recall import judged_card, precision_recall
from explorer.evaluation.matching import judge
from tests.evaluation.test_matching import answered, by_hand, there

EVIL = '<img src=x onerror="alert(1)">%{x}'


def drawn(figure: Any) -> Any:
    return json.loads(figure.to_json())


def values(card: str) -> dict[str, str]:
    return dict(re.findall(r'<output data-testid="judged-(\w+)" data-value="([^"]*)"', card))


def test_the_figure_has_the_curves_and_says_their_average() -> None:
    judged = by_hand()
    made = drawn(precision_recall(judged, 0.75))
    names = [trace["name"] for trace in made["data"]]
    assert made["layout"]["title"]["text"] == f"mean AP {judged.mean_ap:.1%} at IoU 0.5" == "mean AP 41.7% at IoU 0.5"
    assert names[:2] == ["person, AP 83%", "dog, AP 0%"] and "all classes together, AP 55%" in names
    person, whole, place = made["data"][0], made["data"][-2], made["data"][-1]
    assert person["x"] == judged.curves[0].recall.tolist() and person["y"] == judged.curves[0].precision.tolist()
    assert whole["x"] == judged.overall.recall.tolist() and whole["customdata"] == judged.overall.scores.tolist()
    assert (place["x"], place["y"]) == ([1 / 3], [0.5])  # at .75: one of two boxes true, one of three things found
    assert len({trace["line"]["dash"] for trace in made["data"][:2]}) == 2  # never by colour alone
    assert '"size"' not in json.dumps(made["layout"])  # letters are as large as the page's


def test_the_figure_of_nothing() -> None:
    made = drawn(precision_recall(judge(answered([], [], []), there([], [])), 0.5))
    assert "nothing here counts" in made["layout"]["title"]["text"] and made["data"][0]["x"] == [None]


def test_the_card_has_the_counts_and_the_shares() -> None:
    judged = by_hand()
    card = judged_card(judged)
    found = values(card)
    assert (found["tp"], found["fp"], found["fn"], found["passed"]) == ("2", "3", "1", "1")
    assert float(found["precision"]) == 2 / 5 and float(found["recall"]) == 2 / 3
    assert [float(found[name]) for name in ("ap50", "ap75", "ap")] == [judged.ap50, judged.ap75, judged.ap]
    assert "Of 6 boxes" in card and "of 3 things that count" in card and "names no traffic light" in card
    above = values(judged_card(judged, 0.8))
    assert (above["tp"], above["fp"], above["fn"]) == ("1", "1", "2") and float(above["precision"]) == 0.5


def test_the_card_of_nothing_says_that_nothing_is_known() -> None:
    card = judged_card(judge(answered([], [], []), there([], [])))
    assert values(card) == {"tp": "0", "fp": "0", "fn": "0"} | dict.fromkeys(
        ("precision", "recall", "ap50", "ap75", "ap"), ""
    )
    assert "nothing in this picture counts" in card and "nan" not in card


@pytest.mark.parametrize("where", ["name", "source"])
def test_a_strangers_words_are_text(where: str) -> None:
    truth = there([[0, 0, 9, 9], [10, 10, 20, 20]], [EVIL if where == "name" else "dog", "cat"])
    object.__setattr__(truth, "source", EVIL if where == "source" else "a test")
    judged = judge(answered([[0, 0, 9, 9]], [0], [0.9], ("cat",)), truth)
    assert "<img" not in judged_card(judged) and "&lt;img" in judged_card(judged)
    for trace in precision_recall(judged, 0.5).data:
        assert "<img" not in trace.name and "img" not in (trace.hovertemplate or "")
