"""Where a window stands as it slides over a picture; Sermanet et al., OverFeat, ICLR 2014, section 3.5."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.frame import Size


def positions(size: Size, window: Size, stride: int) -> Size:
    """Rows and columns of windows that lie wholly in a picture: floor((H - R) / stride) + 1 each way.

    Raises Mistake for a picture smaller than the window.
    """
    if size[0] < window[0] or size[1] < window[1]:
        raise Mistake(
            f"A picture of {size[1]}x{size[0]} pixels has no room for a window of {window[1]}x{window[0]}: choose a "
            "larger scale or a larger picture."
        )
    rows, columns = ((side - reach) // stride + 1 for side, reach in zip(size, window, strict=True))
    return rows, columns


def boxes(count: Size, window: Size, stride: int, scale: tuple[float, float] = (1.0, 1.0)) -> NDArray[np.float32]:
    """Float32 (rows * columns, 4): x0 y0 x1 y1 of every window, row by row.

    count: rows and columns; scale: (down, across), by which the picture was made larger before it was slid over; the
    boxes are in its own pixels.
    """
    rows, columns = np.divmod(np.arange(count[0] * count[1]), count[1])
    top, left = rows * stride, columns * stride
    corners = np.stack([left, top, left + window[1], top + window[0]], axis=1)
    return np.asarray(corners / np.asarray([scale[1], scale[0]] * 2), np.float32)
