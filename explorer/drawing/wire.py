"""Layers as the page's script takes them: one JSON text."""

from __future__ import annotations

import json
import math
from typing import Any

from explorer.drawing.encode import data_url, png_url
from explorer.drawing.layers import Pane
from explorer.records.frame import Frame

EXACT_PIXELS = 256 * 256
"""Pictures up to here travel as PNG: each of their pixels is seen, and JPEG would change it."""


def as_text(content: Any) -> str:
    """JSON; what is no number is null there, for JSON has no NaN and no infinity."""
    try:
        return json.dumps(content, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(content))


def picture_url(frame: Frame) -> str:
    """The pixels as a data URL."""
    height, width = frame.size
    return png_url(frame) if height * width <= EXACT_PIXELS else data_url(frame)


def pane_json(pane: Pane) -> dict[str, Any]:
    """A pane of the stage, with its own picture where it has one."""
    return {
        "title": pane.title,
        "picture": None if pane.picture is None else picture_url(pane.picture),
        "layers": [layer.as_json() for layer in pane.layers],
    }


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value
