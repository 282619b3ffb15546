"""A drawn digit made comparable: LeCun et al., Proc. IEEE 1998, section III.A, as MNIST was."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 28
BOX = 20

Grey = NDArray[np.uint8]


def normalised(paper: Grey) -> Grey:
    """Uint8 (28, 28): the ink fitted into 20 x 20 keeping its aspect, its centre of mass at the centre.

    An empty paper gives an empty picture.
    """
    picture = np.zeros((SIDE, SIDE), np.uint8)
    x, y, wide, tall = cv2.boundingRect(paper)
    if not wide:
        return picture
    scale = BOX / max(wide, tall)
    size = max(round(wide * scale), 1), max(round(tall * scale), 1)
    small = cv2.resize(paper[y : y + tall, x : x + wide], size, interpolation=cv2.INTER_AREA)
    mass = small.astype(np.float64)
    total = mass.sum()
    row = float(mass.sum(axis=1) @ np.arange(size[1])) / total
    column = float(mass.sum(axis=0) @ np.arange(size[0])) / total
    middle = (SIDE - 1) / 2
    top = min(max(round(middle - row), 0), SIDE - size[1])
    left = min(max(round(middle - column), 0), SIDE - size[0])
    picture[top : top + size[1], left : left + size[0]] = small
    return picture
