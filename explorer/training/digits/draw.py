"""Handwritten digits by seed: the same seed gives the same picture, alone or among others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.ops.ink import SIDE, normalised
from explorer.records.frame import Pixels
from explorer.training.digits.allographs import Allograph, allographs
from explorer.training.digits.hand import some_hand
from explorer.training.digits.ink import ink
from explorer.training.digits.pen import Pen


def chosen(rng: np.random.Generator) -> Allograph:
    """A way to write a digit: every digit alike, its allographs by their shares."""
    ways = allographs()[int(rng.integers(10))]
    shares = np.cumsum([way.share for way in ways])
    return ways[int(np.searchsorted(shares, rng.random() * shares[-1], side="right"))]


def written(way: Allograph, rng: np.random.Generator) -> Pixels:
    """Uint8 (28, 28): one digit in this way, by some hand; white on black, as MNIST has it."""
    hand = some_hand(rng)
    strokes = hand.bend(way.draw(Pen(rng, hand.wobble)))
    return normalised(ink(strokes, hand.thickness, rng))


def digit(seed: int) -> tuple[Pixels, int]:
    """A digit, uint8 (28, 28), and which it is."""
    rng = np.random.Generator(np.random.PCG64(seed))
    way = chosen(rng)
    return written(way, rng), way.label


def digits(seeds: Sequence[int]) -> tuple[Pixels, NDArray[np.int64]]:
    """Digits, uint8 (n, 28, 28), and which they are, int64 (n,)."""
    pictures = np.empty((len(seeds), SIDE, SIDE), np.uint8)
    labels = np.empty(len(seeds), np.int64)
    for i, seed in enumerate(seeds):
        pictures[i], labels[i] = digit(seed)
    return pictures, labels
