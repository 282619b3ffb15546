"""What the air and the camera do last: rain, bloom, grading, vignette, blur, noise."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from explorer.streetscape.dice import Dice
from explorer.streetscape.image import minus, plus, recolour, scaled, soften, stretch
from explorer.streetscape.stage.textures import GRAIN, noise
from explorer.streetscape.weather import Light

Picture = NDArray[np.uint8]


@lru_cache(maxsize=16)
def _vignette(height: int, width: int) -> Picture:
    """Gain in 255ths (h, w, 3): the corners get less light."""
    y = 2 * np.arange(height, dtype=np.int64) - height + 1
    x = 2 * np.arange(width, dtype=np.int64) - width + 1
    square = (y * y * 1024 // (height * height))[:, None] + (x * x * 1024 // (width * width))[None, :]
    gain = (255 - np.maximum(square - 500, 0) * 52 // 1548).astype(np.uint8)
    return np.repeat(gain[..., None], 3, axis=2)


@lru_cache(maxsize=8)
def _curve(name: str) -> NDArray[np.uint8]:
    """A gentle S in whole numbers: deeper shadows, clearer lights; stronger by day than in fog."""
    strength = {"day": 46, "dusk": 40, "night": 26, "fog": 22, "rain": 32}[name]
    level = np.arange(256, dtype=np.int64)
    bow = level * level * (3 * 255 - 2 * level) // (255 * 255)
    lift = {"day": 6, "dusk": 4, "night": 3}.get(name, 4)
    curve: NDArray[np.uint8] = np.clip((level * (128 - strength) + bow * strength) // 128 + lift, 0, 255).astype(
        np.uint8
    )
    return curve


def develop(picture: Picture, light: Light, dice: Dice, difficulty: str) -> Picture:
    """The finished photograph of a painted scene."""
    height, width = picture.shape[:2]
    if light.name == "rain":
        picture = _rain(picture, dice)
    if light.lamps > 0.3:
        picture = _bloom(picture, 0.22 if light.name == "fog" else 0.5)
    picture = recolour(picture, _curve(light.name))
    blur = dice.unit()
    if difficulty != "easy" and blur < (0.22 if difficulty == "normal" else 0.5) and min(height, width) >= 160:
        picture = soften(picture, 3) if blur > 0.06 or difficulty == "normal" else soften(soften(picture, 3), 3)
    grain = light.grain * {"easy": 0.6, "normal": 1.0, "hard": 1.9}[difficulty]
    return _grain(scaled(picture, _vignette(height, width)), grain, dice)


@lru_cache(maxsize=24)
def _speckle(level: int) -> tuple[Picture, Picture]:
    """Noise of `level` eighths of a grey level as what it adds and what it takes, each (GRAIN, GRAIN, 3)."""
    scaled = (noise() * np.int16(level)) >> 9
    return np.maximum(scaled, 0).astype(np.uint8), np.maximum(-scaled, 0).astype(np.uint8)


def _grain(picture: Picture, sigma: float, dice: Dice) -> Picture:
    height, width = picture.shape[:2]
    y, x = int(dice.unit() * GRAIN), int(dice.unit() * GRAIN)
    more, less = _speckle(min(24, max(1, round(sigma * 2))) * 4)
    rows, columns = _spans(y, height), _spans(x, width)
    out = np.empty_like(picture)
    for top, tall, from_y in rows:
        for left, wide, from_x in columns:
            part = picture[top : top + tall, left : left + wide]
            tile = slice(from_y, from_y + tall), slice(from_x, from_x + wide)
            out[top : top + tall, left : left + wide] = minus(plus(part, more[tile]), less[tile])
    return out


def _spans(start: int, length: int) -> list[tuple[int, int, int]]:
    """How a length is covered by a tile that begins at `start` and repeats: (place, length, place in the tile)."""
    spans, done = [], 0
    while done < length:
        at = (start + done) % GRAIN
        size = min(GRAIN - at, length - done)
        spans.append((done, size, at))
        done += size
    return spans


def _bloom(picture: Picture, strength: float) -> Picture:
    """Bright parts bleed a little into their surroundings."""
    height, width = picture.shape[:2]
    small = stretch(picture, max(width // 4, 1), max(height // 4, 1))
    bright = minus(small, np.full_like(small, 150))
    side = max(3, (min(small.shape[:2]) // 14) | 1)
    soft = soften(soften(bright, side), side)
    wide = stretch(soft, width, height)
    return plus(picture, ((wide.astype(np.uint16) * int(strength * 256)) >> 7).clip(0, 255).astype(np.uint8))


def _rain(picture: Picture, dice: Dice) -> Picture:
    """Falling drops, near ones long."""
    height, width = picture.shape[:2]
    sheet = np.zeros((height, width), np.uint8)
    slant, unit = dice.between(-0.25, 0.25), math.sqrt(height * width)
    dim = min(1.0, unit / 480)
    for count, long, tone in ((70, 0.035, int(34 * dim)), (34, 0.07, int(50 * dim))):
        ends = []
        for _ in range(count):
            x, y, reach = dice.unit() * width, dice.unit() * height, unit * long * (0.6 + dice.unit())
            ends.append(((x, y), (x + slant * reach, y + reach)))
        lines = (np.array(ends) * 16).astype(np.int32)
        cv2.polylines(sheet, list(lines), False, (tone,), 1, cv2.LINE_AA, 4)
    return plus(picture, np.repeat(sheet[..., None], 3, axis=2))
