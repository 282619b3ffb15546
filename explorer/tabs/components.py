"""The page's own components: plain JavaScript in gr.HTML, their scripts in assets/."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import gradio as gr

FORMULAS: list[dict[str, str | bool]] = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]
"""What gr.Markdown takes for a formula."""


def component(
    name: str,
    events: tuple[str, ...] = (),
    value: str = "",
    texts: Mapping[str, str] | None = None,
    **options: Any,
) -> gr.HTML:
    """A gr.HTML whose script is `Fovea.NAME` in assets; its value is one JSON string; texts: its `data-words`.

    Gradio learns of an event by finding its quoted name in the script that mounts the component.
    """
    quoted = " ".join(f"'{event}'" for event in events)
    known: dict[str, Any] = {"elem_id": name, "apply_default_css": False, "show_label": False}
    said = f' data-words="{escape(json.dumps(texts))}"' if texts else ""
    return gr.HTML(
        value,
        html_template=f'<div class="fovea-{name}" data-testid="{name}"{said}></div>',
        js_on_load=f"Fovea.{name}({{element, props, trigger, watch}}); // {quoted}",
        **(known | options),
    )


def plain(text: str) -> str:
    """Text for gr.Markdown that means nothing but itself."""
    return "".join(f"&#{ord(c)};" if c in "<>&*_`[]()#|~$\\!\"'" else c for c in text)
