"""The stage's Python face: the picture and the layers over it as the page's script takes them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

import gradio as gr

from explorer.drawing.encode import data_url, png_url
from explorer.drawing.layers import View
from explorer.records.frame import Frame
from explorer.tabs import words
from explorer.tabs.components import component

EVENTS = ("pick", "cell", "drag")
"""What the stage reports, in pixels of the original: {x, y, pane}; {row, column, x, y}; {box: x0 y0 x1 y1}."""

EXACT_PIXELS = 256 * 256
"""Pictures up to here travel as PNG: each of their pixels is seen, and JPEG would change it."""

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
    return json.dumps({"picture": _url(frame), **content})


def seen(view: View) -> str:
    """The layers of one to four panes: they wait until the stage shows their picture. What is no number is null."""
    panes = [
        {
            "title": pane.title,
            "picture": None if pane.picture is None else _url(pane.picture),
            "layers": [layer.as_json() for layer in pane.layers],
        }
        for pane in view.panes
    ]
    content = {"picture": view.picture, "panes": panes}
    try:
        return json.dumps(content, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(content))


def _url(frame: Frame) -> str:
    height, width = frame.size
    return png_url(frame) if height * width <= EXACT_PIXELS else data_url(frame)


def _finite(value: Any) -> Any:
    """JSON has no NaN and no infinity."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value
