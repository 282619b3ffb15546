"""The best classes written under a picture, where they hide nothing of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from explorer.drawing.canvas import Canvas
from explorer.drawing.letters import cut, letters, wrapped
from explorer.drawing.palette import BLUE, RGB
from explorer.records.classify import Classification
from explorer.records.frame import Frame

PANEL: RGB = (16, 18, 26)
WHITE: RGB = (255, 255, 255)
PALE: RGB = (200, 204, 212)
LEAST_WIDTH = 22
"""In letters' heights: a narrower picture gets a margin, so that names can be read."""


def with_classes(frame: Frame, answer: Classification, *notes: str) -> Frame:
    """The picture and below it a dark panel: names with their scores as bars, then notes and the network in small.

    The classes take no more height than the picture, but one is always there; a name too long is cut.
    """
    above = Canvas(frame.pixels)
    size, pad = above.text, max(4, above.text // 2)
    small, row = max(10, round(size * 0.85)), round(size * 1.5)
    shown = answer.order[: max(1, above.height // row)]
    width = max(above.width, LEAST_WIDTH * size)
    room = width - 2 * pad
    more = len(answer.order) - len(shown)
    foot = [f"and {more} more"] if more else []
    foot += [line for note in (*notes, f"{answer.model} ({answer.weights})") for line in wrapped(note, small, room)]
    line = round(small * 1.35)
    height = above.height + row * len(shown) + line * len(foot) + 3 * pad
    canvas = Canvas(np.full((height, width, 3), PANEL, np.uint8))
    canvas.pixels[: above.height, : above.width] = frame.pixels
    y = above.height + pad
    for i in shown:
        score = float(answer.scores[i])
        canvas.bar((pad, y + 1, pad + room * (score if np.isfinite(score) else 0), y + row - 1), BLUE)
        number = letters(f"{score:.1%}" if np.isfinite(score) else "NaN", size)
        name = letters(cut(answer.names[i], size, room - number.shape[1] - 2 * pad), size)
        top = y + (row - len(name)) // 2
        canvas.mask(top, pad + pad // 2, name, WHITE)
        canvas.mask(top, width - pad - pad // 2 - number.shape[1], number, WHITE)
        y += row
    y += pad // 2
    for text in foot:
        canvas.mask(y, pad, letters(text, small), PALE)
        y += line
    return replace(frame, pixels=canvas.pixels, truth=None)
