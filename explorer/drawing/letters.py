"""Words as masks, in the fonts OpenCV 5 carries: Latin, Greek, Cyrillic, Hebrew, Arabic, Chinese, Japanese, Korean.

Pillow's bundled font holds ASCII only.
"""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

WEIGHT = 500
LONGEST = 200
ELLIPSIS = "…"
_LOCK = Lock()  # a font keeps the size it last drew: two threads at once draw rubbish


@lru_cache(maxsize=1)
def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")


def letters(text: str, size: int) -> NDArray[np.uint8]:
    """Uint8 (line height, width): one line of text, cover in 255ths; the line height depends on the size alone."""
    text = _one_line(text)
    ascent, descent = round(size * 1.02), round(size * 0.27)
    with _LOCK:
        wide = _width(text, size)
        sheet = np.zeros((ascent + descent, wide), np.uint8)
        if wide:
            cv2.putText(sheet, text, (0, ascent), (255,), _font(), size, WEIGHT)
    return sheet


def cut(text: str, size: int, room: int) -> str:
    """The text, or as much of it as fits into `room` pixels and an ellipsis; nothing where not one letter fits."""
    text = _one_line(text)
    with _LOCK:
        if _width(text, size) <= room:
            return text
        for length in range(len(text) - 1, 0, -1):
            short = text[:length].rstrip() + ELLIPSIS
            if _width(short, size) <= room:
                return short
    return ""


def wrapped(text: str, size: int, room: int) -> list[str]:
    """The text in lines of `room` pixels at most, broken between words; a longer word is cut."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and cut(longer, size, room) == longer:
            lines[-1] = longer
        else:
            lines.append(cut(word, size, room))
    return lines


def _width(text: str, size: int) -> int:
    return int(cv2.getTextSize((0, 0), text, (0, 0), _font(), size, WEIGHT)[2])


def _one_line(text: str) -> str:
    plain = text.encode("utf-8", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:LONGEST]
