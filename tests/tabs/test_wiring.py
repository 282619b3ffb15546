"""What the page lends to all tabs."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import gradio as gr

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


def visitor(name: str) -> gr.Request:
    made = gr.Request()
    made.session_hash = name
    return made


def test_an_answer_that_another_overtook_is_shown_no_further_but_goes_on() -> None:
    turns, went = Turns(), []

    @turns.last
    def slow(request: gr.Request, steps: int) -> Iterator[int]:
        for step in range(steps):
            went.append(step)
            yield step

    @turns.last
    def quick(request: gr.Request) -> Iterator[str]:
        yield "quick"

    answer = slow(visitor("me"), 4)
    assert [next(answer), next(answer)] == [0, 1]
    assert list(quick(visitor("somebody"))) == ["quick"]
    assert next(answer) == 2
    assert list(quick(visitor("me"))) == ["quick"]
    assert list(answer) == [] and went == [0, 1, 2, 3]


def test_gradio_still_sees_what_a_handler_takes() -> None:
    @Turns().last
    def handler(request: gr.Request, frame: int) -> Iterator[int]:
        yield frame

    assert inspect.isgeneratorfunction(handler)
    assert list(inspect.signature(handler).parameters) == ["request", "frame"]
