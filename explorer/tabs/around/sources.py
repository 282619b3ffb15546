"""Where the picture comes from: a gallery, a file of one's own, the camera, or a street drawn by number."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Dependency

from explorer.errors import ExplorerError
from explorer.records.frame import Frame
from explorer.records.scene import DIFFICULTIES
from explorer.sources.data_url import read_data_url
from explorer.sources.gallery import gallery
from explorer.sources.image import VISITOR, read_image
from explorer.sources.open import SCENE, bundled
from explorer.tabs import words
from explorer.tabs.components import component, plain
from explorer.tabs.stage import shown

MOST_THINGS = 12
PLAIN = "normal"
SURPRISES = 1_000_000  # the training seeds: nobody meets the exam by chance
DRAW = "() => Fovea.page.draw()"
WAYS = ("gallery", "file", "camera", "scene")


@dataclass(frozen=True)
class Chosen:
    """What every way of choosing fills: the State, the stage, `place`, which the page's script reads, and the note."""

    picture: gr.State
    stage: gr.HTML
    place: gr.HTML
    note: gr.Markdown

    def listener(self) -> dict[str, Any]:
        """Keyword arguments of a Gradio listener whose handler gives a picture.

        The page's script lets one picture come at a time and asks for the next when `then` runs, which for Gradio is
        while the first is still under way: so `multiple`, or it would be dropped.
        """
        outputs = [self.picture, self.stage, self.place, self.note]
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        return {"outputs": outputs, "trigger_mode": "multiple", **quiet}


@dataclass(frozen=True)
class Sources:
    """The panel's parts that others listen to or fill."""

    pictures: gr.HTML
    upload: gr.File
    camera: gr.HTML
    scene: tuple[gr.Number, gr.Radio, gr.Slider]
    easel: gr.HTML
    draw: gr.Button
    surprise: gr.Button

    def connect(self, chosen: Chosen) -> Iterable[Dependency]:
        """Listen; the events after which there may be another picture."""
        seed, *_ = self.scene
        listen = chosen.listener()
        drawn = self.surprise.click(
            lambda: random.randrange(SURPRISES), None, seed, queue=False, api_visibility="private"
        )
        self.draw.click(None, js=DRAW)
        drawn.then(None, js=DRAW)
        yield self.pictures.pick(_pick, **listen)
        yield self.camera.snap(_snap, **listen)
        yield self.easel.draw(_draw, list(self.scene), **listen)
        yield self.upload.upload(_upload, self.upload, **(listen | {"outputs": [*listen["outputs"], self.upload]}))


def build() -> Sources:
    """The panel: four ways, of which the page's script shows one."""
    component("ways", value=json.dumps({"title": words.SOURCES["ways"], "ways": [(w, words.SOURCES[w]) for w in WAYS]}))
    with gr.Column(elem_id="way-gallery"):
        pictures = component("gallery", ("pick",), _shelves())
    with gr.Column(elem_id="way-file"):
        component("intake", value=json.dumps({**words.SOURCES, "most": VISITOR.max_bytes}))
        upload = gr.File(
            label=words.label("sources", "file_label"), file_count="single", type="filepath", elem_id="upload"
        )
    with gr.Column(elem_id="way-camera"):
        camera = component("camera", ("snap",), json.dumps(words.SOURCES))
    with gr.Column(elem_id="way-scene"):
        gr.Markdown(words.label("sources", "scene_about"))
        seed = gr.Number(7, label=words.label("sources", "scene_seed"), precision=0, minimum=0, elem_id="scene-seed")
        difficulty = gr.Radio(
            [(words.DIFFICULTIES[name], name) for name in DIFFICULTIES],
            value=PLAIN,
            label=words.label("sources", "scene_difficulty"),
            elem_id="scene-difficulty",
        )
        things = gr.Slider(
            0, MOST_THINGS, value=0, step=1, label=words.label("sources", "scene_things"), elem_id="scene-things"
        )
        with gr.Row():
            draw = gr.Button(
                words.label("sources", "scene_draw"), variant="primary", min_width=90, elem_id="scene-draw"
            )
            surprise = gr.Button(words.label("sources", "scene_surprise"), min_width=90, elem_id="scene-surprise")
        easel = component("easel", ("draw",), visible="hidden")
    return Sources(pictures, upload, camera, (seed, difficulty, things), easel, draw, surprise)


def numbers(name: str) -> tuple[Any, ...]:
    """Seed, difficulty and number of things that a scene's name says, for the controls; nothing new for another."""
    if not name.startswith(SCENE):
        return gr.skip(), gr.skip(), gr.skip()
    seed, difficulty, things = [*name.removeprefix(SCENE).split(":"), "", ""][:3]
    return int(seed), difficulty or PLAIN, min(int(things or 0), MOST_THINGS)


def named(seed: int, difficulty: str, things: int) -> str:
    """The shortest name of a scene."""
    tail = f":{difficulty}:{things}" if things else f":{difficulty}" if difficulty != PLAIN else ""
    return f"{SCENE}{seed}{tail}"


def placed(frame: Frame, name: str = "") -> tuple[Any, ...]:
    """What `Chosen` is filled with; name: by which a link can have it again, "" for a visitor's own."""
    note = f"{plain(frame.name)}: {plain('; '.join(frame.notes))}" if frame.notes else ""
    return frame, shown(frame), json.dumps({"picture": name, "id": frame.id}), note


def told(read: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
    """The picture, or the sentence that says why there is none and the picture that was there before."""
    try:
        return read()
    except ExplorerError as error:
        gr.Warning(plain(str(error)))
        return gr.skip(), gr.skip(), gr.skip(), plain(str(error))


def _shelves() -> str:
    titles = words.SOURCES["street_shelf"], words.SOURCES["photo_shelf"]
    return json.dumps([[title, shelf.pictures] for title, shelf in zip(titles, gallery(), strict=True)])


def _pick(event: gr.EventData) -> tuple[Any, ...]:
    name = str(event._data.get("name", ""))
    return told(lambda: placed(bundled(name), name))


def _draw(seed: float | None, difficulty: str, things: float) -> tuple[Any, ...]:
    name = SCENE if seed is None else named(int(seed), difficulty, int(things))
    return told(lambda: placed(bundled(name), name))


def _snap(event: gr.EventData) -> tuple[Any, ...]:
    return told(lambda: placed(_photograph(str(event._data.get("jpeg", "")))))


def _upload(path: str | None) -> tuple[Any, ...]:
    if path is None:
        return (gr.skip(),) * 5
    file = Path(path)
    try:
        return *told(lambda: placed(read_image(file))), None
    finally:
        file.unlink(missing_ok=True)  # the picture lives in its visitor's state, not on this disk


def _photograph(url: str) -> Frame:
    return read_data_url(url, "webcam", "photographs")
