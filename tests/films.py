"""Videos made by the tests: every picture tells its number by its brightness, and its corners which way is up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from explorer.records.frame import Pixels, Size

SIZE = (48, 64)
CORNERS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))
STEP = 8
"""Of brightness, from one picture to the next."""


def picture(number: int, size: Size = SIZE) -> Pixels:
    """Grey by its number; red, green, blue and white in the corners: left and right above, left and right below."""
    height, width = size
    pixels = np.full((height, width, 3), number * STEP % 256, np.uint8)
    y, x = height // 3, width // 3
    for place, colour in zip(
        ((slice(0, y), slice(0, x)), (slice(0, y), slice(width - x, None)),
         (slice(height - y, None), slice(0, x)), (slice(height - y, None), slice(width - x, None))),
        CORNERS, strict=True,
    ):  # fmt: skip
        pixels[place] = colour
    return pixels


def number_of(pixels: Pixels) -> int:
    """Which picture of a film this is, by its middle."""
    height, width = pixels.shape[:2]
    middle = pixels[height * 4 // 9 : height * 5 // 9 + 1, width * 4 // 9 : width * 5 // 9 + 1]
    return round(float(middle.mean()) / STEP)


def corners(pixels: Pixels) -> list[tuple[int, ...]]:
    """The four colours, to the nearest of CORNERS."""
    height, width = pixels.shape[:2]
    places = (
        (height // 8, width // 8),
        (height // 8, -width // 8),
        (-height // 8, width // 8),
        (-height // 8, -width // 8),
    )
    table = np.array(CORNERS, int)
    return [CORNERS[int(np.abs(table - pixels[y, x].astype(int)).sum(1).argmin())] for y, x in places]


def film(
    path: Path,
    count: int = 10,
    size: Size = SIZE,
    rate: int = 10,
    codec: str = "libx264",
    kind: str | None = None,
    pix_fmt: str = "yuv420p",
    times: Sequence[int] | None = None,
    sound: str = "",
    seconds: float = 1.0,
    prepare: Callable[[Any], None] = lambda stream: None,
    draw: Callable[[int, Size], Pixels] = picture,
    **options: str,
) -> Path:
    """A video of `count` pictures. times: of each, in milliseconds; sound: an encoder of a tone of so many seconds."""
    with av.open(str(path), "w", format=kind) as output:
        good = {"crf": "8"} if codec == "libx264" else {}
        stream = output.add_stream(codec, rate=rate, bit_rate=2_000_000, options=good | options)
        stream.height, stream.width, stream.pix_fmt = *size, pix_fmt
        if times is not None:
            stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        prepare(stream)
        track = output.add_stream(sound, rate=48000) if sound else None
        if track is not None:
            track.layout = "mono"
            _tone(output, track, seconds)
        for number in range(count):
            frame = av.VideoFrame.from_ndarray(draw(number, size), "rgb24")
            if times is not None:
                frame.pts, frame.time_base = times[number], Fraction(1, 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def _tone(output: Any, track: Any, seconds: float) -> None:
    resampler = av.AudioResampler(track.codec_context.format.name, "mono", 48000, 960)
    wave = np.sin(np.arange(round(48000 * seconds)) * 2 * np.pi * 440 / 48000).astype(np.float32) * 0.5
    whole = av.AudioFrame.from_ndarray(wave[None], "fltp", "mono")
    whole.sample_rate, whole.pts = 48000, 0
    for frame in (*resampler.resample(whole), *resampler.resample(None)):
        output.mux(track.encode(frame))
    output.mux(track.encode(None))


def sound_only(path: Path, seconds: float = 0.5) -> Path:
    """An MP4 with a tone and no pictures."""
    with av.open(str(path), "w", format="mp4") as output:
        track = output.add_stream("aac", rate=48000)
        track.layout = "mono"
        _tone(output, track, seconds)
    return path


def without_pictures(path: Path) -> Path:
    """An MP4 that announces pictures and holds none."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "empty_moov"}) as output:
        stream = output.add_stream("mpeg4", rate=10)
        stream.height, stream.width, stream.pix_fmt = *SIZE, "yuv420p"
        output.start_encoding()
    return path


def contents(path: Path) -> dict[str, Any]:
    """What a player would find: picture codec, pixel format, size, times in seconds, numbers, and of the sound its
    codec, first time and length."""
    with av.open(str(path)) as file:
        video = file.streams.video[0]
        found: dict[str, Any] = {"codec": video.codec_context.name, "pix_fmt": video.codec_context.pix_fmt}
        frames = list(file.decode(video))
        found["times"] = [float(frame.pts * frame.time_base) for frame in frames]
        found["pictures"] = [frame.to_ndarray(format="rgb24") for frame in frames]
        found["size"] = found["pictures"][0].shape[:2]
        found["numbers"] = [number_of(one) for one in found["pictures"]]
    with av.open(str(path)) as file:
        if file.streams.audio:
            heard = list(file.decode(audio=0))
            found["sound"] = file.streams.audio[0].codec_context.name
            found["sound_starts"] = float(heard[0].pts * heard[0].time_base)
            found["sound_seconds"] = sum(one.samples / one.sample_rate for one in heard)
    return found
