"""GIF 87a and 89a."""

from __future__ import annotations

import struct

from explorer.sources.formats.contents import ANIMATION, Contents, CutShort, Damaged


def read(data: bytes) -> Contents:
    """The first picture of a GIF with its palette and its transparency, without comments and later pictures."""
    position = after_screen = 13 + _palette_bytes(data[10:11])
    control = b""
    while data[position : position + 1] == b"!":
        end = _after_blocks(data, position + 2)
        if data[position + 1] == 0xF9:
            control = data[position:end]
        position = end
    descriptor = data[position : position + 10]
    if descriptor[:1] == b";":
        raise Damaged("there is no picture in it")
    if len(descriptor) < 10:
        raise CutShort("there is no picture data in it")
    if descriptor[:1] != b",":
        raise Damaged("a block of it is of no known kind")
    end = _after_blocks(data, position + 11 + _palette_bytes(descriptor[9:]))
    screen_width, screen_height = struct.unpack("<HH", data[6:10])
    left, top, width, height = struct.unpack("<HHHH", descriptor[1:9])
    if not width or not height:
        raise Damaged("its first picture has no pixels")
    bare = data[:after_screen] + control + data[position:end] + b";"
    notes = (ANIMATION,) * _another_picture(data, end)
    return Contents(bare, max(screen_width, left + width), max(screen_height, top + height), notes=notes)


def _palette_bytes(flags: bytes) -> int:
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0


def _after_blocks(data: bytes, position: int) -> int:
    """Where a run of GIF's length-prefixed blocks ends."""
    try:
        while length := data[position]:
            position += length + 1
    except IndexError:
        raise CutShort("its last block is not all there") from None
    return position + 1


def _another_picture(data: bytes, position: int) -> bool:
    try:
        while data[position : position + 1] == b"!":
            position = _after_blocks(data, position + 2)
    except CutShort:
        return False
    return data[position : position + 1] == b","
