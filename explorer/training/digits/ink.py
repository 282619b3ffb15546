"""From strokes to a picture: ink as a scanner sees it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from explorer.records.frame import Pixels
from explorer.training.digits.pen import Stroke

_PAPER = 128
_LETTER = 84.0
_SUBPIXEL = 4


def ink(strokes: list[Stroke], thickness: float, rng: np.random.Generator) -> Pixels:
    """Uint8 (128, 128), 0 or 255: strokes on paper, with pressure that changes along the way and ragged edges.

    thickness: of the middle of a stroke, in parts of the longer side of the whole drawing.
    """
    every = np.concatenate(strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    scale = _LETTER / max(float((high - low).max()), 1e-6)
    centre = (low + high) / 2
    paper = np.zeros((_PAPER, _PAPER), np.uint8)
    width = thickness * _LETTER
    for stroke in strokes:
        places = np.rint(((stroke - centre) * scale + _PAPER / 2) * 2**_SUBPIXEL).astype(int).tolist()
        widths = np.maximum(np.rint(width * _pressure(len(stroke), rng)), 1).astype(int).tolist()
        for a, b, wide in zip(places[:-1], places[1:], widths[1:], strict=True):
            cv2.line(paper, a, b, 255, wide, cv2.LINE_8, _SUBPIXEL)
    return _ragged(paper, rng)


def _pressure(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Factors (count,) on the width along a stroke: one slow wave, and a lighter start or end."""
    along = np.linspace(0, 1, count)
    wave = 0.16 * rng.random() * np.sin(2 * np.pi * (along * rng.uniform(0.4, 1.6) + rng.random()))
    lift = rng.uniform(0, 0.25, 2)
    ends = 1 - lift[0] * np.exp(-along / 0.12) - lift[1] * np.exp((along - 1) / 0.12)
    return np.asarray((1 + wave) * ends)


def _ragged(paper: Pixels, rng: np.random.Generator) -> Pixels:
    """Edges eaten and spread by a grain of a few pixels."""
    grain = cv2.resize(rng.normal(0, rng.uniform(5, 38), (32, 32)).astype(np.float32), (_PAPER, _PAPER))
    soft = cv2.GaussianBlur(paper, (0, 0), 2.0).astype(np.float32)
    return np.where(soft + grain > 127, np.uint8(255), np.uint8(0))
