"""The directory of a zip file as `torch.save` writes it, checked before anything in it is read.

Whatever two zip readers could take in two ways is refused, so that torch's own reader sees what was checked here.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from explorer.engine.file_kind import zip_stranger
from explorer.engine.weights_refused import damaged, shown

MAX_ENTRIES = 50_000
MAX_DIRECTORY = 16_000_000
MAX_PICKLE = 8_000_000
_END, _END64, _LOCATOR, _ENTRY = 22, 56, 20, 46


@dataclass(frozen=True)
class Records:
    """A checked archive: `program` is its data.pkl, `storages` the bytes of each record under data/ by its key."""

    program: bytes
    storages: dict[str, int]


def read_records(file: BinaryIO, name: str) -> Records:
    """Check the directory and every record's CRC, and read data.pkl. Raises BadWeights."""
    _check_directory(file, name)
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            stranger = zip_stranger(name, (info.filename for info in infos))
            if stranger is not None:
                raise stranger
            prefix = _check_entries(infos, file.seek(0, 2), name)
            pickle = archive.getinfo(f"{prefix}/data.pkl")
            if pickle.file_size > MAX_PICKLE:
                raise damaged(name, f"its data.pkl has {pickle.file_size:,} bytes, more than {MAX_PICKLE:,}")
            wrong = archive.testzip()
            if wrong is not None:
                raise damaged(name, f"the checksum of its record {shown(wrong)} is wrong")
            program = archive.read(pickle)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, KeyError) as error:
        raise damaged(name, f"its zip directory is broken: {shown(str(error))}") from None
    inside = f"{prefix}/data/"
    storages = {i.filename.removeprefix(inside): i.file_size for i in infos if i.filename.startswith(inside)}
    return Records(program, storages)


def _check_directory(file: BinaryIO, name: str) -> None:
    """Walk the raw central directory, whose true length zipfile would find only after reading all of it."""
    size = file.seek(0, 2)
    tail_at = max(size - _END - _LOCATOR - _END64, 0)
    file.seek(tail_at)
    tail = file.read()
    end = tail[-_END:]
    if len(end) < _END or end[:4] != b"PK\x05\x06" or end[-2:] != b"\0\0":
        raise damaged(name, "its end is missing, as after a download that was cut short")
    disk, start_disk, here, count, length, offset = struct.unpack("<4H2L", end[4:20])
    directory_end = size - _END
    if tail[-_END - _LOCATOR : -_END][:4] == b"PK\x06\x07":
        record, locator = tail[: -_END - _LOCATOR][-_END64:], tail[-_END - _LOCATOR : -_END]
        directory_end = size - _END - _LOCATOR - _END64
        if record[:4] != b"PK\x06\x06" or struct.unpack("<Q", locator[8:16])[0] != directory_end:
            raise damaged(name, "its zip64 directory is not where it says")
        disk, start_disk, here, count, length, offset = struct.unpack("<2L4Q", record[16:56])
    if disk or start_disk or here != count or offset + length != directory_end:
        raise damaged(name, "its zip directory is not where it says")
    if count > MAX_ENTRIES or length > MAX_DIRECTORY:
        raise damaged(name, f"it lists {count:,} records in {length:,} bytes, more than any weights file needs")
    file.seek(offset)
    directory = file.read(length)
    at = 0
    for _ in range(count):
        if directory[at : at + 4] != b"PK\x01\x02" or at + _ENTRY > length:
            raise damaged(name, "its zip directory is broken")
        at += _ENTRY + sum(struct.unpack_from("<3H", directory, at + 28))
    if at != length:
        raise damaged(name, f"its zip directory holds more than the {count:,} records it claims")


def _check_entries(infos: list[zipfile.ZipInfo], size: int, name: str) -> str:
    """Refuse any record `torch.save` would not have written; the folder all of them share."""
    for info in infos:
        where = shown(info.filename)
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise damaged(name, f"its record {where} is compressed: {info.file_size:,} bytes when unpacked")
        if info.flag_bits & 0x2041:
            raise damaged(name, f"its record {where} is encrypted")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise damaged(name, f"its record {where} is a link")
        parts = info.orig_filename.split("/")
        if {"", ".", ".."} & set(parts) or "\\" in info.orig_filename or "\0" in info.orig_filename:
            raise damaged(name, f"its record {where} has a name that leads elsewhere")
    prefixes = {info.filename.partition("/")[0] for info in infos}
    if len(prefixes) != 1:
        raise damaged(name, f"its records lie in {len(prefixes):,} folders where torch.save makes one")
    # torch's reader does not tell upper case from lower
    if len({info.filename.lower() for info in infos}) < len(infos):
        raise damaged(name, "two of its records have one name")
    if sum(info.file_size for info in infos) > size:
        raise damaged(name, "its records overlap")
    return prefixes.pop()
