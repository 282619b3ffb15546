"""Frames as an H.264 MP4 that every browser plays: 4:2:0, even sides, the frames' own times."""

from __future__ import annotations

import contextlib
import os
import tempfile
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from explorer.errors import Failure
from explorer.records.frame import Frame, Pixels

CLOCK = 90_000
"""Ticks a second of the film's timestamps: the clock of MPEG, fine enough for any rate."""
QUALITY, PRESET = 20, "veryfast"
"""x264's constant rate factor, and how much work it puts into small files."""
_HD = 576
_ITU709, _ITU601, _STUDIO = 1, 5, 1
_BT709, _SMPTE170M = 1, 6


class Film:
    """A film that is written beside `path` and takes its place when it is whole; before that there is no such file.

    rate: frames a second, for the encoder's planning and the last frame's length alone. A side of an odd length gets
    its last row or column twice, for 4:2:0 holds colours of two by two pixels; nothing is scaled. Memory does not grow
    with the length. Used in a `with`: left without `finish`, it leaves nothing. Raises Failure where it cannot be
    written.
    """

    def __init__(self, path: Path, rate: float) -> None:
        self._path, self._rate = path, rate
        self._last = -1
        self._size: tuple[int, int] | None = None
        self._output: Any = None
        self._stream: Any = None
        self._scaler: Any = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
            os.close(number)
        except OSError as error:
            raise self._failure(error) from error
        self.draft = Path(name)

    @property
    def seconds(self) -> float:
        """How long it is so far."""
        return 0.0 if self._last < 0 else self._last / CLOCK + 1 / self._rate

    def add(self, frame: Frame) -> None:
        """One more, shown from `frame.time` on, which must be later than those before. Raises ValueError if it is not,
        or is of another size."""
        import av

        pixels = _even(frame.pixels)
        try:
            if self._stream is None:
                self._open(pixels.shape[0], pixels.shape[1])
            elif pixels.shape[:2] != self._size:
                raise ValueError(f"a frame of {pixels.shape[:2]} does not fit a film of {self._size}")
            at = round(frame.time * CLOCK)
            if at <= self._last:
                raise ValueError(f"a frame at {at / CLOCK} s does not come after {self._last / CLOCK} s")
            picture = av.VideoFrame.from_ndarray(pixels, "rgb24")
            picture = self._scaler.reformat(picture, format="yuv420p", dst_colorspace=_matrix(pixels.shape[0]))
            picture.pts, picture.time_base = at, Fraction(1, CLOCK)
            self._last = at
            self._write(picture)
        except OSError as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Write what the encoder still holds: the draft is a whole film then. Raises Failure where it has no frame."""
        if self._stream is None:
            raise Failure(f"There is no picture to write into {self._path.name}: give a video that has some.")
        if self._output is None:
            return
        try:
            self._write(None)
            self._output.close()
            self._output = None
        except OSError as error:
            raise self._failure(error) from error

    def finish(self, film: Path | None = None) -> None:
        """Put the draft, or another `film` on the same disk that was made of it, under the path."""
        self.close()
        try:
            whole = film or self.draft
            whole.chmod(0o644)  # mkstemp lets nobody else read
            whole.replace(self._path)
        except OSError as error:
            raise self._failure(error) from error
        self.draft.unlink(missing_ok=True)

    def __enter__(self) -> Film:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._output is not None:
            with contextlib.suppress(OSError, ValueError):  # it is thrown away
                self._output.close()
            self._output = None
        self.draft.unlink(missing_ok=True)

    def _open(self, height: int, width: int) -> None:
        import av
        from av.video.reformatter import VideoReformatter

        self._size, self._scaler = (height, width), VideoReformatter()
        self._output = av.open(str(self.draft), "w", format="mp4", options={"movflags": "+faststart"})
        rate = Fraction(self._rate).limit_denominator(1001)
        stream = self._output.add_stream("libx264", rate=rate, options={"crf": str(QUALITY), "preset": PRESET})
        context = stream.codec_context
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = context.time_base = Fraction(1, CLOCK)
        context.colorspace = _BT709 if height > _HD else _SMPTE170M
        context.color_primaries = context.color_trc = context.colorspace
        context.color_range = _STUDIO
        self._stream = stream

    def _write(self, picture: Any) -> None:
        for packet in self._stream.encode(picture):
            self._output.mux(packet)

    def _failure(self, error: OSError) -> Failure:
        reason = (error.strerror or "no reason given").lower()
        return Failure(f"{self._path} could not be written ({reason}): make room or choose another folder.")


def _even(pixels: Pixels) -> Pixels:
    """Rows and columns of an even number, the last ones twice where need be."""
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        return np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return pixels


def _matrix(height: int) -> int:
    """From RGB to YCbCr: as players take it where a video does not say."""
    return _ITU709 if height > _HD else _ITU601
