"""Files I11, I12, I15: whole pictures of every turn, profile and length."""

from __future__ import annotations

import struct

import numpy as np
from PIL import Image, ImageCms

from tests.sources.cases import EITHER, read, refuse
from tests.sources.encoders import (
    chunk,
    encode,
    exif,
    gif_frames,
    header,
    idat,
    jpeg,
    plain,
    png,
    profile,
    scene,
)

# I11: how an upright picture is stored under each orientation
STORED = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: np.rot90(p, 1),
    7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
    8: lambda p: np.rot90(p, -1),
}


def stored(orientation: int) -> np.ndarray:
    return np.ascontiguousarray(STORED[orientation](scene()))


def turned_png(orientation: int, tag: bytes) -> bytes:
    pixels = stored(orientation)
    return png(header(pixels.shape[1], pixels.shape[0]), chunk(b"eXIf", tag), idat(pixels))


for turn in STORED:
    words = ("turned upright",) if turn > 1 else ()
    read(f"I11-png-{turn}", lambda t=turn: turned_png(t, exif(t, "><"[t % 2])), scene, *words)
    read(f"I11-jpeg-{turn}", lambda t=turn: jpeg(stored(t), exif=b"Exif\0\0" + exif(t)), scene, *words, within=6)
read("I11-webp-6", lambda: encode(stored(6), "WEBP", lossless=True, exif=exif(6)), scene, "turned upright")
for turn in (0, 9, 99):
    read(f"I11-png-{turn}", lambda t=turn: turned_png(1, exif(t)), scene, f"orientation {turn} ignored")
GARBAGE = {
    "loop": exif(1, following=8),
    "self": b"II*\0" + struct.pack("<IH", 4, 65_535) + bytes(40),
    "far": b"MM\0*" + struct.pack(">I", 2**32 - 1),
    "many": exif(1, entries=65_535).replace(struct.pack("<H", 0x0112), b"\1\1"),
    "short": exif(1)[:13],
    "text": b"not EXIF at all",
    "empty": b"",
}
for word, tag in GARBAGE.items():
    wrong = () if word in ("loop", "self") else ("damaged EXIF ignored",)
    read(f"I11-png-{word}", lambda t=tag: plain(chunk(b"eXIf", t)), scene, *wrong)
    read(f"I11-jpeg-{word}", lambda t=tag: jpeg(exif=b"Exif\0\0" + t), scene, *wrong, within=6)
read(
    "I11-jpeg-gps",
    lambda: jpeg(stored(8), exif=b"Exif\0\0" + exif(8, extra=b"GPS" * 20_000)),
    scene,
    "turned upright",
    within=6,
)

# I12: colour profiles
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PROFILES = {
    "wide": (profile("Display P3"), ("colour profile ignored",)),
    "corrupt": (b"\xff" * 300, ("damaged colour profile ignored",)),
    "short": (profile("Display P3")[:100], ("damaged colour profile ignored",)),
    "srgb": (SRGB, ()),
}
for word, (icc, words) in PROFILES.items():
    read(f"I12-png-{word}", lambda i=icc: encode(scene(), "PNG", icc_profile=i), scene, *words)
    read(f"I12-jpeg-{word}", lambda i=icc: jpeg(icc_profile=i), scene, *words, within=6)
    read(f"I12-webp-{word}", lambda i=icc: encode(scene(), "WEBP", lossless=True, icc_profile=i), scene, *words)
read(
    "I12-jpeg-part-missing",
    lambda: jpeg(icc_profile=profile("Display P3")).replace(b"ICC_PROFILE\0\1\1", b"ICC_PROFILE\0\2\3"),
    scene,
    "damaged colour profile ignored",
    within=6,
)

# I15: animations
FIRST = "first picture of an animation"
LATER = [Image.fromarray(255 - scene()), Image.fromarray(scene()[::-1].copy())]
BLACK = np.zeros((2, 2, 3), np.uint8)
read("I15-gif-1", lambda: gif_frames(1), lambda: BLACK)
read("I15-gif-2", lambda: gif_frames(2), lambda: BLACK, FIRST)
read("I15-gif-5000", lambda: gif_frames(5_000), lambda: BLACK, FIRST)
read("I15-gif-cut-later", lambda: gif_frames(9)[:-30], lambda: BLACK, FIRST)
read(
    "I15-gif-comment",
    lambda: gif_frames(1)[:19] + b"!\xfe" + (b"\xff" + b"a" * 255) * 60_000 + b"\0" + gif_frames(1)[19:],
    lambda: BLACK,
)
refuse("I15-gif-0", "no picture in it", lambda: gif_frames(0))
refuse("I15-gif-cut", "cut short", lambda: gif_frames(1)[:-4])
refuse("I15-gif-screen-only", "cut short", lambda: gif_frames(1)[:19])
read("I15-apng", lambda: encode(scene(), "PNG", save_all=True, append_images=LATER), scene, FIRST)
read("I15-webp", lambda: encode(scene(), "WEBP", save_all=True, append_images=LATER, lossless=True), scene, FIRST)
refuse("I15-webp-cut", "cut short", lambda: encode(scene(), "WEBP")[:90])
EITHER.add(
    "I15-gif-short-blocks", lambda: gif_frames(1)[:19] + b"!\xfe" + b"\1a" * 4_000_000 + b"\0" + gif_frames(1)[19:]
)
