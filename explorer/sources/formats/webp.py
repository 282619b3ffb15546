"""WebP: RFC 9649."""

from __future__ import annotations

from explorer.sources.formats.contents import ANIMATION, MAX_PARTS, Contents, CutShort, Damaged


def read(data: bytes) -> Contents:
    """WebP, still or animated; libwebp takes the whole file and decodes its first picture only."""
    if 8 + int.from_bytes(data[4:8], "little") > len(data) + 1:
        raise CutShort("it is shorter than it says")
    size, exif, profile = None, None, None
    notes: tuple[str, ...] = ()
    position = 12
    for _ in range(MAX_PARTS):
        name, body = data[position : position + 4], data[position + 8 : position + 18]
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        if not size and len(body) == 10:
            size = _webp_size(name, body)
            notes = (ANIMATION,) * (name == b"VP8X" and body[0] & 2 > 0)
        if name == b"EXIF":
            exif = data[position + 8 : position + 8 + length]
        elif name == b"ICCP":
            profile = data[position + 8 : position + 8 + length]
        position += 8 + length + length % 2
        if position + 8 > len(data):
            break
    else:
        raise Damaged("it is cut into too many chunks")
    if size is None:
        raise CutShort("there is no picture data in it")
    return Contents(data, *size, exif, profile, notes)


def _webp_size(name: bytes, body: bytes) -> tuple[int, int] | None:
    """(width, height) from the first ten bytes of a chunk that gives it."""
    if name == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if name == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    if name == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None
