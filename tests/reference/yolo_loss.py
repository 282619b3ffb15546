"""Equation 3 of Redmon et al., CVPR 2016, arXiv:1506.02640, term by term, cell by cell, in plain Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

Numbers = Sequence[float]


@dataclass
class Sums:
    """What one cell adds to the five sums, each times its lambda, and which of its boxes is responsible for its thing,
    with what overlaps, where it has one."""

    centres: float = 0.0
    sides: float = 0.0
    obj: float = 0.0
    noobj: float = 0.0
    classes: float = 0.0
    responsible: int | None = None
    overlaps: list[float] = field(default_factory=list)


def iou(one: Numbers, other: Numbers) -> float:
    """Of two boxes: centre x, y, width, height, all in the same unit."""
    wide = min(one[0] + one[2] / 2, other[0] + other[2] / 2) - max(one[0] - one[2] / 2, other[0] - other[2] / 2)
    tall = min(one[1] + one[3] / 2, other[1] + other[3] / 2) - max(one[1] - one[3] / 2, other[1] - other[3] / 2)
    shared = max(wide, 0.0) * max(tall, 0.0)
    both = one[2] * one[3] + other[2] * other[3] - shared
    return shared / both if both > 0 else 0.0


def yolo_loss(
    boxes: Sequence[Sequence[Sequence[Numbers]]],
    confidences: Sequence[Sequence[Numbers]],
    classes: Sequence[Sequence[Numbers]],
    labels: Sequence[Sequence[int]],
    truth: Sequence[Sequence[Numbers]],
    coord: float,
    obj: float,
    noobj: float,
    lambda_classes: float,
) -> dict[tuple[int, int], Sums]:
    """Of one picture what each (row, column) adds.

    boxes [row][column][box]: x, y within the cell, roots of width and height as parts of the picture; confidences
    [row][column][box]; classes [row][column]: c numbers; labels [row][column]: a class, -1 for nothing, -2 for what is
    not learnt from; truth [row][column]: x, y within the cell, width and height of the picture.
    """
    found, rows, columns = {}, len(labels), len(labels[0])
    for row in range(rows):
        for column in range(columns):
            label = labels[row][column]
            sums = found[row, column] = Sums()
            if label < 0:
                for confidence in confidences[row][column]:
                    sums.noobj += noobj * confidence**2 if label == -1 else 0.0
                continue
            x, y, w, h = truth[row][column]
            real = (x + column) / columns, (y + row) / rows, w, h
            overlaps, distances = [], []
            for bx, by, rw, rh in boxes[row][column]:
                box = (bx + column) / columns, (by + row) / rows, rw * rw, rh * rh
                overlaps.append(iou(box, real))
                distances.append(sum((a - b) ** 2 for a, b in zip(box, real, strict=True)))
            best = overlaps.index(max(overlaps)) if max(overlaps) > 0 else distances.index(min(distances))
            sums.responsible, sums.overlaps = best, overlaps
            for number, (bx, by, rw, rh) in enumerate(boxes[row][column]):
                confidence = confidences[row][column][number]
                if number != best:
                    sums.noobj += noobj * confidence**2
                    continue
                sums.centres += coord * ((bx - x) ** 2 + (by - y) ** 2)
                sums.sides += coord * ((rw - math.sqrt(w)) ** 2 + (rh - math.sqrt(h)) ** 2)
                sums.obj += obj * (confidence - overlaps[best]) ** 2
            for number, said in enumerate(classes[row][column]):
                sums.classes += lambda_classes * (said - (number == label)) ** 2
    return found
