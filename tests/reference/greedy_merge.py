"""OverFeat's greedy merge with loops over pairs: arXiv:1312.6229, section 4.3."""

from __future__ import annotations

import math

Box = tuple[float, float, float, float]


def match(a: Box, b: Box) -> float:
    """Distance of the centres in mean sides, and what IoU leaves of 1."""
    side = (a[2] - a[0] + a[3] - a[1] + b[2] - b[0] + b[3] - b[1]) / 4
    x, y = (a[0] + a[2] - b[0] - b[2]) / 2, (a[1] + a[3] - b[1] - b[3]) / 2
    shared = max(min(a[2], b[2]) - max(a[0], b[0]), 0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return math.hypot(x, y) / side + 1 - shared / union


def greedy_merge(boxes: list[Box], scores: list[float], most: float) -> list[tuple[Box, float, set[int]]]:
    """(box, summed score, indices it was made of) of every box that is left."""
    left = [(box, score, {i}) for i, (box, score) in enumerate(zip(boxes, scores, strict=True))]
    while len(left) > 1:
        pairs = [(match(left[i][0], left[j][0]), i, j) for i in range(len(left)) for j in range(i + 1, len(left))]
        best, i, j = min(pairs)
        if best > most:
            break
        (a, p, of), (b, q, others) = left[i], left[j]
        x0, y0, x1, y1 = ((p * s + q * t) / (p + q) for s, t in zip(a, b, strict=True))
        left[i] = (x0, y0, x1, y1), p + q, of | others
        del left[j]
    return left
