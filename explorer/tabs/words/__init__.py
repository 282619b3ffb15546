"""Every text of the page, a file for each tab and one for what is around them: the place to translate it.

`label` is for what Gradio shows as it stands, `say` for sentences with values; a component drawn in JavaScript gets its
whole part as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping

import gradio as gr
from gradio.i18n import I18nData

from explorer.tabs.words.around import DEVICE, DIFFICULTIES, NOTES, PAGE, SOURCES, STAGE, TOOLS
from explorer.tabs.words.classify import CLASSIFY
from explorer.tabs.words.dense import DENSE
from explorer.tabs.words.detect import DETECT
from explorer.tabs.words.live import CONTROLS as LIVE_CONTROLS
from explorer.tabs.words.live import LIVE
from explorer.tabs.words.live_video import LIVE_VIDEO
from explorer.tabs.words.live_video import PICKER as LIVE_VIDEO_PICKER
from explorer.tabs.words.roi import ROI

__all__ = [
    "CLASSIFY",
    "DENSE",
    "DETECT",
    "DEVICE",
    "DIFFICULTIES",
    "LIVE",
    "LIVE_CONTROLS",
    "LIVE_VIDEO",
    "LIVE_VIDEO_PICKER",
    "NOTES",
    "PAGE",
    "PARTS",
    "ROI",
    "SOURCES",
    "STAGE",
    "TOOLS",
    "i18n",
    "label",
    "say",
]

PARTS: dict[str, Mapping[str, str]] = {
    "page": PAGE,
    "sources": SOURCES,
    "difficulties": DIFFICULTIES,
    "tools": TOOLS,
    "stage": STAGE,
    "notes": NOTES,
    "device": DEVICE,
    "classify": CLASSIFY,
    "dense": DENSE,
    "detect": DETECT,
    "roi": ROI,
    "live": LIVE,
    "live_controls": LIVE_CONTROLS,
    "live_video": LIVE_VIDEO,
    "live_video_picker": LIVE_VIDEO_PICKER,
}


def i18n() -> gr.I18n:
    """All parts, for the launch: keys are PART.KEY."""
    return gr.I18n(en={f"{part}.{key}": text for part, texts in PARTS.items() for key, text in texts.items()})


def label(part: str, key: str) -> I18nData:
    """A text that the browser looks up in its own language. Raises KeyError for what is not written down."""
    PARTS[part][key]
    return I18nData(f"{part}.{key}")


def say(part: str, key: str, **values: object) -> str:
    """A sentence with its values, as they are: escape them before. Raises KeyError."""
    return PARTS[part][key].format(**values)
