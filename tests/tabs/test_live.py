"""The Live tab says what is asked of the pictures: views, networks, numbers, a class."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest

from explorer.drawing.live import LIVE_VIEWS
from explorer.engine.engine import LocalEngine
from explorer.tabs import live, words
from explorer.tabs import stage as stages
from explorer.tabs.wiring import Bench, Panel
from tests import tiny


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry())
    yield made
    made.close()


@pytest.fixture(scope="module")
def panel(engine: LocalEngine) -> Panel:
    with gr.Blocks():
        return live.build(engine, Bench(gr.State(None), stages.layers(), stages.stage()))


def asked(panel: Panel, *values: Any) -> dict[str, Any]:
    """What the controls and the page's script get, by the controls' names."""
    given = panel.ask.fn(*values)
    names = {part._id: name for name, part in panel.controls.items()}
    return {names.get(part._id, part.elem_id): value for part, value in given.items()}


def test_what_the_controls_say_is_what_the_socket_is_asked() -> None:
    assert json.loads(live.run("detect", "yolo:V2", "bf16", " dog ")) == {
        "view": "detect",
        "model": "yolo",
        "weights": "V2",
        "precision": "bf16",
        "class": "dog",
    }
    first = {"view": "picture", "model": "", "weights": "", "precision": "fp32", "class": ""}
    assert json.loads(live.run("picture")) == json.loads(live.run("picture", "yolo")) == first
    assert json.loads(live.run("nothing", "a:b", "fp1", "x" * 200)) == {**first, "class": "x" * live.LONGEST_CLASS}


def test_every_view_has_a_name_and_every_precision_too() -> None:
    assert all(f"view_{name}" in words.LIVE for name in LIVE_VIEWS)
    assert all(name in words.LIVE for name in live.PRECISIONS)


def test_networks_are_those_that_can_answer_in_the_view(engine: LocalEngine, panel: Panel) -> None:
    assert [value for _, value in live.offered(engine, "classify")] == ["", "tiny", "tiny:random", "bare:random"]
    for view in ("picture", "detect", "no view"):
        assert [value for _, value in live.offered(engine, view)] == [""]
    assert panel.offers is not None
    assert panel.offers({"view": "classify"})["network"] == live.offered(engine, "classify")
    assert panel.offers({})["network"] == live.offered(engine, "picture")


def test_a_view_brings_its_own_controls_and_clears_the_stage(panel: Panel) -> None:
    found = asked(panel, "picture", "", "fp32", "")
    assert found["layers"] == stages.nothing
    assert not any(found[name]["visible"] for name in ("network", "numbers", "class", "live-precision-badge"))
    found = asked(panel, "dense", "tiny:random", "bf16", "red")
    assert json.loads(found["live"])["weights"] == "random" and found["network"]["value"] == "tiny:random"
    assert all(found[name]["visible"] for name in ("network", "numbers", "class", "live-precision-badge"))


def test_a_network_that_cannot_answer_in_the_view_is_let_go(panel: Panel) -> None:
    found = asked(panel, "detect", "tiny", "fp32", None)
    assert found["network"]["value"] == "" and json.loads(found["live"])["model"] == ""
    assert not found["class"]["visible"]


def test_the_words_for_the_script_have_no_backslash() -> None:
    """The framework reads a component's template as JavaScript, where one would be eaten."""
    assert "\\" not in json.dumps({**words.SOURCES, **words.LIVE_CONTROLS}, ensure_ascii=False)
