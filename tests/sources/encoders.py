"""Encoders for test pictures, down to single chunks, so that a file can be wrong in exactly one place."""

from __future__ import annotations

import functools
import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

HEIGHT, WIDTH = 24, 40


def scene(height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    """A smooth picture with no symmetry: uint8 (h, w, 3)."""
    y, x = np.mgrid[:height, :width]
    slope = (x + 2 * y) * 255 // max(width + 2 * height - 3, 1)
    return np.stack([x * 255 // max(width - 1, 1), y * 255 // max(height - 1, 1), slope], axis=2).astype(np.uint8)


def grey() -> np.ndarray:
    """uint8 (h, w) of 0, 85, 170 and 255, which two bits hold exactly."""
    return (scene()[:, :, 2] // 64 * 85).astype(np.uint8)


def rgb(plane: np.ndarray) -> np.ndarray:
    return np.repeat(plane[:, :, None], 3, axis=2)


def encode(pixels: np.ndarray | Image.Image, kind: str, **options: Any) -> bytes:
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(pixels: np.ndarray | Image.Image | None = None, **options: Any) -> bytes:
    return encode(scene() if pixels is None else pixels, "JPEG", **{"quality": 98, "subsampling": 0} | options)


def chunk(name: bytes, body: bytes, crc: int | None = None) -> bytes:
    """One PNG chunk, with a checksum of its own where given."""
    crc = zlib.crc32(name + body) if crc is None else crc
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)


def header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def idat(rows: np.ndarray) -> bytes:
    """The IDAT chunk of rows of bytes, uint8 (h, ...), none of them filtered."""
    flat = rows.reshape(rows.shape[0], -1)
    return chunk(b"IDAT", zlib.compress(np.hstack([np.zeros((len(flat), 1), np.uint8), flat]).tobytes()))


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + chunk(b"IEND", b"")


def plain(*extra: bytes) -> bytes:
    """The scene as PNG, with chunks between header and data."""
    return png(header(WIDTH, HEIGHT), *extra, idat(scene()))


@functools.cache
def zeros(megabytes: int) -> bytes:
    """A zlib stream of nothing: a thousandth of its size."""
    squeeze = zlib.compressobj(1)
    return b"".join(squeeze.compress(bytes(1_000_000)) for _ in range(megabytes)) + squeeze.flush()


def blank(width: int, height: int) -> bytes:
    """A whole 1-bit PNG of any size, all black."""
    row = bytes((width + 7) // 8 + 1)
    squeeze = zlib.compressobj(1)
    block = row * 100
    data = b"".join(squeeze.compress(block) for _ in range(height // 100)) + squeeze.compress(row * (height % 100))
    return png(header(width, height, 1, 0), chunk(b"IDAT", data + squeeze.flush()))


def exif(orientation: int, order: str = "<", extra: bytes = b"", entries: int = 1, following: int = 0) -> bytes:
    """TIFF bytes as in an eXIf chunk: one directory, with the orientation."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    tag = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(order + "IH", 8, entries) + tag + struct.pack(order + "I", following) + extra


def profile(description: str) -> bytes:
    """The smallest ICC profile that describes itself."""
    text = b"desc" + bytes(4) + struct.pack(">I", len(description) + 1) + description.encode() + b"\0"
    tags = struct.pack(">I4sII", 1, b"desc", 144, len(text))
    head = struct.pack(">I", 144 + len(text)) + bytes(32) + b"acsp"
    return head.ljust(128, b"\0") + tags + text


def gif_frames(count: int) -> bytes:
    """A GIF 2 x 2 of so many pictures, the first black, the others white."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 2, 2, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    control = b"!\xf9\x04\0\x02\0\0\0" + b"," + struct.pack("<HHHHB", 0, 0, 2, 2, 0)
    black, white = control + b"\x02\x03\x04\x00\x05\x00", control + b"\x02\x03\x4c\x12\x05\x00"
    return screen + (black + white * (count - 1) if count else b"") + b";"


def with_size(data: bytes, width: int, height: int, precision: int = 8) -> bytes:
    """A JPEG whose header lies."""
    start = next(at for mark in (b"\xff\xc0", b"\xff\xc2") if (at := data.find(mark)) > 0)
    return data[: start + 4] + struct.pack(">BHH", precision, height, width) + data[start + 9 :]


def with_scans(data: bytes, count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    last = data[data.rfind(b"\xff\xda") : -2]
    return data[:-2] + last * count + b"\xff\xd9"


def flipped(data: bytes, after: bytes, seed: int) -> bytes:
    """The same file with six bytes changed within 200 of a mark."""
    random = np.random.default_rng(seed)
    wrong = bytearray(data)
    for at in data.find(after) + 4 + random.integers(0, 200, 6):
        wrong[at % len(wrong)] ^= int(random.integers(1, 256))
    return bytes(wrong)


def mended(data: bytes) -> bytes:
    """The same PNG with right checksums, so that what is wrong with it reaches the decoder."""
    out, at = [data[:8]], 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if at + 12 + length > len(data):
            break
        out.append(chunk(data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return b"".join(out) + data[at:]
