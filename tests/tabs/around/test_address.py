"""An address is read with distrust: what no control could have had is not followed."""

from __future__ import annotations

from typing import Any

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import Mistake
from explorer.tabs.around.address import named, text_of, value_of, wish

TABS, CONTROLS = ("classify", "slide"), ("classify.top", "slide.stride")


def test_a_wish_has_what_is_known_and_names_the_rest() -> None:
    query = {"tab": "slide", "picture": "scene:7:hard:5", "slide.stride": "8", "slide.nothing": "1", "__theme": "dark"}
    asked = wish(query.items(), TABS, CONTROLS)
    assert (asked.tab, asked.picture, asked.controls) == ("slide", "scene:7:hard:5", {"slide.stride": "8"})
    assert asked.refused == ("slide.nothing “1”",)


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "file:///etc/passwd", "http://evil.example/x.png", "", "scene:" + "7" * 400]
)
def test_a_picture_is_a_sample_or_a_scene(name: str) -> None:
    asked = wish([("picture", name)], TABS, CONTROLS)
    assert asked.picture == "" and len(asked.refused) == 1


@given(st.text(), st.text())
def test_what_is_told_of_an_entry_is_short_and_printable(key: str, text: str) -> None:
    told = named(key, text)
    assert len(told) <= 83 and told.isprintable()


DROPDOWN = gr.Dropdown([("AlexNet", "alexnet"), ("VGG", "vgg")])
SEVERAL = gr.Dropdown(["a", "b", "c"], multiselect=True, max_choices=2)
GOOD: list[tuple[Any, str, Any]] = [
    (DROPDOWN, "vgg", "vgg"),
    (SEVERAL, '["c","a"]', ["c", "a"]),
    (SEVERAL, "[]", []),
    (gr.CheckboxGroup([("one", 1), ("two", 2)]), "[2]", [2]),
    (gr.Radio([("one", 1), ("ten", 10)]), "10", 10),
    (gr.Checkbox(), "true", True),
    (gr.Slider(0, 1, step=0.1), "0.30000000000000004", 0.30000000000000004),
    (gr.Slider(1, 20, step=1), "20", 20),
    (gr.Number(minimum=0), "12", 12),
    (gr.Textbox(), "<b>a & b</b>", "<b>a & b</b>"),
]
BAD = [
    (DROPDOWN, "resnet"),
    (DROPDOWN, "VGG"),
    (SEVERAL, '["a","b","c"]'),
    (SEVERAL, '["a","a"]'),
    (SEVERAL, '["z"]'),
    (SEVERAL, "a"),
    (SEVERAL, "[" * 100_000),
    (gr.Radio([("one", 1), ("ten", 10)]), "2"),
    (gr.Checkbox(), "yes"),
    (gr.Slider(0, 1, step=0.1), "0.25"),
    (gr.Slider(0, 1, step=0.1), "1.1"),
    (gr.Slider(0, 1), "nan"),
    (gr.Slider(0, 1), "1e999"),
    (gr.Number(minimum=0), "-1"),
    (gr.Number(), "inf"),
    (gr.Number(), "9" * 5000),
    (gr.Number(), ""),
]


@pytest.mark.parametrize(("control", "text", "value"), GOOD)
def test_a_value_a_control_could_have_is_taken(control: Any, text: str, value: Any) -> None:
    assert value_of(control, text) == value


@pytest.mark.parametrize(("control", "text"), BAD)
def test_any_other_is_not(control: Any, text: str) -> None:
    with pytest.raises(Mistake):
        value_of(control, text)


def test_choices_known_later_are_the_ones_that_count() -> None:
    assert value_of(gr.Dropdown([]), "fin", [("fin", "fin")]) == "fin"
    with pytest.raises(Mistake):
        value_of(DROPDOWN, "vgg", [("fin", "fin")])


def test_texts_are_what_javascript_makes_of_values() -> None:
    assert [text_of(one) for one in ("a", 1, 1.0, 0.5, True, ["b"], None)] == [
        "a",
        "1",
        "1",
        "0.5",
        "true",
        '["b"]',
        "null",
    ]
