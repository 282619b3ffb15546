"""OpenCV's whole-number picture operations that give the same bytes on every processor, with types."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


def halve(image: Image) -> Image:
    """Mean of 2 x 2 blocks."""
    height, width = image.shape[:2]
    return np.asarray(cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)


def stretch(image: Image, width: int, height: int) -> Image:
    """Bilinear interpolation to another size."""
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def soften(image: Image, side: int) -> Image:
    """Mean of a square round every pixel."""
    return np.asarray(cv2.blur(image, (side, side)), np.uint8)


def plus(a: Image, b: Image) -> Image:
    """Sum, at most 255."""
    return np.asarray(cv2.add(a, b), np.uint8)


def minus(a: Image, b: Image) -> Image:
    """Difference, at least 0."""
    return np.asarray(cv2.subtract(a, b), np.uint8)


def scaled(image: Image, gain: Image) -> Image:
    """Product in 255ths, rounded."""
    return np.asarray(cv2.multiply(image, gain, scale=1 / 255), np.uint8)


def recolour(image: Image, table: Image) -> Image:
    """Every value through a table (256,)."""
    return np.asarray(cv2.LUT(image, table), np.uint8)


def outline(points: NDArray[np.int32]) -> NDArray[np.int32]:
    """Convex hull (m, 2) of points (n, 2)."""
    return np.asarray(cv2.convexHull(points), np.int32).reshape(-1, 2)
