"""Detect: what is where, and how did the boxes come? Cells, anchors, proposals and suppression, opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import gradio as gr

from explorer.asking import Asking
from explorer.contract import Engine
from explorer.drawing.cards import trouble_card
from explorer.records.frame import Frame
from explorer.tabs import words
from explorer.tabs.components import FORMULAS
from explorer.tabs.detect_answers import CELL, FOUND, MOST_DETECTORS, VIEWS, Held, Own, Settings, read_own, truth_of
from explorer.tabs.detect_steps import Update, looked, steps
from explorer.tabs.offering import networks as offered
from explorer.tabs.wiring import Bench, Choices, Panel, Refresh, Turns

TITLE = "Detect"
EVENTS = (CELL,)
FARTHEST = 320
_label, _say = partial(words.label, "detect"), partial(words.say, "detect")


def build(engine: Engine, bench: Bench) -> Panel:
    """The panel of the tab."""
    gr.Markdown(_label("question"))
    networks = gr.Dropdown(
        label=_label("networks"), info=_label("networks_info"), choices=[], value=[], multiselect=True,
        max_choices=MOST_DETECTORS, elem_id="detect-networks",
    )  # fmt: skip
    view = gr.Radio([(_say(name), name) for name in VIEWS], value=FOUND, label=_label("view"), elem_id="detect-view")
    level = gr.Radio([("1", "0")], value="0", label=_label("level"), elem_id="detect-level", visible="hidden")
    stage = gr.Radio([("1", "0")], value="0", label=_label("round"), elem_id="detect-round", visible="hidden")
    step = gr.Slider(1, 2, value=1, step=1, label=_label("step"), elem_id="detect-step", visible="hidden")
    shift = gr.Slider(
        -FARTHEST, FARTHEST, value=0, step=8, label=_label("shift"), info=_label("shift_info"), elem_id="detect-shift"
    )
    box = gr.Radio([("1", "0")], value="0", label=_label("box"), elem_id="detect-box", visible="hidden")
    inside = gr.HTML("", elem_id="detect-inside", elem_classes="answers")
    curve = gr.Plot(show_label=False, elem_id="detect-curve", visible=False)
    said = gr.HTML(_say("waking"), elem_id="detect-found", elem_classes="answers")
    stop = gr.Button(_label("stop"), elem_id="detect-stop", visible=False)
    with gr.Accordion(_label("funnel"), open=False, elem_id="detect-funnel"):
        gr.Markdown(_label("funnel_how"))
        funnel = gr.HTML("", elem_classes="answers")
    with gr.Accordion(_label("truth"), open=False, elem_id="detect-truth"):
        gr.Markdown(_label("truth_how"))
        annotation = gr.UploadButton(_say("annotation"), type="filepath", elem_id="detect-annotation")
        refused = gr.HTML("", elem_id="detect-refused", elem_classes="answers")
    with gr.Accordion(_label("how"), open=False):
        gr.Markdown(_label("how_text"), latex_delimiters=FORMULAS)
    cell = gr.Textbox("", visible="hidden", elem_id="detect-cell")
    held, own = gr.State(None), gr.State(None)

    asking, turns = Asking(engine, "detect"), Turns()
    inputs: list[Any] = [bench.picture, held, own, networks, view, level, cell, box, stage, step, shift]
    named: dict[str, Any] = {
        "said": said, "layers": bench.layers, "funnel": funnel, "inside": inside, "stop": stop, "held": held,
        "level": level, "stage": stage, "step": step, "shift": shift, "cell": cell, "box": box,
        "own": own, "refused": refused, "curve": curve,
    }  # fmt: skip
    outputs = list(named.values())

    def values_of(updates: Iterator[Update]) -> Iterator[dict[Any, Any]]:
        for update in updates:
            yield {named[name]: value for name, value in update.items()}

    @turns.last
    def ask(
        request: gr.Request, frame: Frame | None, _: Held | None, mine: Own | None, *values: Any
    ) -> Iterator[dict[Any, Any]]:
        settings, visitor = Settings.of(*values), request.session_hash or ""
        yield from values_of(steps(engine, asking, frame, truth_of(frame, mine), settings, visitor))

    @turns.last
    def look(
        request: gr.Request, frame: Frame | None, known: Held | None, mine: Own | None, *values: Any
    ) -> Iterator[dict[Any, Any]]:
        settings, visitor = Settings.of(*values), request.session_hash or ""
        yield from values_of(looked(engine, asking, frame, truth_of(frame, mine), known, settings, visitor))

    @turns.last
    def clicked(
        event: gr.EventData, request: gr.Request, frame: Frame | None, known: Held | None, mine: Own | None,
        *values: Any,
    ) -> Iterator[dict[Any, Any]]:  # fmt: skip
        place = f"{int(event._data['row'])},{int(event._data['column'])}"
        yield {cell: place}
        settings, visitor = replace(Settings.of(*values), cell=place), request.session_hash or ""
        yield from values_of(looked(engine, asking, frame, truth_of(frame, mine), known, settings, visitor))

    @turns.last
    def annotated(
        path: str | None, request: gr.Request, frame: Frame | None, known: Held | None, mine: Own | None, *values: Any
    ) -> Iterator[dict[Any, Any]]:
        given = read_own(path, frame)
        if isinstance(given, str):
            yield {refused: trouble_card(TITLE, given)}
            return
        yield {own: given}
        settings, visitor = Settings.of(*values), request.session_hash or ""
        yield from values_of(steps(engine, asking, frame, truth_of(frame, given), settings, visitor))

    def halt(request: gr.Request) -> None:
        asking.halt(request.session_hash or "")

    refresh = Refresh(ask, inputs, outputs)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    networks.input(**refresh.options())
    for control in (view, level, stage, box):
        control.input(**(refresh.options() | {"fn": look}))
    for slider in (step, shift):
        slider.input(**(refresh.options() | {"fn": look}))
    bench.stage.detect_cell(clicked, inputs, outputs, trigger_mode="multiple", **quiet)
    annotation.upload(annotated, [annotation, *inputs], outputs, **quiet)
    stop.click(halt, queue=False, **quiet)
    controls = {
        "networks": networks, "view": view, "level": level, "cell": cell, "box": box, "round": stage, "step": step,
        "shift": shift,
    }  # fmt: skip
    return Panel(refresh, controls, lambda wanted: _offers(engine, wanted))


def _offers(engine: Engine, wanted: Mapping[str, str]) -> dict[str, Choices]:
    """Every detector, trained and not; a link's map, round and box, whatever their numbers."""
    numbers = {
        name: [
            (text, text) for text in dict.fromkeys(("0", wanted.get(name, "0"))) if text.isascii() and text.isdigit()
        ]
        for name in ("level", "round", "box")
    }
    return {"networks": offered(engine, "detect"), **numbers}
