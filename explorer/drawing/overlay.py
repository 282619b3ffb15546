"""Answers as layers over the picture they are about."""

from __future__ import annotations

import numpy as np

from explorer.drawing.layers import Boxes, Pane, View
from explorer.records.classify import Classification

PLACES = ("no place", "one place", "two places", "three places", "four places", "five places")


def classification(answer: Classification, picture: str) -> View:
    """The crops that the network saw, dashed; a crop and its mirror image show one place and are drawn once."""
    windows = np.asarray(list(dict.fromkeys(map(tuple, answer.windows.tolist()))), np.float32).reshape(-1, 4)
    title = f"what the network saw: {_crops(answer, len(windows))}"
    return View(picture, (Pane(layers=(Boxes(title, windows, dashed=True),)),))


def _crops(answer: Classification, places: int) -> str:
    if len(answer.windows) == 10:
        mirrored = "mirror images" if places > 1 else "mirror image"
        their = "their" if places > 1 else "its"
        return f"ten crops, {PLACES[min(places, 5)]} and {their} {mirrored}"
    height, width = answer.size
    x0, y0, x1, y1 = answer.windows[0].tolist()
    if abs(x0) + abs(y0) + abs(x1 - width) + abs(y1 - height) < 1:
        return "the whole picture"
    if abs(x0 + x1 - width) < 2 and abs(y0 + y1 - height) < 2:
        return "the centre crop"
    return "the part inside"
