"""The page: sources on the left, tabs across the top, one stage in the centre, the tab's panel beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.events import Dependency

from explorer.contract import Engine
from explorer.sources.video.shelf import Shelf
from explorer.tabs import classify, dense, detect, live, roi, words
from explorer.tabs import stage as stages
from explorer.tabs.around import api, sources
from explorer.tabs.around.blocks import Blocks
from explorer.tabs.around.opening import Opening
from explorer.tabs.components import component, plain
from explorer.tabs.wiring import Bench

TABS: Sequence[Any] = (classify, dense, detect, roi, live)
FIRST = "sample:cat"
MOVED, READY = "place => Fovea.page.moved(place)", "kept => Fovea.page.ready(kept)"


def page(engine: Engine, tabs: Sequence[Any] = TABS, videos: Shelf | None = None) -> gr.Blocks:
    """Everything a visitor sees, asking `engine`. Builds no network and reads no picture."""
    demo = Blocks(title=words.PAGE["name"], fill_width=True, delete_cache=(300, 3600))
    with demo:
        picture, wish = gr.State(None), gr.State(None)
        with gr.Sidebar(width=320, elem_id="sources"):
            component("brand", value=json.dumps(words.PAGE))
            source = sources.build()
            device = gr.Markdown("", elem_id="device")
        with gr.Column(elem_id="bench"):
            component("tools", value=json.dumps(words.TOOLS))
            note = gr.Markdown("", elem_id="note")
            stage = stages.stage(event for tab in tabs for event in getattr(tab, "EVENTS", ()))
            bench = Bench(picture, stages.layers(), stage, videos or Shelf())
            panels, askers = {}, {}
            with gr.Tabs(elem_id="tabs") as strip:
                for tab in tabs:
                    name = tab.TITLE.lower()
                    with gr.Tab(tab.TITLE, id=name, elem_id=f"tab-{name}") as one:
                        panels[name] = tab.build(engine, bench)
                    one.select(None, js=f"() => Fovea.page.choose('{name}')")
            place = component("place", visible="hidden")
            kept = component("kept", visible="hidden")
            for name in panels:
                askers[name] = component("asker", ("ask",), name, elem_id=f"ask-{name}", visible="hidden")
        chosen = sources.Chosen(picture, stage, place, note)
        opening = Opening(panels, FIRST)
        outputs = [*chosen.listener()["outputs"], strip, wish, *source.scene]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        loaded = demo.load(opening.open, None, outputs, queue=False, **quiet)
        placed = loaded.then(None, place, None, js=MOVED)
        _ended(placed.then(opening.fill, wish, [*opening.filled(), note, kept], **quiet), kept, READY)
        for event in source.connect(chosen):
            _ended(event, place, MOVED)
        for name, panel in panels.items():
            _ended(askers[name].ask(**panel.ask.options()), None, "() => Fovea.page.answered()")
            for control, part in panel.controls.items():
                keep = f"value => Fovea.page.keep('{name}.{control}', value)"
                part.change(None, part, None, js=keep)
        api.connect(engine)
        demo.load(lambda: badge(engine), None, device, **quiet)
    return demo


def badge(engine: Engine) -> str:
    """The device that answers, in words and by name."""
    card = engine.device()
    known = words.DEVICE.get(card.kind) or words.say("device", "other", kind=plain(card.kind))
    name = plain(card.name)
    memory = words.say("device", "memory", name=name, memory=f"{card.memory / 2**30:.0f}") if card.memory else name
    return f"**{known}** {memory}"


def _ended(event: Dependency, given: gr.HTML | None, js: str) -> None:
    """Run a script when an event has ended, well or ill: this Gradio passes `then` by when its function raised."""
    event.then(None, given, None, js=js)
    event.failure(None, given, None, js=js)
