"""The stage's Python face: the picture and the layers over it as the page's script takes them."""

from __future__ import annotations

import json
from collections.abc import Iterable

import gradio as gr

from explorer.drawing.layers import View
from explorer.drawing.wire import as_text, pane_json, picture_url
from explorer.records.frame import Frame
from explorer.tabs import words
from explorer.tabs.components import component

EVENTS = ("pick", "cell", "drag")
"""What the stage reports, in pixels of the original: {x, y, pane}; {row, column, x, y}; {box: x0 y0 x1 y1}."""

nothing = "{}"
"""No picture, or no layers."""


def stage(events: Iterable[str] = ()) -> gr.HTML:
    """The one canvas, given `shown(frame)`; its events are `EVENTS`, and `events` that layers of the tabs report."""
    return component("stage", (*EVENTS, *events), nothing, words.STAGE)


def layers() -> gr.HTML:
    """What lies over the stage's picture, given `seen(view)`; itself not to be seen."""
    return component("layers", value=nothing, visible="hidden")


def shown(frame: Frame) -> str:
    """The picture: a preview, and the original's size (h, w) in pixels, in which everything is reported."""
    height, width = frame.size
    text = f"{frame.name}, {width} by {height} pixels"
    content = {"id": frame.id, "size": [height, width], "alt": text, "notes": list(frame.notes)}
    return json.dumps({"picture": picture_url(frame), **content})


def seen(view: View) -> str:
    """The layers of one to four panes: they wait until the stage shows their picture. What is no number is null."""
    return as_text({"picture": view.picture, "panes": [pane_json(pane) for pane in view.panes]})
