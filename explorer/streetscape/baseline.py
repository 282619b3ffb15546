"""Colour histogram + HOG (Dalal & Triggs, CVPR 2005, section 6; doi.org/10.1109/CVPR.2005.177), linear classifier.

The easy way to pass the exam, here to show that it does not suffice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from explorer.records.frame import Pixels
from explorer.streetscape.exam import CROP_CLASSES, Crop, crops
from explorer.streetscape.render import render

SIDE, CELL, BINS = 64, 8, 9
DECAYS = (1e-3, 1e-2, 3e-2, 1e-1)
Array = NDArray[np.float32]


def histogram(pixels: Pixels) -> Array:
    """Joint colour histogram (4 x 4 x 4,) and hue-saturation histogram (16 x 4,), square roots of shares."""
    small = np.asarray(cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    coarse = (small >> 6).astype(np.int64)
    joint = np.bincount((coarse[..., 0] * 16 + coarse[..., 1] * 4 + coarse[..., 2]).ravel(), minlength=64)
    hsv = cv2.cvtColor(small, cv2.COLOR_RGB2HSV).astype(np.int64)
    hue = np.bincount((hsv[..., 0] * 16 // 180 * 4 + (hsv[..., 1] >> 6)).ravel(), minlength=64)
    return np.sqrt(np.concatenate([joint, hue]) / (SIDE * SIDE)).astype(np.float32)


def gradients(pixels: Pixels) -> Array:
    """HOG of a crop at 64 x 64: 8 px cells, 9 unsigned bins, 2 x 2 blocks, L2-Hys."""
    small = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    dx, dy = np.zeros_like(small), np.zeros_like(small)
    dx[:, 1:-1], dy[1:-1] = small[:, 2:] - small[:, :-2], small[2:] - small[:-2]
    power = dx * dx + dy * dy
    best = power.argmax(axis=2)[..., None]
    gx, gy = np.take_along_axis(dx, best, 2)[..., 0], np.take_along_axis(dy, best, 2)[..., 0]
    size = np.sqrt(np.take_along_axis(power, best, 2)[..., 0])
    turn = (np.arctan2(gy, gx) / np.pi % 1.0) * BINS - 0.5
    low = np.floor(turn)
    share = turn - low
    cells = np.zeros((SIDE // CELL, SIDE // CELL, BINS), np.float32)
    row, column = np.indices((SIDE, SIDE)) // CELL
    for step, weight in ((0, 1 - share), (1, share)):
        np.add.at(cells, (row, column, (low.astype(np.int64) + step) % BINS), size * weight)
    blocks = np.concatenate([cells[:-1, :-1], cells[1:, :-1], cells[:-1, 1:], cells[1:, 1:]], axis=2)
    for _ in range(2):
        blocks = blocks / np.sqrt((blocks * blocks).sum(axis=2, keepdims=True) + 1e-3)
        blocks = np.minimum(blocks, 0.2)
    return blocks.ravel()


def features(items: Iterable[Crop]) -> tuple[Array, NDArray[np.int64]]:
    """Features (n, d) and class indices (n,) of crops."""
    rows, labels = [], []
    for crop in items:
        rows.append(np.concatenate([histogram(crop.pixels), gradients(crop.pixels)]))
        labels.append(crop.label)
    return np.array(rows, np.float32), np.array(labels, np.int64)


@dataclass(frozen=True, eq=False)
class Linear:
    """A linear classifier on standardised features: scores = ((x - mean) / spread) @ weight + bias."""

    mean: Array
    spread: Array
    weight: Array
    bias: Array

    def predict(self, x: Array) -> NDArray[np.int64]:
        """Class indices (n,)."""
        scores = np.asarray(((x - self.mean) / self.spread) @ self.weight + self.bias, np.float32)
        return np.asarray(scores.argmax(axis=1), np.int64)


def fit(x: Array, labels: NDArray[np.int64], decay: float = 1e-3, rounds: int = 400, pace: float = 0.02) -> Linear:
    """Multinomial logistic regression by Adam on the whole set."""
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-3
    z = (x - mean) / spread
    classes = len(CROP_CLASSES)
    target = np.eye(classes, dtype=np.float32)[labels]
    weight, bias = np.zeros((x.shape[1], classes), np.float32), np.zeros(classes, np.float32)
    first, second = np.zeros_like(weight), np.zeros_like(weight)
    for step in range(1, rounds + 1):
        scores = z @ weight + bias
        scores -= scores.max(axis=1, keepdims=True)
        share = np.exp(scores)
        share /= share.sum(axis=1, keepdims=True)
        slip = (share - target) / len(z)
        slope = z.T @ slip + decay * weight
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope * slope
        rate = pace * (1 - step / (rounds + 1))
        weight = weight - rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        bias = bias - 5 * rate * slip.sum(axis=0)
    return Linear(mean, spread, weight.astype(np.float32), bias.astype(np.float32))


def questions(seeds: Iterable[int]) -> Iterator[Crop]:
    """All crops of exam scenes."""
    for seed in seeds:
        yield from crops(render(seed))


def measure(train: range, test: range) -> dict[str, object]:
    """Train on some seeds, answer others: top-1, crops used, and top-1 by class."""
    x, labels = features(questions(train))
    half = {d: float((fit(x[::2], labels[::2], d).predict(x[1::2]) == labels[1::2]).mean()) for d in DECAYS}
    decay = max(half, key=lambda d: half[d])
    best = fit(x, labels, decay)
    y, truth = features(questions(test))
    right = best.predict(y) == truth
    return {
        "top1": float(right.mean()),
        "train_crops": len(x),
        "test_crops": len(y),
        "decay": decay,
        "by_class": {
            name: float(right[truth == k].mean()) for k, name in enumerate(CROP_CLASSES) if (truth == k).any()
        },
    }
