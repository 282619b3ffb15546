"""Rows S01 to S04: safetensors files that are not what their header says, or whose header is the attack."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.weights_bytes import Rows, entry, safetensors

ROWS = Rows()

_DEEP = b"[" * 200_000
_SAFETENSORS: dict[str, Callable[[], bytes]] = {
    "S01 empty": lambda: b"",
    "S01 7 bytes": lambda: b"\x08\0\0\0\0\0\0",
    "S01 header of 2^63 bytes": lambda: struct.pack("<Q", 1 << 63) + b'{"w": 1}',
    "S01 header of 2^64 - 1 bytes": lambda: b"\xff" * 8 + b'{"w": 1}',
    "S01 header of no bytes": lambda: bytes(8),
    "S01 header of 101 MB": lambda: safetensors(b"{" + b" " * 101_000_000 + b"}"),
    "S01 header of 5 MB": lambda: safetensors(b"{" + b" " * 5_000_000 + b"}"),
    "S01 header longer than the file": lambda: struct.pack("<Q", 1000) + b'{"w": 1}',
    "S02 overlap": lambda: safetensors({"a": entry([2], 0, 8), "b": entry([2], 4, 12)}, bytes(12)),
    "S02 same bytes twice": lambda: safetensors({"a": entry([2], 0, 8), "b": entry([2], 0, 8)}, bytes(8)),
    "S02 gap": lambda: safetensors({"a": entry([2], 0, 8), "b": entry([2], 12, 20)}, bytes(20)),
    "S02 gap at the start": lambda: safetensors({"a": entry([2], 4, 12)}, bytes(12)),
    "S02 tail": lambda: safetensors({"a": entry([2], 0, 8)}, bytes(9)),
    "S02 cut short": lambda: safetensors({"a": entry([2], 0, 8)}, bytes(7)),
    "S02 shape that overflows": lambda: safetensors({"a": entry([1 << 31] * 4, 0, 8)}, bytes(8)),
    "S02 side of 2^64 + 2": lambda: safetensors({"a": entry([(1 << 64) + 2], 0, 8)}, bytes(8)),
    "S02 shape larger than its bytes": lambda: safetensors({"a": entry([3], 0, 8)}, bytes(8)),
    "S02 negative side": lambda: safetensors({"a": entry([-2, -1], 0, 8)}, bytes(8)),
    "S02 negative offset": lambda: safetensors({"a": entry([2], -8, 0)}, bytes(8)),
    "S02 side true": lambda: safetensors({"a": entry([True], 0, 4)}, bytes(4)),
    "S02 side 2.0": lambda: safetensors({"a": entry([2.0], 0, 8)}, bytes(8)),
    "S02 bad dtype": lambda: safetensors({"a": entry([2], 0, 8, "F33")}, bytes(8)),
    "S02 dtype we do not take": lambda: safetensors({"a": entry([8], 0, 8, "F8_E4M3")}, bytes(8)),
    "S02 dtype that is a list": lambda: safetensors({"a": {**entry([2], 0, 8), "dtype": []}}, bytes(8)),
    "S02 bad UTF-8": lambda: safetensors(b'{"\xff\xfe": {}}'),
    "S02 lone surrogate": lambda: safetensors(
        b'{"\\ud800": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}', bytes(8)
    ),
    "S02 deep JSON": lambda: safetensors(b'{"a":' + _DEEP),
    "S02 number of 5,000 digits": lambda: safetensors(b'{"a":' + b"9" * 5000 + b"}"),
    "S02 list for a header": lambda: safetensors(b"[]"),
    "S02 entry that is a number": lambda: safetensors({"a": 3}),
    "S02 entry with more in it": lambda: safetensors({"a": {**entry([2], 0, 8), "more": 1}}, bytes(8)),
    "S02 metadata that is a list": lambda: safetensors({"__metadata__": [], "a": entry([2], 0, 8)}, bytes(8)),
    "S02 metadata that is a number": lambda: safetensors({"__metadata__": {"a": 1}, "a": entry([2], 0, 8)}, bytes(8)),
    "S02 no tensors": lambda: safetensors({}),
    "S02 name of a megabyte": lambda: safetensors({"a" * 1_000_000: entry([2], 0, 8)}, bytes(8)),
    "S03 twin names": lambda: safetensors(
        b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        bytes(8),
    ),
    "S03 twin shapes": lambda: safetensors(
        b'{"a":{"dtype":"F32","shape":[4],"shape":[2],"data_offsets":[0,8]}}', bytes(8)
    ),
    "S04 shape [0, 2^40]": lambda: safetensors({"a": entry([0, 1 << 40], 0, 0)}),
    "S04 a million dimensions": lambda: safetensors({"a": entry([1] * 1_000_000, 0, 4)}, bytes(4)),
    "S04 nine dimensions": lambda: safetensors({"a": entry([1] * 9, 0, 4)}, bytes(4)),
    "S04 a million tensors": lambda: _many(1_000_000),
    "S04 30,000 tensors": lambda: _many(30_000),
}


def _many(count: int) -> bytes:
    one = '"{}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}'
    return safetensors(("{" + ",".join(one.format(i) for i in range(count)) + "}").encode())


for _name, _make_bytes in _SAFETENSORS.items():
    ROWS.add(_name, "net.safetensors")((lambda make: lambda path: make())(_make_bytes))
