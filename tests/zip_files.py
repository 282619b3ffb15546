"""Rows W09 and W10: zip archives that lie, and files that were damaged on the way."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.weights_bytes import NO_TENSORS, Rows, archive, raw_zip, saved, state, zip_end, zipped

ROWS = Rows()


def _records() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(saved(state()))) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


for _name, _extra in {
    "parent folder": "../evil",
    "parent folder inside": "archive/../../evil",
    "absolute name": "/etc/evil",
    "drive name": "archive\\..\\evil",
    "second folder": "other/data.pkl",
}.items():
    ROWS.add(f"W09 {_name}", "net.pt")((lambda extra: lambda path: zipped({**_records(), extra: b"x"}))(_extra))


@ROWS.add("W09 twin records", "net.pt")
def _(path: Path) -> bytes:
    return zipped([*_records().items(), ("archive/data.pkl", NO_TENSORS)])


@ROWS.add("W09 twin records but for capitals", "net.pt")
def _(path: Path) -> bytes:
    return zipped([("archive/DATA.PKL", NO_TENSORS), *_records().items()])


@ROWS.add("W09 encrypted record", "net.pt")
def _(path: Path) -> bytes:
    return raw_zip([("a/data.pkl", NO_TENSORS, len(NO_TENSORS), 0)], flags=1)


@ROWS.add("W09 link", "net.pt")
def _(path: Path) -> bytes:
    return raw_zip([("a/data.pkl", b"/etc/passwd", 11, 0)], attributes=0o120777 << 16)


@ROWS.add("W09 10^6 records", "net.pt")
def _(path: Path) -> None:
    header = (
        b"PK\x01\x02" + struct.pack("<HH", 0x0314, 20) + bytes(18) + struct.pack("<HHHHHII", 1, 0, 0, 0, 0, 0, 0) + b"a"
    )
    length = len(header) * 1_000_000
    local = b"PK\x03\x04" + bytes(26)
    end64 = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 10**6, 10**6, length, len(local))
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, len(local) + length, 1)
    path.write_bytes(local + header * 1_000_000 + end64 + locator + zip_end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF))


@ROWS.add("W09 300,000 records behind a count of one", "net.pt")
def _(path: Path) -> bytes:
    header = (
        b"PK\x01\x02" + struct.pack("<HH", 0x0314, 20) + bytes(18) + struct.pack("<HHHHHII", 1, 0, 0, 0, 0, 0, 0) + b"a"
    )
    return b"PK\x03\x04" + bytes(26) + header * 300_000 + zip_end(1, len(header) * 300_000, 30)


@ROWS.add("W09 zip64 directory elsewhere", "net.pt")
def _(path: Path) -> bytes:
    whole = bytearray(saved(state()))
    at = whole.rindex(b"PK\x06\x07")
    whole[at + 8 : at + 16] = struct.pack("<Q", 0)
    return bytes(whole)


@ROWS.add("W09 zip64 directory of 2^63 bytes", "net.pt")
def _(path: Path) -> bytes:
    whole = bytearray(saved(state()))
    at = whole.rindex(b"PK\x06\x06")
    whole[at + 40 : at + 48] = struct.pack("<Q", 1 << 63)
    return bytes(whole)


@ROWS.add("W09 something before the archive", "net.pt")
def _(path: Path) -> bytes:
    return b"PK\x03\x04" + saved(state())


@ROWS.add("W09 something after the archive", "net.pt")
def _(path: Path) -> bytes:
    return saved(state()) + b"more"


@ROWS.add("W09 data.pkl of 9 MB", "net.pt")
def _(path: Path) -> bytes:
    return archive(bytes(9_000_000))


@ROWS.add("W09 records that overlap", "net.pt")
def _(path: Path) -> bytes:
    whole = bytearray(raw_zip([("a/data.pkl", NO_TENSORS, 6, 0), ("a/data/0", bytes(400), 400, 0)]))
    for _ in range(3):
        whole = bytearray(_repeat_last_entry(bytes(whole)))
    return bytes(whole)


def _repeat_last_entry(whole: bytes) -> bytes:
    count, length, offset = struct.unpack("<HII", whole[-12:-2])
    last = whole[whole.rindex(b"PK\x01\x02") : -22]
    twin = last[:-1] + bytes([last[-1] + 1])
    return whole[:-22] + twin + zip_end(count + 1, length + len(twin), offset)


# --- W10: cut short and flipped


def _cut(percent: int) -> Callable[[Path], bytes]:
    def content(path: Path) -> bytes:
        whole = saved(state())
        return whole[: len(whole) * percent // 100]

    return content


for _percent in range(5, 100, 5):
    ROWS.add(f"W10 cut at {_percent} %", "net.pt")(_cut(_percent))


@ROWS.add("W10 one number flipped", "net.pt")
def _(path: Path) -> bytes:
    whole = bytearray(saved(state()))
    whole[whole.index(state()["fc.weight"].numpy().tobytes()) + 5] ^= 0x10
    return bytes(whole)
