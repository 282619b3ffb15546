"""Tiles of ground texture and cloud, made once per process in whole numbers."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 1024
GRAIN = 640
PER_METRE = 128
SURFACES = ("asphalt", "slab", "cobble", "sett", "grass", "water")


def _source(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([77, seed]))


def _octave(source: np.random.Generator, rows: int, columns: int, side: int = SIDE) -> NDArray[np.int32]:
    """Smooth noise 0..255 that tiles, (side, side), from a coarse grid."""
    grid = source.integers(0, 256, (rows, columns), dtype=np.uint8)
    wide = np.pad(grid, ((1, 2), (1, 2)), mode="wrap")
    fine = cv2.resize(
        wide, (side // columns * (columns + 3), side // rows * (rows + 3)), interpolation=cv2.INTER_LINEAR
    )
    y, x = side // rows, side // columns
    return fine[y : y + side, x : x + side].astype(np.int32)


def fractal(seed: int, rows: int, columns: int, octaves: int, side: int = SIDE) -> NDArray[np.int32]:
    """Sum of octaves, each half as strong and twice as fine, 0..255."""
    source, total, weight = _source(seed), np.zeros((side, side), np.int32), 0
    for k in range(octaves):
        strength = 1 << (octaves - 1 - k)
        total += _octave(source, rows << k, columns << k, side) * strength
        weight += strength
    return total // weight


def _grain(seed: int, spread: int) -> NDArray[np.int32]:
    return _source(seed).integers(-spread, spread + 1, (SIDE, SIDE), dtype=np.int32)


def _cells(seed: int, rows: int, columns: int, joint: int, depth: int, shift: bool) -> NDArray[np.int32]:
    """Stones in courses: each its own tone, with darker joints."""
    tall, wide = SIDE // rows, SIDE // columns
    y, x = np.arange(SIDE)[:, None], np.arange(SIDE)[None, :]
    row = y // tall
    moved = (x + (row % 2) * (wide // 2) * int(shift)) % SIDE
    tone = _source(seed).integers(-depth, depth + 1, (rows, columns), dtype=np.int32)[row, moved // wide]
    edge = np.minimum(np.minimum(moved % wide, wide - 1 - moved % wide), np.minimum(y % tall, tall - 1 - y % tall))
    bevel = np.clip(edge - joint, 0, 5) * 2 - 5
    stones: NDArray[np.int32] = tone + np.where(edge < joint, -34, bevel)
    return stones


@lru_cache(maxsize=1)
def tiles() -> NDArray[np.uint8]:
    """Gains (surface, SIDE, SIDE), 128 for none, in the order of SURFACES and a blank one; SIDE pixels are 8 metres."""
    blotch = fractal(1, 4, 4, 4) - 128
    asphalt = 128 + blotch // 6 + _grain(2, 9) + np.where(_source(3).random((SIDE, SIDE)) < 0.012, 22, 0)
    slab = 128 + _cells(4, 16, 16, 2, 7, True) + blotch // 10 + _grain(5, 4)
    cobble = 128 + _cells(6, 64, 64, 3, 15, True) + blotch // 12 + _grain(7, 5)
    sett = 128 + _cells(8, 64, 32, 3, 13, True) + blotch // 10 + _grain(9, 5)
    grass = 128 + blotch // 3 + (_octave(_source(10), 256, 64) - 128) // 5 + _grain(11, 12)
    water = 128 + (fractal(12, 64, 8, 3) - 128) // 2 + (fractal(13, 16, 4, 2) - 128) // 4
    stack = np.stack([asphalt, slab, cobble, sett, grass, water, np.full_like(water, 128)])
    gains: NDArray[np.uint8] = np.clip(stack, 40, 230).astype(np.uint8)
    return gains


@lru_cache(maxsize=1)
def clouds() -> NDArray[np.uint8]:
    """Cloud thickness (512, 512), 0..255, tiling."""
    base = fractal(20, 4, 4, 5, 512)
    return np.clip((base - 100) * 4, 0, 255).astype(np.uint8)


@lru_cache(maxsize=1)
def noise() -> NDArray[np.int16]:
    """Bell-shaped sensor noise (GRAIN, GRAIN, 3), standard deviation 64."""
    source = _source(30)
    total = np.zeros((GRAIN, GRAIN, 3), np.int32)
    for _ in range(4):
        total += source.integers(0, 111, (GRAIN, GRAIN, 3), dtype=np.int32)
    return (total - 220).astype(np.int16)
