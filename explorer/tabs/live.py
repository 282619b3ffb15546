"""Live: what does a network see in what the camera shows right now?

Everything that must be quick is the page's script (assets/live*.js) and the live socket (explorer/web/live.py): this
panel only says what is asked of the pictures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import gradio as gr

from explorer.contract import Engine
from explorer.drawing.live import LIVE_VIEWS
from explorer.tabs import words
from explorer.tabs.components import component
from explorer.tabs.live_video import build_video
from explorer.tabs.offering import networks
from explorer.tabs.stage import nothing
from explorer.tabs.wiring import Bench, Choices, Panel, Refresh

TITLE = "Live"
VIEW, PRECISION = "picture", "fp32"
PRECISIONS = ("fp32", "bf16")
LONGEST_CLASS = 80
_label, _say = partial(words.label, "live"), partial(words.say, "live")


def run(view: str, network: str = "", precision: str = PRECISION, named: str = "") -> str:
    """What the page's script asks of the live socket, as JSON.

    network: MODEL or MODEL:WEIGHTS, empty for the one that knows photographs; named: the class that a map shows. A
    value that no control could have is the default.
    """
    view = view if view in LIVE_VIEWS else VIEW
    model, _, weights = network.partition(":") if LIVE_VIEWS[view].task else ("", "", "")
    asked = {"view": view, "model": model, "weights": weights}
    precision = precision if precision in PRECISIONS else PRECISION
    return json.dumps({**asked, "precision": precision, "class": named.strip()[:LONGEST_CLASS]})


def offered(engine: Engine, view: str) -> Choices:
    """The networks that can answer in this view, the default first."""
    task = LIVE_VIEWS[view].task if view in LIVE_VIEWS else None
    return [(_say("auto"), ""), *(networks(engine, task) if task else ())]


def build(engine: Engine, bench: Bench) -> Panel:
    """The panel of the tab."""
    gr.Markdown(_label("question"))
    said = {**{key: text for key, text in words.SOURCES.items() if key.startswith("camera_")}, **words.LIVE_CONTROLS}
    asking = component("live", value=run(VIEW), texts=said)
    view = gr.Radio(
        [(words.LIVE.get(f"view_{name}", name), name) for name in LIVE_VIEWS],
        value=VIEW, label=_label("view"), elem_id="live-view",
    )  # fmt: skip
    component("liveshown", texts=words.LIVE_CONTROLS)
    network = gr.Dropdown(
        choices=[(_say("auto"), "")], value="", label=_label("network"), info=_label("network_info"),
        elem_id="live-network", visible=False,
    )  # fmt: skip
    named = gr.Textbox(
        "", label=_label("class"), info=_label("class_info"), max_length=LONGEST_CLASS, elem_id="live-class",
        visible=False,
    )  # fmt: skip
    precision = gr.Radio(
        [(_say(name), name) for name in PRECISIONS], value=PRECISION, label=_label("precision"),
        elem_id="live-precision", visible=False,
    )  # fmt: skip
    badge = gr.Markdown(_label("bf16_badge"), elem_id="live-precision-badge", visible=False)
    inputs: list[Any] = [view, network, precision, named]
    build_video(engine, bench.videos, inputs)
    with gr.Accordion(_label("how"), open=False):
        gr.Markdown(_label("how_text"))

    def ask(wanted: str, model: str | None, numbers: str, kind: str | None) -> dict[Any, Any]:
        task = LIVE_VIEWS[wanted].task if wanted in LIVE_VIEWS else None
        choices = offered(engine, wanted)
        chosen = model if model in [value for _, value in choices] else ""
        asked = task is not None
        return {
            bench.layers: nothing,
            asking: run(wanted, chosen or "", numbers, kind or ""),
            network: gr.update(choices=choices, value=chosen, visible=asked),
            named: gr.update(visible=task == "dense"),
            precision: gr.update(visible=asked),
            badge: gr.update(visible=asked and numbers != PRECISION),
        }

    refresh = Refresh(ask, inputs, [bench.layers, asking, network, named, precision, badge])
    for control in (view, network, precision):
        control.input(**refresh.options())
    for event in (named.submit, named.blur):
        event(**refresh.options())
    controls = {"view": view, "network": network, "numbers": precision, "class": named}
    return Panel(refresh, controls, lambda wanted: _offers(engine, wanted))


def _offers(engine: Engine, wanted: Mapping[str, str]) -> dict[str, Choices]:
    """The networks of the view that a link wants."""
    return {"network": offered(engine, wanted.get("view", VIEW))}
