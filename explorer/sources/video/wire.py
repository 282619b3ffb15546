"""How the decoder's process speaks: a length, a JSON object, and the bytes it announces as `bytes`."""

from __future__ import annotations

import json
import struct
from io import RawIOBase
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LENGTH = struct.Struct(">I")
_LONGEST = 1_000_000


def send(pipe: RawIOBase, told: dict[str, Any], payload: memoryview | None = None) -> None:
    """Write one message; waits while the reader is busy, so that neither side ever holds more than it works on."""
    text = json.dumps(told | {"bytes": 0 if payload is None else payload.nbytes}).encode()
    for part in (memoryview(_LENGTH.pack(len(text)) + text), payload):
        while part is not None and part.nbytes:
            part = part[pipe.write(part) :]


def receive(pipe: RawIOBase, most: int) -> tuple[dict[str, Any], NDArray[np.uint8]] | None:
    """One message and its bytes, uint8 (n,), at most `most`; None where the writer broke off, or speaks nonsense."""
    head = _read(pipe, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head.tobytes())
    text = _read(pipe, length) if length <= _LONGEST else None
    if text is None:
        return None
    told: dict[str, Any] = json.loads(text.tobytes())
    payload = _read(pipe, told["bytes"]) if 0 <= told["bytes"] <= most else None
    return None if payload is None else (told, payload)


def _read(pipe: RawIOBase, count: int) -> NDArray[np.uint8] | None:
    """So many bytes; None where there are fewer."""
    whole = np.empty(count, np.uint8)
    rest = whole.data
    while len(rest):
        got = pipe.readinto(rest)
        if not got:
            return None
        rest = rest[got:]
    return whole
