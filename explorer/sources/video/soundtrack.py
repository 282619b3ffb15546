"""A stranger's sound laid under a film of ours. Only the decoder's own process runs this."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av

from explorer.sources.video.container import Container
from explorer.sources.video.decoding import BROKEN, SOUNDS, opened

COPIED = ("aac", "mp3", "mp3float", "alac")
"""Sounds that every player takes out of an MP4; others are coded anew."""
_AAC_BIT_RATE = 160_000
_RATES = (48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)


def joined(source: str, container: dict[str, str], silent: str, out: str, starts: float, ends: float) -> str:
    """Write the film at `silent` to `out` with the source's sound from second `starts` on, `ends` seconds of it.

    Both times are in the source's own seconds and since `starts`. Returns what became of the sound: copied, AAC, or ""
    where there was none. Raises BROKEN.
    """
    with opened(source, Container(**container)) as heard, av.open(silent, format="mov") as seen:
        sounds = heard.streams.audio
        if not sounds or getattr(sounds[0].codec_context, "name", "") not in SOUNDS:
            return ""
        copies = sounds[0].codec_context.name in COPIED
        with av.open(out, "w", format="mp4", options={"movflags": "+faststart"}) as film:
            pictures = film.add_stream_from_template(seen.streams.video[0], opaque=True)
            track = _Track(film, sounds[0], copies, starts, ends)
            _interleave(film, _pictures(seen, pictures), track.packets(heard))
        return "copied" if copies else "AAC"


def _pictures(seen: Any, stream: Any) -> Iterator[tuple[float, Any]]:
    for packet in seen.demux(video=0):
        if packet.dts is not None:
            packet.stream = stream
            yield float(packet.dts * packet.time_base), packet


def _interleave(film: Any, pictures: Iterator[tuple[float, Any]], sounds: Iterator[tuple[float, Any]]) -> None:
    """Write both by their time, so that a player need not look far ahead and neither is ever held."""
    picture, sound = next(pictures, None), next(sounds, None)
    while picture or sound:
        if sound is None or (picture is not None and picture[0] <= sound[0]):
            packet, picture = picture, next(pictures, None)
        else:
            packet, sound = sound, next(sounds, None)
        if packet is not None:
            film.mux_one(packet[1])


class _Track:
    """The sound's packets for the film: as they are, or coded anew; what is damaged is left out."""

    def __init__(self, film: Any, sound: Any, copies: bool, starts: float, ends: float) -> None:
        self._sound, self._copies, self._starts, self._ends = sound, copies, starts, ends
        if copies:
            self._stream = film.add_stream_from_template(sound, opaque=True)
            return
        rate = sound.codec_context.sample_rate
        rate = rate if rate in _RATES else _RATES[0]
        self._stream = film.add_stream("aac", rate=rate, bit_rate=_AAC_BIT_RATE)
        self._stream.layout = "mono" if sound.codec_context.channels == 1 else "stereo"
        self._resampler = av.AudioResampler("fltp", self._stream.layout.name, rate, 1024)

    def packets(self, heard: Any) -> Iterator[tuple[float, Any]]:
        """(seconds in the film, packet)."""
        last = None
        for packet in self._copied(heard) if self._copies else self._coded(heard):
            if packet.dts is None or (last is not None and packet.dts <= last):
                continue
            last = packet.dts
            packet.stream = self._stream
            yield float(packet.dts * packet.time_base), packet

    def _taken(self, heard: Any) -> Iterator[Any]:
        """Packets of the sound that lie within the film, as far as the file can be read."""
        try:
            for packet in heard.demux(self._sound):
                if packet.pts is None:
                    continue
                at = float(packet.pts * packet.time_base) - self._starts
                if at >= self._ends:
                    return
                if at + float((packet.duration or 0) * packet.time_base) > 0:
                    yield packet
        except BROKEN:
            return

    def _copied(self, heard: Any) -> Iterator[Any]:
        for packet in self._taken(heard):
            shift = round(Fraction(self._starts) / packet.time_base)
            packet.pts -= shift
            packet.dts = packet.pts
            yield packet

    def _coded(self, heard: Any) -> Iterator[Any]:
        """AAC on one even clock from the first sample's time on."""
        done: int | None = None
        rate = self._stream.codec_context.sample_rate
        for frame in self._resampled(heard):
            if done is None:
                done = round((float(frame.pts * frame.time_base) - self._starts) * rate) if frame.pts is not None else 0
            frame.pts, frame.time_base = done, Fraction(1, rate)
            done += frame.samples
            yield from self._stream.codec_context.encode(frame)
        if done is not None:
            yield from self._stream.codec_context.encode(None)

    def _resampled(self, heard: Any) -> Iterator[Any]:
        for packet in self._taken(heard):
            try:
                for frame in packet.decode():
                    yield from self._resampler.resample(frame)
            except BROKEN:
                continue
        yield from self._resampler.resample(None)
