"""Light that is added: round lamps, in pools on the ground, as streaks on wet ground."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from explorer.streetscape.camera import Camera, Point3
from explorer.streetscape.image import plus, stretch
from explorer.streetscape.palette import Colour

Lamp = tuple[Point3, float, Colour]
SPRITE = 64


@lru_cache(maxsize=1)
def sprite() -> NDArray[np.uint8]:
    """Round light (64, 64) that falls off to nothing at its rim."""
    axis = 2 * np.arange(SPRITE, dtype=np.int64) - SPRITE + 1
    square = axis[:, None] ** 2 + axis[None, :] ** 2
    left = np.clip(SPRITE * SPRITE - square, 0, None)
    light: NDArray[np.uint8] = (left**3 * 255 // (SPRITE * SPRITE) ** 3).astype(np.uint8)
    return light


def add(
    picture: NDArray[np.uint8], column: float, row: float, wide: float, tall: float, colour: Colour, strength: float
) -> None:
    """Add an ellipse of light, half extents in pixels, to a view of the picture in place."""
    w, h = min(int(2 * wide) + 2, 3 * picture.shape[1]), min(int(2 * tall) + 2, 3 * picture.shape[0])
    x0, y0 = int(column) - w // 2, int(row) - h // 2
    left, top = max(x0, 0), max(y0, 0)
    right, bottom = min(x0 + w, picture.shape[1]), min(y0 + h, picture.shape[0])
    if left >= right or top >= bottom or strength <= 0:
        return
    light = stretch(sprite(), w, h)[top - y0 : bottom - y0, left - x0 : right - x0]
    ink = np.array([int(c * strength) for c in colour], np.uint16)
    area = picture[top:bottom, left:right]
    np.copyto(area, plus(area, ((light[..., None] * ink) >> 8).astype(np.uint8)))


def halo(picture: NDArray[np.uint8], camera: Camera, lamp: Lamp, strength: float) -> None:
    """The glow round one lamp."""
    (x, y, z), size, colour = lamp
    if z > 0.8:
        r = min(max(size * camera.scale(z), 2.0), 0.13 * (camera.width + camera.height))
        add(picture, camera.column(x, z), camera.row(y, z), r, r, colour, strength * 0.62)
        add(picture, camera.column(x, z), camera.row(y, z), r * 0.4, r * 0.4, (255, 255, 250), strength * 0.4)


def pool(picture: NDArray[np.uint8], camera: Camera, lamp: Lamp, strength: float) -> None:
    """The pool of light one lamp throws on the ground."""
    (x, y, z), size, colour = lamp
    if z > 1.5 and y < 9:
        reach = size * (3.2 if y > 2.5 else 1.9)
        wide = reach * camera.scale(z)
        tall = wide * min(0.8, max(0.06, camera.above / z))
        add(picture, camera.column(x, z), camera.row(0.0, z), wide, tall, colour, strength * 0.5)


def streak(picture: NDArray[np.uint8], camera: Camera, lamp: Lamp, strength: float) -> None:
    """The mirrored streak one lamp draws on wet ground."""
    (x, y, z), size, colour = lamp
    if z > 0.8:
        r = max(size * 0.42 * camera.scale(z), 1.5)
        foot = camera.row(0.0, z)
        tall = (camera.row(-y, z) - foot) * 0.8 + 3 * r
        add(picture, camera.column(x, z), foot + tall * 0.55, r, tall * 0.75, colour, strength * 0.5)
