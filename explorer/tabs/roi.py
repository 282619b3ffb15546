"""RoI: what does RoI Pool round away, and what does RoI Align keep?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import gradio as gr

from explorer.contract import Engine
from explorer.records.frame import Frame
from explorer.records.roi_presets import BINS, PRESETS
from explorer.tabs.roi_controls import controls, offers
from explorer.tabs.roi_page import TITLE, Page, Updates
from explorer.tabs.roi_settings import LECTURE, Settings, box_text
from explorer.tabs.roi_shown import EVENTS
from explorer.tabs.wiring import Bench, Panel, Refresh

__all__ = ["EVENTS", "TITLE", "build"]

SETTLED = "() => new Promise((done) => setTimeout(done, 120))"
"""Where an example sets several controls, the matrix tells of it before the others have their values."""


def build(engine: Engine, bench: Bench) -> Panel:
    """The panel of the tab."""
    parts = controls()
    page = Page(engine, bench, parts)

    def answer(request: gr.Request, frame: Frame | None, *values: Any) -> Iterator[Updates]:
        yield from page.answers(frame, Settings(*values), request.session_hash or "")

    def download(request: gr.Request, frame: Frame | None, *values: Any) -> Iterator[Updates]:
        yield from page.answers(frame, Settings(*values), request.session_hash or "", fetching=True)

    def opened(request: gr.Request, frame: Frame | None, linked: str, *values: Any) -> Iterator[Updates]:
        """A link's matrix takes the place of the lecture's, which nobody has touched yet."""
        settings, more = Settings(*values), {}
        if linked and settings.matrix == LECTURE:
            settings, more = replace(settings, matrix=linked), {parts.matrix: linked}
        for made in page.answers(frame, settings, request.session_hash or ""):
            yield made | more

    def moved(event: gr.EventData, request: gr.Request, frame: Frame | None, one: Any, *values: Any) -> Updates:
        return page.moved(frame, Settings(*values), event._data["box"], one, request.session_hash or "")

    def picked(event: gr.EventData, request: gr.Request, frame: Frame | None, one: Any, *values: Any) -> Updates:
        place = f"{int(event._data['row'])},{int(event._data['column'])}"
        return page.answered(frame, replace(Settings(*values), bin=place), request.session_hash or "", one)

    def example(request: gr.Request, frame: Frame | None, name: str, *values: Any) -> Updates:
        settings, visitor = Settings(*values), request.session_hash or ""
        preset = next((preset for preset in PRESETS if preset.name == name), None)
        if preset is None:
            return page.answered(frame, settings, visitor)
        new = replace(
            settings, matrix=LECTURE, box=box_text(preset.box), bins=BINS, samples=preset.samples, aligned=False
        )
        to = {parts.matrix: new.matrix, parts.box: new.box, parts.bins: gr.update(value=new.bins, visible=True)}
        return page.answered(frame, new, visitor) | to | {parts.samples: new.samples, parts.aligned: new.aligned}

    def lecture(request: gr.Request, frame: Frame | None, *values: Any) -> Updates:
        settings = replace(Settings(*values), matrix=LECTURE)
        return page.answered(frame, settings, request.session_hash or "") | {parts.matrix: LECTURE}

    def proposed(request: gr.Request, frame: Frame | None, one: Any, known: Any, number: str, *values: Any) -> Updates:
        box = next((box for _, name, box in known or () if name == number), "")
        settings = replace(Settings(*values), region=box) if box else Settings(*values)
        return page.answered(frame, settings, request.session_hash or "", one)

    def halt(request: gr.Request) -> None:
        page.halt(request.session_hash or "")

    ask = Refresh(opened, [bench.picture, parts.mine, *parts.inputs], page.outputs)
    own = Refresh(answer, [bench.picture, *parts.inputs], page.outputs).options()
    live = (
        parts.part, parts.box, parts.bins, parts.samples, parts.aligned, parts.which, parts.axis, parts.network,
        parts.layer, parts.cells, parts.detector,
    )  # fmt: skip
    for control in live:
        control.input(**own)
    for field in (parts.box, parts.region, parts.channel):  # what is pasted is no input
        for event in (field.submit, field.blur):
            event(**own)
    parts.matrix.change(None, js=SETTLED).then(**own)
    parts.preset.input(**(own | {"fn": example, "inputs": [bench.picture, parts.preset, *parts.inputs]}))
    parts.again.click(**(own | {"fn": lecture}))
    parts.fetch.click(**(own | {"fn": download, "trigger_mode": "once"}))
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    parts.stop.click(halt, queue=False, **quiet)
    direct = own | {"inputs": [bench.picture, page.asked, *parts.inputs], "trigger_mode": "multiple", "queue": False}
    bench.stage.roi_moved(**(direct | {"fn": moved}))
    bench.stage.roi_picked(**(direct | {"fn": picked}))
    picking = [bench.picture, page.asked, page.known, parts.proposal, *parts.inputs]
    parts.proposal.input(**(own | {"fn": proposed, "inputs": picking}))
    kept = {
        "part": parts.part, "box": parts.box, "bins": parts.bins, "samples": parts.samples, "aligned": parts.aligned,
        "bin": parts.which, "axis": parts.axis, "matrix": parts.mine, "network": parts.network, "layer": parts.layer,
        "channel": parts.channel, "region": parts.region, "cells": parts.cells, "detector": parts.detector,
    }  # fmt: skip
    return Panel(ask, kept, partial(offers, engine))
