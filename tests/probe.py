"""A tab with every kind of control, which says what it was asked and remembers it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from explorer.contract import Engine
from explorer.records.frame import Frame
from explorer.tabs.components import plain
from explorer.tabs.wiring import Bench, Choices, Panel, Refresh


@dataclass
class Probe:
    """Asked with the word `fail`, it breaks. awake: while it is not set, the page has to wait for what there is."""

    TITLE: str
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    awake: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.awake.set()

    def build(self, engine: Engine, bench: Bench) -> Panel:
        """One control of each kind; `kind` and `part` are known only when the page opens."""
        name = self.TITLE.lower()
        kind = gr.Dropdown(label="Kind", choices=[], elem_id=f"{name}-kind")
        part = gr.Dropdown(label="Part", choices=[], elem_id=f"{name}-part")
        count = gr.Radio([("one", 1), ("ten", 10)], value=1, label="Count", elem_id=f"{name}-count")
        share = gr.Slider(0, 1, value=0.5, step=0.1, label="Share", elem_id=f"{name}-share")
        deep = gr.Checkbox(False, label="Deep", elem_id=f"{name}-deep")
        word = gr.Textbox("", label="Word", elem_id=f"{name}-word")
        many = gr.Dropdown(["a", "b", "c"], value=[], multiselect=True, label="Many", elem_id=f"{name}-many")
        said = gr.Markdown("nothing yet", elem_id=f"{name}-said")
        controls = {
            "kind": kind,
            "part": part,
            "count": count,
            "share": share,
            "deep": deep,
            "word": word,
            "many": many,
        }

        def answer(frame: Frame | None, *values: Any) -> str:
            self.asked.append(values)
            if values[5] == "fail":
                raise RuntimeError("as the test wanted")
            return f"{plain(frame.name if frame else 'none')} {plain(repr(values))}"

        ask = Refresh(answer, [bench.picture, *controls.values()], [said])
        for control in controls.values():
            control.input(**ask.options())
        return Panel(ask, controls, self.offers)

    def offers(self, wanted: Mapping[str, str]) -> Mapping[str, Choices]:
        """Parts depend on the kind."""
        self.awake.wait(30)
        kind = wanted.get("kind") if wanted.get("kind") in ("tree", "fish") else "tree"
        parts = {"tree": ["leaf", "root"], "fish": ["fin", "tail"]}[str(kind)]
        return {"kind": [("a tree", "tree"), ("a fish", "fish")], "part": [(part, part) for part in parts]}
