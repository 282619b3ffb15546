"""A decoded picture as upright RGB: its matrix of colours, the shape of its pixels, and which way is up.

The display matrix is that of ISO/IEC 14496-12, section 8.5.2: x' = a x + c y, y' = b x + d y.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.records.frame import Pixels, Size
from explorer.sources.video.about import LONGEST_SIDE

_UNSPECIFIED, _ITU709, _ITU601, _SD_HEIGHT = 2, 1, 5, 576
_HDR = {16: "PQ", 18: "HLG"}
_SHAPES = (0.1, 10.0)


class Upright:
    """Makes every picture of a video as large as its first.

    shape: width over height of one stored pixel; notes: filled with what was done, each thing once.
    """

    def __init__(self, shape: float, notes: dict[str, None]) -> None:
        from av.video.reformatter import VideoReformatter

        self._scaler = VideoReformatter()
        self._shape = shape if _SHAPES[0] <= shape <= _SHAPES[1] else 1.0
        self._notes = notes
        self._size: Size | None = None

    def pixels(self, picture: Any) -> Pixels:
        """Uint8 (h, w, 3) of an av.VideoFrame."""
        turn = turned_by(picture)
        size = self._stored(picture, turn)
        rgb = self._scaler.reformat(
            picture, width=size[1], height=size[0], format="rgb24", src_colorspace=_matrix(picture)
        )
        upright = turn(np.asarray(rgb.to_ndarray(), np.uint8))
        if self._size is None:
            self._size = (upright.shape[0], upright.shape[1])
        return np.ascontiguousarray(upright)

    def _stored(self, picture: Any, turn: Turn) -> Size:
        """(height, width) to scale to before the picture is turned."""
        if (curve := _HDR.get(int(picture.color_trc))) is not None:
            self._notes[f"its brightness ({curve}) is shown as if it were ordinary"] = None
        if turn.told:
            self._notes[turn.told] = None
        if self._size is None:
            return self._square(picture)
        wanted = self._size[::-1] if turn.swaps else self._size
        if self._square(picture) != wanted:
            self._notes["its pictures change size: all are made as large as the first"] = None
        return wanted

    def _square(self, picture: Any) -> Size:
        """(height, width) with square pixels, as it is meant to be seen."""
        if self._shape == 1:
            return int(picture.height), int(picture.width)
        self._notes["its pixels are not square: widened or narrowed as it is meant to be seen"] = None
        height, width = picture.height, picture.width * self._shape
        fit = min(1.0, LONGEST_SIDE / width)
        return max(1, round(height * fit)), max(1, round(width * fit))


class Turn:
    """A right-angled turn or mirroring of (h, w, 3): transposed or not, then its rows and columns reversed or not."""

    def __init__(self, swaps: bool = False, down: bool = False, across: bool = False) -> None:
        self.swaps, self._down, self._across = swaps, down, across

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        turned = pixels.transpose(1, 0, 2) if self.swaps else pixels
        return turned[:: -1 if self._down else 1, :: -1 if self._across else 1]

    @property
    def told(self) -> str:
        """In words; "" where nothing is done."""
        if not (self.swaps or self._down or self._across):
            return ""
        mirrored = self.swaps ^ self._down ^ self._across
        return "mirrored as its display matrix says" if mirrored else "turned upright by its display matrix"


def turned_by(picture: Any) -> Turn:
    """What the picture's display matrix asks for, to the nearest right angle."""
    for data in picture.side_data:
        if data.type.name == "DISPLAYMATRIX" and len(bytes(data)) == 36:
            a, b, _, c, d, *_ = np.frombuffer(bytes(data), np.int32).tolist()
            if abs(a) + abs(d) >= abs(b) + abs(c):
                return Turn(False, d < 0, a < 0)
            return Turn(True, b < 0, c < 0)
    return Turn()


def _matrix(picture: Any) -> int | None:
    """The matrix from YCbCr to RGB, where the video does not name it: players go by its height."""
    if picture.format.is_rgb or int(picture.colorspace) != _UNSPECIFIED:
        return None
    return _ITU709 if picture.height > _SD_HEIGHT else _ITU601
