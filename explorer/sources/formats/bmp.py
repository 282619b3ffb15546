"""Windows and OS/2 bitmaps."""

from __future__ import annotations

import struct

from explorer.sources.formats.contents import Contents, CutShort, Damaged

# Pillow unpacks these in Python: two million pixels, or bytes, take about a second
RLE_LIMIT = 2_000_000


def read(data: bytes) -> Contents:
    """Windows and OS/2 bitmaps; run-length packed ones only up to a few megapixels, as they are unpacked slowly."""
    header = int.from_bytes(data[14:18], "little")
    if len(data) < 14 + header:
        raise CutShort("its header is not all there")
    width, height = struct.unpack_from("<HH" if header == 12 else "<ii", data, 18)
    height = abs(height)
    packed = header >= 40 and int.from_bytes(data[30:34], "little") in (1, 2)
    if packed and max(width * height, len(data)) > RLE_LIMIT:
        raise Damaged("it is run-length packed and too large to unpack")
    return Contents(data, max(width, 0), height)
