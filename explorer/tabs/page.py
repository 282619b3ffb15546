"""The page: sources on the left, tabs across the top, one stage in the centre, the tab's panel beside it."""

from __future__ import annotations

import base64
import binascii
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from explorer.contract import Engine
from explorer.errors import BadPicture, ExplorerError
from explorer.records.frame import Frame
from explorer.records.scene import DIFFICULTIES
from explorer.sources.gallery import gallery
from explorer.sources.image import read_image
from explorer.sources.open import SCENE, bundled
from explorer.tabs import classify
from explorer.tabs.components import component, plain, shown

TABS = (classify,)
FIRST = "sample:cat"
MOST_THINGS = 12
SURPRISES = 1_000_000  # the training seeds: nobody meets the exam by chance
CLOSE_WHEN_NARROW = "() => { if (innerWidth < 800) document.querySelector('#sources .toggle-button')?.click(); }"


def page(engine: Engine) -> gr.Blocks:
    """Everything a visitor sees, asking `engine`. Builds no network and reads no picture."""
    demo = gr.Blocks(title="Fovea", fill_width=True, delete_cache=(300, 3600))
    with demo:
        picture = gr.State(None)
        with gr.Sidebar(width=300, elem_id="sources"):
            gr.Markdown("# Fovea\nSee inside vision networks.")
            pictures = component(
                "gallery", ("pick",), json.dumps([[shelf.title, shelf.pictures] for shelf in gallery()])
            )
            upload = gr.File(label="Your picture", file_count="single", type="filepath", height=150, elem_id="upload")
            camera = component("camera", ("snap",))
            with gr.Accordion("Draw a street scene", open=False, elem_id="scene"):
                seed = gr.Number(7, label="Seed", precision=0, minimum=0, elem_id="scene-seed")
                difficulty = gr.Dropdown(
                    list(DIFFICULTIES), value="normal", label="Difficulty", elem_id="scene-difficulty"
                )
                things = gr.Slider(
                    0, MOST_THINGS, value=0, step=1, label="Things (0: as it comes)", elem_id="scene-things"
                )
                with gr.Row():
                    draw = gr.Button("Draw it", variant="primary", elem_id="scene-draw")
                    surprise = gr.Button("Surprise me", elem_id="scene-surprise")
            note = gr.Markdown("", elem_id="note")
            device = gr.Markdown("", elem_id="device")
        with gr.Column(elem_id="bench"):
            stage = component("stage", value="{}")
            with gr.Tabs(elem_id="tabs"):
                refreshes = []
                for tab in TABS:
                    with gr.Tab(tab.TITLE, id=tab.TITLE.lower(), elem_id=f"tab-{tab.TITLE.lower()}"):
                        refreshes.append(tab.build(engine, picture, stage))
        chosen = [picture, stage, note]
        listen: dict[str, Any] = {"outputs": chosen, "show_progress": "hidden", "api_visibility": "private"}
        opening = [
            demo.load(lambda: _show(bundled(FIRST)), queue=False, **listen),
            pictures.pick(_pick, **listen),
            upload.upload(_upload, upload, [*chosen, upload], show_progress="hidden", api_visibility="private"),
            camera.snap(_snap, **listen),
            draw.click(_draw, [seed, difficulty, things], **listen),
            surprise.click(lambda: random.randrange(SURPRISES), None, seed, queue=False, api_visibility="private").then(
                _draw, [seed, difficulty, things], **listen
            ),
        ]
        loaded = opening[0]
        for refresh in refreshes:
            loaded = loaded.then(
                refresh.ready, None, list(refresh.ready_outputs), show_progress="hidden", api_visibility="private"
            ).success(**refresh.options())
            for event in opening[1:]:
                event.success(**refresh.options())
        demo.load(None, js=CLOSE_WHEN_NARROW)
        demo.load(lambda: _badge(engine), None, device, show_progress="hidden", api_visibility="private")
    return demo


def _badge(engine: Engine) -> str:
    card = engine.device()
    memory = f", {card.memory / 2**30:.0f} GB" if card.memory else ""
    return f"**{card.kind}** · {plain(card.name)}{memory}"


def _show(frame: Frame) -> tuple[Any, ...]:
    notes = f"{plain(frame.name)}: {plain('; '.join(frame.notes))}" if frame.notes else ""
    return frame, shown(frame), notes


def _pick(event: gr.EventData) -> tuple[Any, ...]:
    return _told(lambda: bundled(str(event._data.get("name", ""))))


def _draw(seed: float | None, difficulty: str, things: float) -> tuple[Any, ...]:
    number = "" if not things else str(int(things))
    return _told(lambda: bundled(f"{SCENE}{'' if seed is None else int(seed)}:{difficulty}:{number}"))


def _snap(event: gr.EventData) -> tuple[Any, ...]:
    return _told(lambda: _photograph(str(event._data.get("jpeg", ""))))


def _upload(path: str | None) -> tuple[Any, ...]:
    if path is None:
        return gr.skip(), gr.skip(), gr.skip(), gr.skip()
    file = Path(path)
    try:
        return *_told(lambda: read_image(file)), None
    finally:
        file.unlink(missing_ok=True)  # the picture lives in its visitor's state, not on this disk


def _told(read: Any) -> tuple[Any, ...]:
    """The picture, or the sentence that says why there is none and the picture that was there before."""
    try:
        return _show(read())
    except ExplorerError as error:
        gr.Warning(plain(str(error)))
        return gr.skip(), gr.skip(), plain(str(error))


def _photograph(url: str) -> Frame:
    return replace(read_image(_jpeg(url), name="webcam"), domain="photographs")


def _jpeg(url: str) -> bytes:
    try:
        return base64.b64decode(url.partition(",")[2], validate=True)
    except binascii.Error:
        raise BadPicture("The camera's picture came damaged: take it again.") from None
