"""Steps that come faster than a page uses them."""

from __future__ import annotations

from copy import deepcopy
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

import app
from explorer.tabs.around.blocks import Blocks

STEPS: list[list[Any]] = [
    [gr.update(visible=True), "Fetching", {"data": [{"y": [1, 2]}]}],
    [gr.skip(), "Fetching tiny", {"data": [{"y": [1, 3]}, {"y": [4]}]}],
    [gr.update(visible=False, value="done"), gr.skip(), None],
]


def in_place(held: Any, edits: list[Any]) -> Any:
    """What Gradio's page makes of what it was told and the edits of the next step."""
    for action, path, value in edits:
        if not path:
            held = value if action == "replace" else held + value
            continue
        place = held
        for key in path[:-1]:
            place = place[key]
        if action == "delete":
            del place[path[-1]]
        elif action == "add" and isinstance(place, list):
            place.insert(path[-1], value)
        else:
            place[path[-1]] = place[path[-1]] + value if action == "append" else value
    return held


def seen_by_a_slow_page(blocks: gr.Blocks) -> list[list[Any]]:
    """Every step as it is when the page gets to it, after all of them came."""
    fn: Any = SimpleNamespace(outputs=[0, 1, 2])
    told = [blocks.handle_streaming_diffs(fn, deepcopy(step), "visitor", "run", final=False) for step in STEPS]
    held = [told[0]]
    for edits in told[1:]:
        held.append([in_place(before, edit) for before, edit in zip(held[-1], edits, strict=True)])
    return held


def test_a_page_that_is_late_still_sees_every_step_as_it_was_told() -> None:
    assert isinstance(app.demo, Blocks)
    assert seen_by_a_slow_page(Blocks()) == STEPS
    assert seen_by_a_slow_page(gr.Blocks()) != STEPS, "Gradio has mended it: Blocks may go"


@pytest.mark.parametrize("steps", [STEPS, []])
def test_the_end_changes_nothing(steps: list[list[Any]]) -> None:
    def end(blocks: gr.Blocks) -> list[Any]:
        fn: Any = SimpleNamespace(outputs=[0, 1, 2])
        for step in steps:
            blocks.handle_streaming_diffs(fn, deepcopy(step), "visitor", "run", final=False)
        return blocks.handle_streaming_diffs(fn, [None] * 3, "visitor", "run", final=True)

    assert end(Blocks()) == [gr.skip()] * 3
    assert end(gr.Blocks()) == (steps or [[None] * 3])[-1]


def test_text_that_grows_is_told_by_what_was_added() -> None:
    blocks, fn = Blocks(), cast(Any, SimpleNamespace(outputs=[0]))
    for said in ("Fetching", "Fetching tiny"):
        told = blocks.handle_streaming_diffs(fn, [said], "visitor", "run", final=False)
    assert told == [[["append", [], " tiny"]]]


def test_who_has_no_session_is_told_everything() -> None:
    blocks, fn = Blocks(), cast(Any, SimpleNamespace(outputs=[0]))
    for value in ({"a": 1}, {"b": 2}):
        assert blocks.handle_streaming_diffs(fn, [value], None, None, final=False) == [value]
