"""A stranger's video opened and decoded. Only the decoder's own process runs this: native decoders can crash."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import av
import av.error

from explorer.errors import BadVideo
from explorer.records.frame import Pixels
from explorer.sources.video.about import LONGEST_SIDE, RATES, VideoAbout, VideoLimits
from explorer.sources.video.container import Container
from explorer.sources.video.upright import Upright

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi"
PICTURES = (
    "h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "msmpeg4v2", "msmpeg4", "mpeg1video", "mpeg2video", "h263", "mjpeg",
    "prores", "dnxhd", "dvvideo", "ffv1", "huffyuv", "ffvhuff", "utvideo", "rawvideo", "png", "qtrle", "svq3",
    "cinepak", "wmv2", "wmv3", "vc1", "theora", "flv", "libdav1d", "libvpx", "libvpx-vp9",
)  # fmt: skip
"""Decoders that may run; libavcodec's others are for games and devices of long ago, and are seldom looked at."""
SOUNDS = (
    "aac", "mp3", "mp3float", "mp2", "mp2float", "opus", "libopus", "vorbis", "flac", "alac", "ac3", "eac3",
    "adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le",
    "pcm_f32le", "pcm_u8", "pcm_alaw", "pcm_mulaw",
)  # fmt: skip
BROKEN = (av.error.FFmpegError, ValueError, EOFError, OSError)
"""What the library raises for damaged files, by where the damage is."""
_THREADS = 4
_LONGEST_GAP_S = 3600.0
_LEAST_GAP_S = 1 / 10_000
_MISSING_S = 0.5


def opened(path: str, container: Container) -> Any:
    """The file's av container: one demuxer, one file and no other. Raises BROKEN."""
    options = {
        "format_whitelist": FORMATS,
        "protocol_whitelist": "file",
        "codec_whitelist": ",".join(PICTURES + SOUNDS),
    }
    return av.open(f"file:{path}", format=container.demuxer, options=options, metadata_errors="replace")


class Decoding:
    """A video's pictures in the order in which they are seen. Raises BadVideo where there can be none.

    about: known once the first picture is there; notes: what was done and found, complete when the last one is.
    """

    def __init__(self, path: str, container: Container, limits: VideoLimits, who: str) -> None:
        self._kind, self._limits, self._who = container, limits, who
        self._notes: dict[str, None] = {}
        self._damaged = self._shown = 0
        self._ended_early = False
        self._seen_s = 0.0
        try:
            self._file = opened(path, container)
        except BROKEN as error:
            raise BadVideo(
                f"{who} cannot be opened as {container.name} ({_why(error)}): copy it again, or save it anew."
            ) from error
        videos = [one for one in self._file.streams.video if not _is_cover(one)]
        if not videos:
            raise BadVideo(
                f"{who} has no pictures in it{', only sound' if self._file.streams.audio else ''}: give a video."
            )
        self._stream = videos[0]
        self._decoder = self._ready(self._stream)
        self.about: VideoAbout | None = None

    @property
    def notes(self) -> list[str]:
        """In the order in which they came up."""
        return list(self._notes)

    def pictures(self) -> Iterator[tuple[float, Pixels]]:
        """(seconds since the first, uint8 (h, w, 3)), until the end, a limit, or where the file breaks off."""
        upright = Upright(float(self._stream.sample_aspect_ratio or 1), self._notes)
        clock = _Clock(_rate(self._stream), self._notes)
        limits = self._limits
        for picture in self._decoded():
            try:
                pixels = upright.pixels(picture)
            except BROKEN:
                self._damaged += 1
                continue
            at = clock.seconds(picture)
            if self.about is None:
                self.about = self._told(pixels, clock.starts)
            if (limits.seconds is not None and at >= limits.seconds) or self._shown == limits.pictures:
                self._notes[f"cut after {_length(limits, self._shown)}: that is as much as is taken here"] = None
                self._ended_early = False
                break
            self._damaged += bool(picture.is_corrupt)
            self._shown += 1
            yield at, pixels
        else:
            self._compare()
        if self._damaged:
            self._notes[f"{self._damaged:,} damaged pictures, shown as far as they could be"] = None

    def _ready(self, stream: Any) -> Any:
        decoder = stream.codec_context
        name = getattr(decoder, "name", "")
        if decoder is None or name not in PICTURES:
            raise BadVideo(
                f"The pictures in {self._who} are coded in a way that is not read here ({name or 'unknown'}): "
                "save it as MP4 with H.264."
            )
        if max(decoder.width, decoder.height) > LONGEST_SIDE:
            raise BadVideo(
                f"{self._who} has {decoder.width} x {decoder.height} pixels and the limit is {LONGEST_SIDE} a side: "
                "make it smaller and give that."
            )
        decoder.thread_type = "AUTO"
        decoder.thread_count = min(_THREADS, os.cpu_count() or 1)
        decoder.options = {"max_pixels": str(LONGEST_SIDE * LONGEST_SIDE)}
        return decoder

    def _decoded(self) -> Iterator[Any]:
        """av.VideoFrames; a damaged packet is passed over, a damaged file ends."""
        try:
            for packet in self._file.demux():
                if packet.pts is not None:
                    end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                    self._seen_s = max(self._seen_s, end)
                if packet.stream.index == self._stream.index:
                    yield from self._of(packet)
        except BROKEN:
            self._ended_early = True
            yield from self._of(None)  # what the decoder still holds

    def _of(self, packet: Any) -> Iterator[Any]:
        try:
            yield from self._decoder.decode(packet)
        except BROKEN:
            self._damaged += packet is not None

    def _told(self, pixels: Pixels, starts: float) -> VideoAbout:
        whole, own = self._file.duration, self._stream.duration
        seconds = float(own * self._stream.time_base) if own else whole / av.time_base if whole else 0.0
        return VideoAbout(
            size=(pixels.shape[0], pixels.shape[1]),
            seconds=seconds if 0 < seconds < 1e7 else 0.0,
            rate=_rate(self._stream),
            kind=self._kind.name,
            codec=str(self._decoder.codec.canonical_name),
            has_sound=bool(self._file.streams.audio),
            starts=starts,
            notes=tuple(self._notes),
        )

    def _compare(self) -> None:
        """Say where the file has less than its header promises: it was cut short on its way, or lies."""
        promised = self._stream.frames
        if not self._shown:
            raise BadVideo(f"{self._who} has no pictures in it that can be read: copy or download it again.")
        if self._ended_early:
            self._notes[f"the file breaks off or is damaged after {self._shown:,} pictures"] = None
        elif promised > self._shown + self._damaged + 1:
            self._notes[f"its header promises {promised:,} pictures and there are {self._shown:,}"] = None
        elif self.about and self.about.seconds - (self._seen_s - _begins(self._file)) > _MISSING_S:
            self._notes["it ends before its header says: it may be cut short"] = None


class _Clock:
    """Seconds of each picture since the first, always growing, whatever the file says."""

    def __init__(self, rate: float, notes: dict[str, None]) -> None:
        self._step, self._notes = 1 / rate, notes
        self._last: float | None = None
        self._ahead = 0.0
        self.starts = 0.0

    def seconds(self, picture: Any) -> float:
        said = picture.pts if picture.pts is not None else picture.dts
        at = None if said is None or not picture.time_base else float(said * picture.time_base)
        if self._last is None:
            self.starts = at if at is not None and math.isfinite(at) else 0.0
            self._last = 0.0
            return 0.0
        if at is None:
            now = self._last + self._step
        else:
            now = at - self.starts - self._ahead
            if now - self._last > _LONGEST_GAP_S:
                self._notes["a leap in its timestamps is left out"] = None
                self._ahead += now - self._last - self._step
                now = self._last + self._step
            elif now < self._last + _LEAST_GAP_S:
                self._notes["timestamps that stand still or go back are set right"] = None
                now = self._last + _LEAST_GAP_S
        self._last = now
        return now


def _rate(stream: Any) -> float:
    """Pictures a second for pacing: the header's word, as far as it can be true."""
    for said in (stream.average_rate, stream.guessed_rate):
        if said and 0 < said < 1e6:
            return min(max(float(said), RATES[0]), RATES[1])
    return 25.0


def _is_cover(stream: Any) -> bool:
    """A still picture that goes with a sound."""
    return bool(int(stream.disposition) & 0x400)


def _begins(file: Any) -> float:
    return float((file.start_time or 0) / av.time_base)


def _length(limits: VideoLimits, shown: int) -> str:
    if shown == limits.pictures:
        return f"{shown:,} pictures"
    seconds = limits.seconds or 0
    return f"{seconds / 60:g} minutes" if seconds > 60 else f"{seconds:g} s"


def _why(error: Exception) -> str:
    text = str(getattr(error, "strerror", "") or "").lower()
    return "it is damaged or cut short" if not text or "invalid" in text else text[:80]


def as_json(about: VideoAbout) -> dict[str, Any]:
    """For the wire."""
    return asdict(about)
