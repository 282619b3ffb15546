"""Dense: a classifier slid over the picture against the same classifier run once over the whole of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import gradio as gr

from explorer.asking import Asking
from explorer.contract import Engine
from explorer.records.frame import Frame
from explorer.tabs import words
from explorer.tabs.components import FORMULAS
from explorer.tabs.dense_answers import CELL, SCALES, Held, Settings, sections
from explorer.tabs.dense_steps import LAZY, Update, looked, marching, shown_scales, steps, told
from explorer.tabs.offering import networks
from explorer.tabs.wiring import Bench, Choices, Panel, Refresh, Turns

TITLE = "Dense"
EVENTS = (CELL,)

_label, _say = partial(words.label, "dense"), partial(words.say, "dense")


def build(engine: Engine, bench: Bench) -> Panel:
    """The panel of the tab."""
    gr.Markdown(_label("question"))
    with gr.Row():
        network = gr.Dropdown(
            [(_say("auto"), "")], value="", label=_label("network"), elem_id="dense-network", min_width=190
        )
        kind = gr.Dropdown(
            [(_say("surest"), "")],
            value="",
            label=_label("class"),
            allow_custom_value=True,
            elem_id="dense-class",
            min_width=190,
        )
    with gr.Row():
        slide = gr.Button(_label("slide"), variant="primary", elem_id="slide")
        stop = gr.Button(_label("stop"), elem_id="slide-stop", visible=False)
    method = gr.Radio(
        [(_say("sliding"), "sliding"), (_say("batched"), "batched")],
        value="sliding", label=_label("method"), elem_id="dense-method",
    )  # fmt: skip
    what = gr.Radio(
        [(_say("maps"), "maps"), (_say("boxes"), "boxes")],
        value="maps", label=_label("what"), elem_id="dense-what", visible="hidden",
    )  # fmt: skip
    regressor = gr.Checkbox(True, label=_label("regressor"), elem_id="dense-regressor", visible="hidden")
    boxes = gr.HTML("", elem_id="dense-boxes", elem_classes="answers")
    said = gr.HTML(_say("waking"), elem_id="dense-costs", elem_classes="answers")
    parts: dict[str, Any] = {}
    folds: dict[str, gr.Accordion] = {}

    def fold(name: str, is_open: bool = False) -> None:
        with gr.Accordion(_label(name), open=is_open, elem_id=f"dense-{name}") as folds[name]:
            gr.Markdown(_label(f"{name}_how"))
            parts[name] = gr.HTML("", elem_classes="answers")

    fold("place", is_open=True)
    scales = gr.CheckboxGroup(
        [(f"{scale:g}", scale) for scale in SCALES], value=[1], label=_label("scales"), info=_label("scales_info"),
        elem_id="dense-scales",
    )  # fmt: skip
    shown = gr.Radio(shown_scales((1.0,)), value="1", label=_label("shown"), elem_id="dense-shown", visible="hidden")
    table = gr.HTML("", elem_id="dense-levels", elem_classes="answers")
    stride = gr.Radio(
        [(_say("coarse"), "coarse"), (_say("fine"), "fine")],
        value="coarse", label=_label("stride"), elem_id="dense-stride",
    )  # fmt: skip
    for name in ("why", *LAZY):
        fold(name)
    chart = gr.Plot(show_label=False, elem_id="dense-chart", visible=False)
    with gr.Accordion(_label("how"), open=False):
        gr.Markdown(_label("how_text"), latex_delimiters=FORMULAS)
    at = gr.Textbox("", visible="hidden", elem_id="dense-at")
    held, opened = gr.State(None), gr.State(())

    asking, turns = Asking(engine, "dense"), Turns()
    stops: dict[str, threading.Event] = {}
    inputs: list[Any] = [bench.picture, held, opened, network, kind, stride, scales, shown, method, what, regressor, at]
    named: dict[str, Any] = {
        "said": said, "layers": bench.layers, "chart": chart, "kinds": kind, "stop": stop, "shown": shown,
        "table": table, "held": held, "opened": opened, "at": at, "what": what,
        "regressor": regressor, "boxes": boxes, **parts,
    }  # fmt: skip
    outputs = list(named.values())

    def values_of(updates: Iterator[Update]) -> Iterator[dict[Any, Any]]:
        for update in updates:
            yield {named[name]: value for name, value in update.items()}

    def end_march(request: gr.Request) -> None:
        if wanted := stops.get(request.session_hash or ""):
            wanted.set()

    @turns.last
    def ask(
        request: gr.Request, frame: Frame | None, _: Held | None, folded: Sequence[str], *values: Any
    ) -> Iterator[dict[Any, Any]]:
        settings = Settings.of(*values)
        end_march(request)
        yield from values_of(steps(engine, asking, frame, settings, folded, request.session_hash or ""))

    @turns.last
    def look(
        request: gr.Request, frame: Frame | None, known: Held | None, folded: Sequence[str], *values: Any
    ) -> Iterator[dict[Any, Any]]:
        settings = Settings.of(*values)
        end_march(request)
        yield from values_of(looked(engine, asking, frame, known, settings, folded, request.session_hash or ""))

    @turns.last
    def clicked(
        event: gr.EventData, request: gr.Request, frame: Frame | None, known: Held | None, folded: Sequence[str],
        *values: Any,
    ) -> Iterator[dict[Any, Any]]:  # fmt: skip
        point = ",".join(f"{round(event._data[side], 2):g}" for side in "xy")
        yield {at: point}
        end_march(request)
        settings = Settings.of(*[*values[:-1], point])
        yield from values_of(looked(engine, asking, frame, known, settings, folded, request.session_hash or ""))

    @turns.last
    def go(
        request: gr.Request, frame: Frame | None, _: Held | None, folded: Sequence[str], *values: Any
    ) -> Iterator[dict[Any, Any]]:
        visitor, ending = request.session_hash or "", threading.Event()
        end_march(request)
        stops[visitor] = ending
        try:
            settings = Settings.of(*values)
            yield from values_of(marching(engine, asking, frame, settings, folded, ending, visitor))
        finally:
            if stops.get(visitor) is ending:
                del stops[visitor]

    def halt(request: gr.Request) -> None:
        asking.halt(request.session_hash or "")
        end_march(request)

    refresh = Refresh(ask, inputs, outputs)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    anew: tuple[Any, ...] = (network, stride, scales)
    otherwise: tuple[Any, ...] = (kind, shown, what, regressor)
    for control in anew:
        control.input(**refresh.options())
    for control in otherwise:
        control.input(**(refresh.options() | {"fn": look}))
    bench.stage.dense_cell(clicked, inputs, outputs, trigger_mode="multiple", **quiet)
    for name in LAZY:
        folds[name].expand(_unfolding(engine, name, named), inputs, [parts[name], opened], **quiet)
        folds[name].collapse(partial(_folded, name), opened, opened, queue=False, **quiet)
    slide.click(go, inputs, outputs, trigger_mode="once", **quiet)
    stop.click(halt, queue=False, **quiet)
    controls = {
        "network": network, "class": kind, "stride": stride, "scales": scales, "shown": shown, "windows": method,
        "what": what, "regressor": regressor,
        "at": at,
    }  # fmt: skip
    return Panel(refresh, controls, lambda wanted: _offers(engine, wanted))


def _offers(engine: Engine, wanted: Mapping[str, str]) -> dict[str, Choices]:
    """Every network that can look everywhere, trained and not; on the stage, any of the scales that a link wants."""
    found = [(_say("auto"), ""), *networks(engine, "dense")]
    try:
        asked = json.loads(wanted.get("scales", "[1]"))
        scales = sorted(set(SCALES) & set(asked))
    except (ValueError, TypeError):
        scales = []
    return {"network": found, "shown": shown_scales(scales or [1.0])}


def _unfolding(engine: Engine, name: str, named: Mapping[str, Any]) -> Callable[..., Iterator[dict[Any, Any]]]:
    """What opening a part of the panel does: it is computed, now and at every change until it is closed."""

    def unfold(
        request: gr.Request, _: Frame | None, known: Held | None, folded: Sequence[str], *values: Any
    ) -> Iterator[dict[Any, Any]]:
        yield {named["opened"]: (*(one for one in folded if one != name), name)}
        if known is not None:
            made = sections(engine, known, Settings.of(*values), request.session_hash or "")[name]
            yield {named[name]: told(made)}

    return unfold


def _folded(name: str, folded: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in folded if one != name)
