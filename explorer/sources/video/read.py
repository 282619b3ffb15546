"""A video, from a path, as one upright RGB Frame after another; nothing of it is decoded in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from explorer.errors import BadVideo
from explorer.records.frame import Frame
from explorer.sources.video.about import OWNER, VideoAbout, VideoLimits
from explorer.sources.video.container import HEAD, Container, container_of
from explorer.sources.video.process import Decoder
from explorer.sources.whole_file import ordinary, shown_name

Path_ = str | os.PathLike[str]


class Reading(Iterator[Frame]):
    """A video's frames in the order in which they are seen; Frame.time is seconds since the first.

    about: what is known before the rest is decoded; notes: what was done and found, complete after the last frame;
    count: frames given so far. Where the decoder breaks down the frames end, and a note says so. Memory is that of a
    few pictures, however long the video. Raises BadVideo, at once, for a file without one picture.
    """

    def __init__(self, path: Path_, limits: VideoLimits = OWNER, name: str | None = None) -> None:
        self._name = shown_name(path, name) or "video"
        where, self.container = _checked(path, limits, self._name)
        given = {"path": str(where), "container": asdict(self.container), "limits": asdict(limits), "who": self._name}
        self._decoder = Decoder("frames", given)
        self._done = self._closed = False
        self.count = 0
        self._notes: list[str] = []
        about = self._hear().get("about")
        if about is None:
            how = self._decoder.fate()
            raise BadVideo(f"{self._name} broke its decoder before the first picture ({how}): save it as MP4 anew.")
        about["size"], about["notes"] = tuple(about["size"]), tuple(about["notes"])
        self.about = VideoAbout(**about)

    @property
    def notes(self) -> tuple[str, ...]:
        """Words about the whole video."""
        return tuple(dict.fromkeys((*self.about.notes, *self._notes)))

    def __next__(self) -> Frame:
        if self._done:
            raise StopIteration
        told, payload = self._told()
        if "frame" in told:
            self.count += 1
            height, width = told["size"]
            return Frame(payload.reshape(height, width, 3), name=self._name, time=float(told["frame"]))
        self._done = True
        if "end" in told:
            self._notes += told["end"]
        elif "refused" in told:
            self._notes.append(told["refused"])
        elif not self._closed:
            how = self._decoder.fate()
            self._notes.append(f"its decoder broke down after {self.count:,} pictures ({how})")
        self._decoder.close()
        raise StopIteration

    def close(self) -> None:
        """Give up the rest. May be called twice."""
        self._done = self._closed = True
        self._decoder.close()

    def __enter__(self) -> Reading:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _told(self) -> tuple[dict[str, Any], Any]:
        return self._decoder.hear() or ({}, None)

    def _hear(self) -> dict[str, Any]:
        """The first message. Raises BadVideo with the decoder's own sentence."""
        told, _ = self._told()
        if "refused" in told:
            self._decoder.close()
            raise BadVideo(told["refused"])
        return told


def probe(path: Path_, limits: VideoLimits = OWNER, name: str | None = None) -> VideoAbout:
    """What a video is, from its header and its first picture. Raises BadVideo."""
    with Reading(path, limits, name) as reading:
        return reading.about


def frames(path: Path_, limits: VideoLimits = OWNER, name: str | None = None) -> Reading:
    """Every frame of a video, of as much of it as the limits allow. Raises BadVideo."""
    return Reading(path, limits, name)


def _checked(path: Path_, limits: VideoLimits, who: str) -> tuple[Path, Container]:
    """The file's absolute path and its kind. Raises BadVideo."""
    if not os.fspath(path):
        raise BadVideo("No video is named: give the path of one.")
    with ordinary(path, who, "video", BadVideo) as (file, size):
        if limits.max_bytes is not None and size > limits.max_bytes:
            most = limits.max_bytes / 1e6
            raise BadVideo(f"{who} has {size / 1e6:.1f} MB and the limit is {most:g} MB: cut out a part and give that.")
        where = file.resolve()
        with where.open("rb") as opened:
            head = opened.read(HEAD)
    return where, container_of(head, who)
