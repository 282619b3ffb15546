"""Files I01 to I10, and I20: no pictures, broken ones, too large ones, tiny ones."""

from __future__ import annotations

import functools
import struct

import numpy as np
from PIL import Image

from tests.sources.cases import EITHER, read, refuse
from tests.sources.encoders import (
    HEIGHT,
    WIDTH,
    blank,
    chunk,
    encode,
    flipped,
    header,
    idat,
    jpeg,
    plain,
    png,
    scene,
    with_scans,
    with_size,
    zeros,
)

# I01-I03: not a picture at all
refuse("I01-empty", "empty file", bytes)
for seed in range(3):
    refuse(f"I02-random-{seed}", "not a picture", lambda seed=seed: np.random.default_rng(seed).bytes(5_000))
refuse("I03-html", "web page", lambda: b"<!DOCTYPE html><html><body>404 Not Found</body></html>")
refuse("I03-html-bom", "web page", lambda: b"\xef\xbb\xbf\r\n <HTML><img src=a.jpg>")
refuse("I03-html-utf16", "web page", lambda: "<html><body>Sign in</body></html>".encode("utf-16"))
refuse("I03-html-inline-svg", "web page", lambda: b"<html><body><svg width='9'></svg></body></html>")
refuse("I03-lfs", "git lfs pull", lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")
refuse("I03-xml", "XML", lambda: b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>")
refuse("I03-json", "plain text", lambda: b'{"error": "no such picture"}')
refuse("I03-text", "plain text", lambda: "B\N{LATIN SMALL LETTER U WITH DIAERESIS}hne. ".encode() * 999)
refuse("I03-text-bm", "plain text", lambda: b"BMW makes cars and writes no bitmaps.")

# I04-I06: headers that promise too much
refuse("I04-no-data", "cut short", lambda: png(header(9000, 9000))[:-12])
refuse("I04-no-data-small", "cut short", lambda: png(header(WIDTH, HEIGHT)))
refuse("I04-header-only", "cut short", lambda: plain()[:20])
refuse("I04-magic-only", "cut short", lambda: plain()[:8])
refuse("I04-half", "cut short", lambda: plain()[: len(plain()) // 2])
refuse("I04-lying", "cut short", lambda: png(header(6000, 6000), idat(scene())))
refuse("I05-169-megapixels", "169.0 megapixels", lambda: blank(13_000, 13_000))
refuse("I05-400-megapixels", "400.0 megapixels", lambda: blank(20_000, 20_000))
refuse("I05-jpeg", "122.4 megapixels", lambda: with_size(jpeg(), 12_000, 10_200))
refuse("I05-bmp", "megapixels", lambda: encode(scene(), "BMP")[:18] + struct.pack("<ii", 30_000, -30_000) + bytes(90))
refuse("I05-gif", "megapixels", lambda: b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\2\0\2\0\0\2\3\4\0\5\0;")
refuse("I05-gif-grows", "megapixels", lambda: b"GIF89a\2\0\2\0\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\2\3\4\0\5\0;")
refuse("I05-webp", "megapixels", lambda: b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x3f\0\xff\x3f\0")
refuse("I05-side", "16384 a side", lambda: blank(20_000, 1_000))
refuse("I06-wide", "60000 x 1 pixels", lambda: blank(60_000, 1))
refuse("I06-tall", "1 x 60000 pixels", lambda: blank(1, 60_000))
refuse("I06-aspect", "50 times", lambda: blank(2_040, 40))
read(
    "I05-jpeg-reduced",
    lambda: jpeg(Image.new("RGB", (8000, 6000), "teal"), quality=50),
    lambda: np.full((3000, 4000, 3), (0, 128, 128), np.uint8),
    "half size",
    within=3,
)

# I07, I20: small and flat ones
for side in (1, 2, 31):
    for kind, options in {"PNG": {}, "BMP": {}, "WEBP": {"lossless": True}}.items():
        read(
            f"I07-{kind.lower()}-{side}",
            lambda k=kind, o=options, s=side: encode(scene(s, s), k, **o),
            lambda s=side: scene(s, s),
        )
    read(
        f"I07-jpeg-{side}",
        lambda s=side: jpeg(scene(s, s)[:1, :1].repeat(s, 0).repeat(s, 1)),
        lambda s=side: scene(s, s)[:1, :1].repeat(s, 0).repeat(s, 1),
        within=2,
    )
for value in (0, 114, 255):
    read(
        f"I20-constant-{value}",
        lambda v=value: encode(np.full((9, 9, 3), v, np.uint8), "PNG"),
        lambda v=value: np.full((9, 9, 3), v, np.uint8),
    )
noise = np.random.default_rng(0).integers(0, 256, (33, 65, 3)).astype(np.uint8)
read("I20-noise", lambda: encode(noise, "PNG"), lambda: noise)

# I08: PNGs that break one rule each
refuse("I08-width-0", "header says 0 x 24", lambda: png(header(0, HEIGHT), idat(scene())))
refuse("I08-height-0", "header says 40 x 0", lambda: png(header(WIDTH, 0), idat(scene())))
refuse("I08-width-huge", "megapixels", lambda: png(header(2**32 - 1, HEIGHT), idat(scene())))
refuse("I08-header-crc", "checksum", lambda: png(chunk(b"IHDR", header(WIDTH, HEIGHT)[8:-4], crc=1), idat(scene())))
refuse("I08-data-crc", "checksum", lambda: png(header(WIDTH, HEIGHT), chunk(b"IDAT", idat(scene())[8:-4], crc=1)))
refuse("I08-data-first", "begin with its header", lambda: png(idat(scene()), header(WIDTH, HEIGHT)))
refuse("I08-two-headers", "wrong order", lambda: png(header(WIDTH, HEIGHT), header(9, 9), idat(scene())))
refuse("I08-data-in-two-places", "wrong order", lambda: plain()[:-12] + chunk(b"PLTE", b"abc") + idat(scene()))
refuse(
    "I08-palette-late", "wrong order", lambda: png(header(9, 9, 8, 3), idat(scene(9, 3)), chunk(b"PLTE", b"abc" * 256))
)
refuse("I08-no-palette", "no palette", lambda: png(header(9, 9, 8, 3), idat(scene(9, 3))))
refuse("I08-depth", "breaks the rules", lambda: png(header(WIDTH, HEIGHT, 4, 2), idat(scene())))
refuse("I08-depth-0", "breaks the rules", lambda: png(header(9, 9, 0, 0), chunk(b"tRNS", b"\0\1"), idat(scene(9, 3))))
refuse("I08-unknown-critical", "does not know", lambda: plain(chunk(b"ABCD", b"")))
refuse("I08-line-ends", "line ends", lambda: plain().replace(b"\r\n", b"\n"))
refuse("I08-not-zlib", "cannot be read", lambda: png(header(WIDTH, HEIGHT), chunk(b"IDAT", bytes(500))))
read("I08-no-end", lambda: plain()[:-12], scene)
read("I08-text-crc", lambda: plain(chunk(b"tEXt", b"a\0b", crc=1)), scene)

# I09: bombs in chunks that hold no pixels, and in the one that does
read("I09-ztxt", lambda: plain(chunk(b"zTXt", b"a\0\0" + zeros(200))), scene)
read("I09-itxt", lambda: plain(chunk(b"iTXt", b"a\0\1\0\0\0" + zeros(200))), scene)
read("I09-iccp", lambda: plain(chunk(b"iCCP", b"a\0\0" + zeros(200))), scene, "damaged colour profile ignored")
read("I09-many", lambda: plain(*[chunk(b"zTXt", b"a\0\0" + zeros(10))] * 90), scene)
EITHER.add("I09-idat", lambda: png(header(WIDTH, HEIGHT), chunk(b"IDAT", zeros(200))))
EITHER.add("I09-jpeg-icc", lambda: jpeg(icc_profile=bytes(9_000_000)))

# I10: JPEGs
for progressive in (False, True):
    whole = functools.cache(lambda p=progressive: jpeg(progressive=p))
    kind = "progressive" if progressive else "baseline"
    read(f"I10-{kind}", whole, scene, within=6)
    for share in range(5, 100, 5):
        refuse(f"I10-{kind}-cut-{share}", "cut short", lambda w=whole, s=share: w()[: len(w()) * s // 100])
refuse("I10-12-bit", "12 bits", lambda: with_size(jpeg(), WIDTH, HEIGHT, precision=12))
refuse(
    "I10-two-headers",
    "two headers",
    lambda: jpeg()[:2] + jpeg()[2:].replace(b"\xff\xda", jpeg()[jpeg().find(b"\xff\xc0") :][:19] + b"\xff\xda"),
)
refuse("I10-1000-scans", "100 scans", lambda: with_scans(jpeg(progressive=True), 1_000))
refuse(
    "I10-scans-and-pixels",
    "too many for its size",
    lambda: with_size(with_scans(jpeg(progressive=True), 60), 7000, 5000),
)
refuse("I10-size-0", "header says 0 x 24", lambda: with_size(jpeg(), 0, HEIGHT))
EITHER.add("I10-80-scans", lambda: with_scans(jpeg(progressive=True), 70))
read("I10-trailing", lambda: jpeg() + b"\0\0\0\x18ftypmp42" + bytes(999), scene, within=6)
read("I10-two-pictures", lambda: jpeg() + jpeg(255 - scene()), scene, within=6)
read("I10-junk-between", lambda: jpeg()[:20] + b"\0junk\0" + jpeg()[20:], scene, within=6)
for seed in range(6):
    EITHER.add(f"I10-huffman-{seed}", lambda seed=seed: flipped(jpeg(), b"\xff\xc4", seed))
    EITHER.add(f"I10-entropy-{seed}", lambda seed=seed: flipped(jpeg(progressive=seed % 2 > 0), b"\xff\xda", seed))
EITHER.add("I10-fill", lambda: b"\xff\xd8" + b"\xff" * 9_000_000)
EITHER.add("I10-markers", lambda: b"\xff\xd8" + b"\xff\x01" * 4_000_000)
