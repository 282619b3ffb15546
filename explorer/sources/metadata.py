"""The two things in a picture's metadata that concern its pixels: which way is up, and which colours are meant."""

from __future__ import annotations

import struct

_ORIENTATION = 0x0112
_INTEGERS = {1: "B", 3: "H", 4: "I"}


def orientation(exif: bytes) -> int | None:
    """The EXIF orientation as written, in 1-8 where sane, None where there is none; raises ValueError for damaged EXIF.

    Only the first directory is read, once, so directories that point at each other cannot catch us.
    """
    tiff = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        raise ValueError("EXIF does not begin as EXIF does")
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(order + "HH", tiff, entry)
            if tag == _ORIENTATION and kind in _INTEGERS:
                value: int = struct.unpack_from(order + _INTEGERS[kind], tiff, entry + 8)[0]
                return value
    except struct.error as error:
        raise ValueError("EXIF is cut short") from error
    return None


def means_srgb(profile: bytes) -> bool:
    """Whether an ICC profile describes itself as sRGB, as a Frame is; raises ValueError for a damaged one."""
    if profile[36:40] != b"acsp" or int.from_bytes(profile[:4], "big") > len(profile):
        raise ValueError("this is no ICC profile")
    count = min(int.from_bytes(profile[128:132], "big"), 100)
    for entry in range(132, 132 + 12 * count, 12):
        if profile[entry : entry + 4] == b"desc":
            start, length = struct.unpack(">II", profile[entry + 4 : entry + 12].ljust(8, b"\0"))
            # the description is ASCII in old profiles and UTF-16 in new ones
            return b"srgb" in profile[start : start + length].replace(b"\0", b"").lower()
    raise ValueError("the profile has no description")
