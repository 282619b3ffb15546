"""Files I13: whole pictures of every mode."""

from __future__ import annotations

import struct

import numpy as np
from PIL import Image

from tests.sources.cases import read, refuse
from tests.sources.encoders import (
    HEIGHT,
    WIDTH,
    chunk,
    encode,
    grey,
    header,
    idat,
    jpeg,
    png,
    rgb,
    scene,
)

# I13: modes. Where alpha is below 255 the hidden colour is a bright red that must not be seen.
OPACITY = np.tile(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, 1))
LAID = ("transparent parts laid over white",)


def over_white(pixels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    share = alpha[:, :, None] / 255
    return np.rint(pixels * share + 255 * (1 - share)).astype(np.uint8)


def packed(depth: int) -> np.ndarray:
    """The grey scene at so many bits a pixel, uint8 (h, bytes)."""
    bits = np.unpackbits(grey()[:, :, None], axis=2)[:, :, :depth]
    return np.packbits(bits.reshape(HEIGHT, -1), axis=1)


def palette() -> Image.Image:
    return Image.fromarray(scene() // 86 * 86).quantize(64)


def where(mask: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    return np.where(mask[:, :, None], np.uint8(255), pixels)


RGBA = np.dstack([scene(), OPACITY])
HOLE = np.dstack([np.where(OPACITY[:, :, None] < 128, (255, 0, 0), scene()), (OPACITY >= 128) * 255]).astype(np.uint8)
SIXTEEN = (np.arange(HEIGHT * WIDTH).reshape(HEIGHT, WIDTH) * 68).astype(np.uint16)
EIGHT = np.rint(SIXTEEN / 257).astype(np.uint8)
BIG = SIXTEEN.astype(">u2")
CMYK = np.dstack([255 - scene(), OPACITY // 2])
KEY = grey() == 85
read("I13-rgb", lambda: encode(scene(), "PNG"), scene)
read("I13-1", lambda: encode(Image.fromarray(grey() > 85), "PNG"), lambda: rgb((grey() > 85) * np.uint8(255)))
read("I13-l", lambda: encode(grey(), "PNG"), lambda: rgb(grey()))
read("I13-l-2-bit", lambda: png(header(WIDTH, HEIGHT, 2, 0), idat(packed(2))), lambda: rgb(grey()))
read("I13-l-key", lambda: encode(grey(), "PNG", transparency=85), lambda: where(KEY, rgb(grey())), *LAID)
read(
    "I13-l-key-2-bit",
    lambda: png(header(WIDTH, HEIGHT, 2, 0), chunk(b"tRNS", b"\0\1"), idat(packed(2))),
    lambda: where(KEY, rgb(grey())),
    *LAID,
)
read(
    "I13-1-key",
    lambda: png(header(WIDTH, HEIGHT, 1, 0), chunk(b"tRNS", b"\0\0"), idat(packed(1))),
    lambda: np.full((HEIGHT, WIDTH, 3), 255, np.uint8),
    *LAID,
)
read(
    "I13-rgb-key",
    lambda: encode(HOLE[:, :, :3], "PNG", transparency=(255, 0, 0)),
    lambda: over_white(HOLE[:, :, :3], HOLE[:, :, 3]),
    *LAID,
)
read(
    "I13-la",
    lambda: encode(Image.merge("LA", [Image.fromarray(grey()), Image.fromarray(OPACITY)]), "PNG"),
    lambda: over_white(rgb(grey()), OPACITY),
    *LAID,
)
read("I13-rgba", lambda: encode(RGBA, "PNG"), lambda: over_white(scene(), OPACITY), *LAID)
read("I13-rgba-hidden", lambda: encode(HOLE, "PNG"), lambda: over_white(HOLE[:, :, :3], HOLE[:, :, 3]), *LAID)
read("I13-rgba-opaque", lambda: encode(np.dstack([scene(), OPACITY * 0 + 255]), "PNG"), scene)
read("I13-p", lambda: encode(palette(), "PNG"), lambda: np.asarray(palette().convert("RGB")))
read(
    "I13-p-key",
    lambda: encode(palette(), "PNG", transparency=3),
    lambda: where(np.asarray(palette()) == 3, np.asarray(palette().convert("RGB"))),
    *LAID,
)
read(
    "I13-p-alphas",
    lambda: encode(palette(), "PNG", transparency=bytes(range(0, 256, 4))),
    lambda: over_white(np.asarray(palette().convert("RGB")), np.asarray(palette()) * 4),
    *LAID,
)
read("I13-i16", lambda: encode(SIXTEEN, "PNG"), lambda: rgb(EIGHT), "16 bits", within=0)
read(
    "I13-i16-key",
    lambda: png(
        header(WIDTH, HEIGHT, 16, 0), chunk(b"tRNS", struct.pack(">H", SIXTEEN[5, 5])), idat(BIG.view(np.uint8))
    ),
    lambda: where(np.equal(SIXTEEN, SIXTEEN[5, 5]), rgb(EIGHT)),
    "16 bits",
    *LAID,
)
read(
    "I13-rgb16",
    lambda: png(header(WIDTH, HEIGHT, 16, 2), idat(np.dstack([BIG, BIG[::-1], BIG]).astype(">u2").view(np.uint8))),
    lambda: np.dstack([EIGHT, EIGHT[::-1], EIGHT]),
    "16 bits",
)
read(
    "I13-rgb16-key",
    lambda: png(
        header(WIDTH, HEIGHT, 16, 2), chunk(b"tRNS", b"\x80\x80" * 3), idat(np.repeat(HOLE[:, :, 3:] | 0x80, 6, axis=2))
    ),
    lambda: np.full((HEIGHT, WIDTH, 3), 255, np.uint8),
    "16 bits",
    *LAID,
)
read(
    "I13-cmyk",
    lambda: jpeg(Image.fromarray(CMYK, "CMYK")),
    lambda: np.rint((255 - CMYK[:, :, :3]) * ((255 - CMYK[:, :, 3:]) / 255)).astype(np.uint8),
    "CMYK",
    within=6,
)
read("I13-jpeg-rgb", lambda: jpeg(keep_rgb=True), scene, within=3)
read(  # components named 1, 2, 3: only Adobe's mark says that they are not YCbCr
    "I13-jpeg-adobe-rgb",
    lambda: (
        jpeg(keep_rgb=True)
        .replace(b"R\x11\0G\x11\0B\x11\0", b"\1\x11\0\2\x11\0\3\x11\0")
        .replace(b"\3R\0G\0B\0", b"\3\1\0\2\0\3\0")
    ),
    scene,
    within=3,
)
read("I13-ycbcr", lambda: jpeg(Image.fromarray(scene()).convert("YCbCr")), scene, within=6)
read("I13-bmp-1", lambda: encode(Image.fromarray(grey() > 85), "BMP"), lambda: rgb((grey() > 85) * np.uint8(255)))
read("I13-bmp-p", lambda: encode(palette(), "BMP"), lambda: np.asarray(palette().convert("RGB")))
read("I13-gif", lambda: encode(palette(), "GIF"), lambda: np.asarray(palette().convert("RGB")))
read(
    "I13-gif-key",
    lambda: encode(palette(), "GIF", transparency=3),
    lambda: where(np.asarray(palette()) == 3, np.asarray(palette().convert("RGB"))),
    *LAID,
)
read("I13-webp", lambda: encode(scene(), "WEBP", lossless=True), scene)
read(
    "I13-webp-rgba",
    lambda: encode(HOLE, "WEBP", lossless=True, exact=True),
    lambda: over_white(HOLE[:, :, :3], HOLE[:, :, 3]),
    *LAID,
)
refuse(
    "I13-bmp-rle-large",
    "run-length",
    lambda: b"BM" + bytes(12) + struct.pack("<IiiHHII", 40, 6000, 6000, 1, 8, 1, 0) + bytes(99),
)
RLE = b"BM" + struct.pack("<IHHIIiiHHIIiiII", 0, 0, 0, 62, 40, 4, 2, 1, 8, 1, 8, 0, 0, 2, 0) + b"\xff\0\0\0\0\0\xff\0"
read(
    "I13-bmp-rle",
    lambda: RLE + b"\4\1\0\0\4\0\0\1",
    lambda: np.repeat(np.array([[[0, 0, 255]], [[255, 0, 0]]], np.uint8), 4, axis=1),
)
