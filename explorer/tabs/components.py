"""The page's own components: plain JavaScript in gr.HTML, their scripts in assets/."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from explorer.drawing.encode import data_url
from explorer.records.classify import Classification
from explorer.records.frame import Frame


def component(name: str, events: tuple[str, ...] = (), value: str = "", **options: Any) -> gr.HTML:
    """A gr.HTML whose script is `Fovea.NAME` in assets/NAME.js; its value is one JSON string.

    Gradio learns of an event by finding its quoted name in the script that mounts the component.
    """
    quoted = " ".join(f"'{event}'" for event in events)
    return gr.HTML(
        value,
        html_template=f'<div class="fovea-{name}" data-testid="{name}"></div>',
        js_on_load=f"Fovea.{name}({{element, props, trigger, watch}}); // {quoted}",
        elem_id=name,
        apply_default_css=False,
        show_label=False,
        **options,
    )


def shown(frame: Frame, answer: Classification | None = None) -> str:
    """What the stage shows: the picture, and the crops a network saw, in pixels of the original."""
    height, width = frame.size
    text = f"{frame.name}, {width} by {height} pixels"
    windows = [] if answer is None else answer.windows.round(2).tolist()
    content = {"picture": data_url(frame), "size": [height, width], "alt": text, "notes": list(frame.notes)}
    return json.dumps(content | {"windows": windows})


def plain(text: str) -> str:
    """Text for gr.Markdown that means nothing but itself."""
    return "".join(f"&#{ord(c)};" if c in "<>&*_`[]()#|~$\\!\"'" else c for c in text)
