"""How hostile weights files are put together, byte by byte, and the register their makers go into."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import torch

Make = Callable[[Path], Path]

NO_TENSORS = b"\x80\x02}q\x00."


class Rows(dict[str, Make]):
    """Makers by name, as `W03 bomb`."""

    def add(self, name: str, file: str) -> Callable[[Callable[[Path], bytes | None]], None]:
        """Register a maker; it returns the file's bytes, or writes the file itself and returns None."""

        def register(make: Callable[[Path], bytes | None]) -> None:
            def written(folder: Path) -> Path:
                path = folder / file
                content = make(path)
                if content is not None:
                    path.write_bytes(content)
                return path

            if name in self:
                raise ValueError(f"{name} is there twice")
            self[name] = written

        return register


def of(content: bytes) -> Callable[[Path], bytes]:
    """A maker of the same bytes every time."""
    return lambda path: content


def state() -> dict[str, torch.Tensor]:
    """A small state dict, the same at every call."""
    drawn = torch.Generator().manual_seed(0)
    return {
        "conv.weight": torch.randn(4, 3, 3, 3, generator=drawn),
        "conv.bias": torch.randn(4, generator=drawn),
        "fc.weight": torch.randn(5, 4, generator=drawn),
        "fc.bias": torch.randn(5, generator=drawn),
    }


def saved(value: Any, **options: Any) -> bytes:
    """What `torch.save` writes for a value."""
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def saving(make: Callable[[], Any]) -> Callable[[Path], bytes]:
    """A maker of what `torch.save` writes for what `make` returns."""

    def content(path: Path) -> bytes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return saved(make())

    return content


def zipped(records: Mapping[str, bytes] | Iterable[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip archive of records, names taken as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # twins
        for name, content in records.items() if isinstance(records, Mapping) else records:
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return buffer.getvalue()


def archive(
    program: bytes, storages: Mapping[str, bytes] | None = None, extra: Mapping[str, bytes] | None = None
) -> bytes:
    """A `torch.save` archive round a pickle program."""
    records = {"a/data.pkl": program, "a/byteorder": b"little", "a/version": b"3\n"}
    records |= {f"a/data/{key}": content for key, content in (storages or {}).items()}
    return zipped(records | dict(extra or {}))


def op_text(text: str) -> bytes:
    """The instruction that pushes a text."""
    raw = text.encode("utf-8", "surrogatepass")
    return b"X" + struct.pack("<I", len(raw)) + raw


def op_int(value: int) -> bytes:
    """The instruction that pushes a whole number."""
    raw = value.to_bytes((value.bit_length() + 8) // 8, "little", signed=True)
    return b"\x8a" + bytes([len(raw)]) + raw


def op_tensor(
    shape: tuple[int, ...],
    stride: tuple[int, ...],
    offset: int = 0,
    numel: int = 1,
    storage: str = "FloatStorage",
    key: str = "0",
) -> bytes:
    """The instructions that rebuild a tensor as a view of a storage."""
    sizes = b"".join(b"(" + b"".join(map(op_int, row)) + b"t" for row in (shape, stride))
    place = b"(" + op_text("storage") + f"ctorch\n{storage}\n".encode() + op_text(key) + op_text("cpu") + op_int(numel)
    rebuild = b"ctorch._utils\n_rebuild_tensor_v2\n(" + place + b"tQ" + op_int(offset) + sizes
    return rebuild + b"\x89ccollections\nOrderedDict\n)RtR"


def op_dict(entries: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The instructions that make a dict of instructions."""
    return b"}(" + b"".join(key + value for key, value in entries) + b"u"


def one_tensor(tensor: bytes, record: bytes = b"\0\0\0\0") -> bytes:
    """An archive that holds one tensor, `w`."""
    return archive(b"\x80\x02" + op_dict([(op_text("w"), tensor)]) + b".", {"0": record})


def safetensors(header: Any, data: bytes = b"") -> bytes:
    """A safetensors file round a header, given as JSON's value or as its bytes."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def entry(shape: list[Any], start: int, end: int, dtype: str = "F32") -> dict[str, Any]:
    """One tensor of a safetensors header."""
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def raw_zip(records: list[tuple[str, bytes, int, int]], flags: int = 0, attributes: int = 0) -> bytes:
    """A zip archive written by hand: name, bytes, claimed size and compression method of each record."""
    body, directory = b"", b""
    for name, content, claimed, method in records:
        crc = zlib.crc32(content)
        raw = name.encode()
        common = struct.pack("<HHHHIII", flags, method, 0, 33, crc, len(content), claimed)
        place = struct.pack("<HHHHHII", len(raw), 0, 0, 0, 0, attributes, len(body))
        directory += b"PK\x01\x02" + struct.pack("<HH", 0x0314, 20) + common + place + raw
        body += b"PK\x03\x04" + struct.pack("<H", 20) + common + struct.pack("<HH", len(raw), 0) + raw + content
    return body + directory + zip_end(len(records), len(directory), len(body))


def zip_end(count: int, length: int, offset: int) -> bytes:
    """The end record of a zip archive."""
    return b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, length, offset, 0)
