"""Where a window stands as it slides over a picture; Sermanet et al., OverFeat, ICLR 2014, section 3.5."""

from __future__ import annotations

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
