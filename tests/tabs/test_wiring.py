"""What the page lends to all tabs."""

from __future__ import annotations

from explorer.tabs.wiring import Turns


def test_only_the_answer_begun_last_stands() -> None:
    turns = Turns()
    mine, another = turns.take("me"), turns.take("somebody")
    assert mine() and another()
    again = turns.take("me")
    assert again() and not mine() and another()


def test_visitors_are_not_remembered_for_ever() -> None:
    turns = Turns()
    first = turns.take("first")
    for number in range(Turns.MOST_VISITORS + 5):
        turns.take(str(number))
    assert len(turns._last) == Turns.MOST_VISITORS and first()
