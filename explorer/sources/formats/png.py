"""PNG and APNG: ISO/IEC 15948."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from explorer.sources.formats.contents import ANIMATION, MAX_PARTS, Contents, CutShort, Damaged

DEEP = "16 bits a channel scaled to 8"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"})
_TOLD = frozenset({b"eXIf", b"iCCP", b"acTL"})


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(name, body, whole chunk) of those that matter, up to IEND, with their checksums verified."""
    position = len(_SIGNATURE)
    for _ in range(MAX_PARTS):
        if position >= len(data):
            return
        length, name = struct.unpack(">I4s", data[position : position + 8].ljust(8, b"\xff"))
        end = position + 12 + length
        if end > len(data):
            raise CutShort("its last chunk is not all there")
        critical = not name[0] & 0x20
        if critical and name not in _KEPT:
            raise Damaged("it has a chunk that PNG does not know")
        if name in _KEPT or name in _TOLD:
            whole = data[position:end]
            if zlib.crc32(whole[4:-4]) == int.from_bytes(whole[-4:], "big"):
                yield name, whole[8:-4], whole
            elif name in _KEPT:
                raise Damaged("a checksum is wrong")
        if name == b"IEND":
            return
        position = end
    raise Damaged("it is cut into too many chunks")


def read(data: bytes) -> Contents:
    """PNG and the default picture of APNG; header, order and checksums are verified; other chunks are left out."""
    kept: list[bytes] = []
    names: list[bytes] = []
    told: dict[bytes, bytes] = {}
    width = height = depth = colour = 0
    for name, body, whole in _chunks(data):
        if not names:
            width, height, depth, colour = _header(name, body)
        if name in _TOLD:
            told[name] = body
            continue
        if name == b"tRNS":
            if b"IDAT" in names:
                continue
            whole = _chunk(name, _eight_bit_key(body, depth, colour))
        again = name in names and (name != b"IDAT" or names[-1] != b"IDAT")
        if again or (name == b"PLTE" and b"IDAT" in names):
            raise Damaged("its chunks are in the wrong order")
        kept.append(whole)
        names.append(name)
    if b"IDAT" not in names:
        raise CutShort("there is no picture data in it")
    if colour == 3 and b"PLTE" not in names:
        raise Damaged("it has no palette")
    if names[-1] != b"IEND":
        kept.append(_chunk(b"IEND", b""))
    notes = (ANIMATION,) * (b"acTL" in told) + (DEEP,) * (depth == 16)
    profile = _inflate(told[b"iCCP"]) if b"iCCP" in told else None
    return Contents(_SIGNATURE + b"".join(kept), width, height, told.get(b"eXIf"), profile, notes)


def _header(name: bytes, body: bytes) -> tuple[int, int, int, int]:
    """(width, height, bits a channel, colour type) of what must be an IHDR chunk."""
    if name != b"IHDR" or len(body) != 13:
        raise Damaged("it does not begin with its header")
    width, height, depth, colour, packing, filtering, interlace = struct.unpack(">IIBBBBB", body)
    if depth not in _DEPTHS.get(colour, ()) or packing or filtering or interlace > 1:
        raise Damaged("its header breaks the rules")
    return width, height, depth, colour


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _eight_bit_key(key: bytes, depth: int, colour: int) -> bytes:
    """The transparent colour on the scale of the decoded picture: Pillow compares it with 8-bit pixels as it stands."""
    if colour == 0 and depth < 8 and len(key) == 2:
        top = (1 << depth) - 1
        return struct.pack(">H", (key[1] & top) * 255 // top)
    if colour == 2 and depth == 16 and len(key) == 6:
        return bytes((0, key[0], 0, key[2], 0, key[4]))
    return key


def _inflate(body: bytes) -> bytes:
    """At most a megabyte of an iCCP chunk's profile; nothing where it is damaged."""
    try:
        return zlib.decompressobj().decompress(body[body.find(b"\0") + 2 :], 1 << 20)
    except zlib.error:
        return b""
