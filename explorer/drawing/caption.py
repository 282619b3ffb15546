"""What an answer says in words, written into a corner of the picture, for films and slides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from explorer.drawing.canvas import Canvas
from explorer.drawing.letters import cut, letters
from explorer.drawing.palette import BLUE, RGB
from explorer.records.frame import Frame

PANEL: RGB = (16, 18, 26)
WHITE: RGB = (255, 255, 255)
OPACITY = 0.72
MOST = 5
WIDEST = 0.6
"""Of the picture: the rest of it stays free."""
LEAST_WIDTH = 16
"""In letters' heights."""


def captioned(frame: Frame, lines: Sequence[tuple[str, float]], title: str = "") -> Frame:
    """The picture with a dark panel at its top left: a title, then each line with its share in [0, 1] as a bar.

    As many lines as fit into half of its height, one at least; texts too long are cut.
    """
    if not lines and not title:
        return frame
    canvas = Canvas(frame.pixels)
    size = canvas.text
    pad, row = max(3, size // 2), round(size * 1.45)
    shown = list(lines)[: max(1, min(MOST, canvas.height // 2 // row - bool(title)))]
    width = min(canvas.width - 2 * pad, max(round(canvas.width * WIDEST), LEAST_WIDTH * size))
    width = min(width, LEAST_WIDTH * size * 3 // 2)
    if width < size:
        return frame
    height = (len(shown) + bool(title)) * row + pad
    canvas.bar((pad, pad, pad + width, pad + height), PANEL, OPACITY)
    y, room = pad + pad // 2, width - 2 * pad
    if title:
        canvas.mask(y, 2 * pad, letters(cut(title, size, room), size), WHITE)
        y += row
    for text, share in shown:
        number = letters(f"{share:.0%}", size)
        canvas.bar((2 * pad, y + 1, 2 * pad + room * min(max(share, 0.0), 1.0), y + row - 2), BLUE)
        name = letters(cut(text, size, max(0, room - number.shape[1] - pad)), size)
        top = y + (row - len(number)) // 2
        canvas.mask(top, 2 * pad + pad // 2, name, WHITE)
        canvas.mask(top, 2 * pad + room - pad // 2 - number.shape[1], number, WHITE)
        y += row
    return replace(frame, pixels=canvas.pixels, truth=None)
