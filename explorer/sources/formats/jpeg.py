"""JPEG: ITU T.81, JFIF, Adobe's colour mark."""

from __future__ import annotations

import re
import struct

from explorer.sources.formats.contents import MAX_PARTS, Contents, CutShort, Damaged

# each scan passes over the whole picture: ten scans are common, 100 occur, and 100 of a large picture take seconds
MAX_SCANS = 100
MAX_SCANNED = 1_500_000_000
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def read(data: bytes) -> Contents:
    """JPEG up to its first end mark, without its application segments but JFIF's and Adobe's, which set the colours."""
    kept, profile, position, scans = [b"\xff\xd8"], {}, 2, 0
    header, exif = b"", None
    for _ in range(MAX_PARTS // 50):
        mark = _MARKER.search(data, position)
        if mark is None or mark[1] == b"\xd9":
            stop = mark.start() if mark else len(data)
            kept += [data[position:stop], b"\xff\xd9" if mark else b""] if scans else []
            break
        code, start = mark[1][0], mark.end()
        end = start + int.from_bytes(data[start : start + 2], "big")
        if scans:
            kept.append(data[position : mark.start()])
        position = start
        if code in (0x01, 0xD8):
            continue
        if end > len(data) or end < start + 2:
            raise CutShort("a segment is not all there")
        body, position = data[start + 2 : end], end
        if code in _SOF:
            if header:
                raise Damaged("it has two headers")
            header = body
        scans += code == 0xDA
        if scans > MAX_SCANS:
            raise Damaged(f"it is built up in more than {MAX_SCANS} scans")
        if code == 0xE1 and body.startswith(b"Exif\0\0"):
            exif = exif or body
        elif code == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
            profile[body[12:14]] = body[14:]
        if code in (0xE0, 0xEE) or not (0xE0 <= code <= 0xEF or code == 0xFE):
            kept.append(data[start - 2 : end])
    else:
        raise Damaged("it is cut into too many segments")
    if len(header) < 6 or not scans:
        raise CutShort("there is no picture data in it")
    precision, height, width, _ = struct.unpack(">BHHB", header[:6])
    if precision != 8:
        raise Damaged(f"it has {precision} bits a channel where 8 are read")
    if scans > 12 and scans * width * height > MAX_SCANNED:
        raise Damaged(f"it is built up in {scans} scans, too many for its size")
    return Contents(b"".join(kept), width, height, exif, _joined(profile))


def _joined(parts: dict[bytes, bytes]) -> bytes | None:
    """An ICC profile from its numbered parts, empty where some are missing."""
    if not parts:
        return None
    total = max(key[1:] for key in parts)
    whole = [bytes((number,)) + total for number in range(1, total[0] + 1)] if total else []
    return b"".join(parts[key] for key in whole) if whole == sorted(parts) else b""
