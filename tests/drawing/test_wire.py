"""Layers as one JSON text."""

from __future__ import annotations

import json

import numpy as np

from explorer.drawing.layers import HeatMap, Pane
from explorer.drawing.wire import EXACT_PIXELS, as_text, pane_json, picture_url
from explorer.records.frame import Frame


def test_what_is_no_number_is_null() -> None:
    content = {"a": [float("nan"), 1.5], "b": (float("inf"), {"c": "x"})}
    assert json.loads(as_text(content)) == {"a": [None, 1.5], "b": [None, {"c": "x"}]}


def test_small_pictures_travel_exactly() -> None:
    assert picture_url(Frame(np.zeros((4, 4, 3), np.uint8))).startswith("data:image/png")
    side = int(EXACT_PIXELS**0.5)
    assert picture_url(Frame(np.zeros((side, side + 1, 3), np.uint8))).startswith("data:image/jpeg")


def test_a_pane_with_its_layers() -> None:
    heat = HeatMap("score", np.zeros((2, 2), np.float32), "", 0.0, 1.0)
    made = pane_json(Pane("left", (heat,)))
    assert made["title"] == "left" and made["picture"] is None
    assert [layer["kind"] for layer in made["layers"]] == ["heat"]
