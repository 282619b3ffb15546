"""Rows W03 to W05: tensors that are larger than their file, not what they seem, or of a sort we do not take."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as safetensors_bytes

from tests.weights_bytes import (
    NO_TENSORS,
    Rows,
    archive,
    of,
    one_tensor,
    op_dict,
    op_int,
    op_tensor,
    op_text,
    raw_zip,
    saved,
    saving,
    state,
    zipped,
)

ROWS = Rows()

# --- W03: bombs


@ROWS.add("W03 deflated bomb, 1 MB of 1 GB", "bomb.pt")
def _(path: Path) -> None:
    """A gigabyte of zeros, written as the repetition of one deflated megabyte."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeezer.compress(bytes(1 << 20)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    data = block * 1024 + b"\x03\x00"
    records = [("a/data.pkl", NO_TENSORS, len(NO_TENSORS), 0), ("a/data/0", data, 1 << 30, 8)]
    path.write_bytes(raw_zip(records))


@ROWS.add("W03 deflated bomb that claims 100 GB", "bomb.pt")
def _(path: Path) -> bytes:
    data = zlib.compress(bytes(1 << 20), 9)[2:-4]
    return raw_zip([("a/data.pkl", NO_TENSORS, len(NO_TENSORS), 0), ("a/data/0", data, (1 << 32) - 2, 8)])


@ROWS.add("W03 deflated state dict", "net.pt")
def _(path: Path) -> bytes:
    with zipfile.ZipFile(io.BytesIO(saved(state()))) as whole:
        return zipped({name: whole.read(name) for name in whole.namelist()}, zipfile.ZIP_DEFLATED)


@ROWS.add("W03 stored record that claims more than the file", "net.pt")
def _(path: Path) -> bytes:
    return raw_zip([("a/data.pkl", NO_TENSORS, 1 << 30, 0)])


@ROWS.add("W03 tensor larger than its storage, which the loader would grow", "net.pt")
def _(path: Path) -> bytes:
    return one_tensor(op_tensor((500_000_000,), (1,)))


@ROWS.add("W03 storage larger than its record", "net.pt")
def _(path: Path) -> bytes:
    return one_tensor(op_tensor((2,), (1,), numel=1 << 31))


@ROWS.add("W03 allocation by a call", "net.pt")
def _(path: Path) -> bytes:
    return archive(b"\x80\x02c__builtin__\nbytearray\n" + op_int(1 << 33) + b"\x85R.")


@ROWS.add("W03 allocation by a tensor class", "net.pt")
def _(path: Path) -> bytes:
    return archive(b"\x80\x02ctorch\nFloatTensor\n" + op_int(1 << 31) + b"\x85R.")


# --- W04: views that are not what they seem

_VIEWS: dict[str, bytes] = {
    "stride 0, 10^12 numbers": op_tensor((10**12,), (0,)),
    "stride 0, 10^6 by 10^6": op_tensor((10**6, 10**6), (0, 0)),
    "stride 0, two numbers": op_tensor((2,), (0,)),
    "negative stride": op_tensor((1, 1), (-1, 1)),
    "negative side": op_tensor((-1,), (1,)),
    "negative offset": op_tensor((1,), (1,), offset=-1),
    "offset behind the end": op_tensor((1,), (1,), offset=1),
    "offset of an empty one far behind the end": op_tensor((0,), (1,), offset=1 << 60),
    "a million dimensions": op_tensor((1,) * 100_000, (1,) * 100_000),
    "no strides": op_tensor((1,), ()),
    "side of 2^62": op_tensor((1 << 62, 4), (1, 1)),
    "side of 2^70": op_tensor((1 << 70,), (1,)),
    "storage of less than nothing": op_tensor((1,), (1,), numel=-1),
    "record that is not there": op_tensor((1,), (1,), key="7"),
    "record outside data": op_tensor((1,), (1,), key="../version"),
}
for _name, _program in _VIEWS.items():
    ROWS.add(f"W04 {_name}", "net.pt")(of(one_tensor(_program)))

ROWS.add("W04 overlapping strides", "net.pt")(of(one_tensor(op_tensor((2, 3), (1, 1), numel=6), bytes(24))))


# --- W05: tensors of other sorts


def _others() -> dict[str, Callable[[], Any]]:
    def quantised() -> torch.Tensor:
        return torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.quint8)

    def nested() -> torch.Tensor:
        return torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])

    return {
        "meta": lambda: torch.ones(3, device="meta"),
        "sparse": lambda: torch.eye(3).to_sparse(),
        "sparse CSR": lambda: torch.eye(3).to_sparse_csr(),
        "quantised": quantised,
        "nested": nested,
        "complex64": lambda: torch.ones(3, dtype=torch.complex64),
        "bool": lambda: torch.ones(3, dtype=torch.bool),
        "float8_e4m3fn": lambda: torch.ones(3).to(torch.float8_e4m3fn),
        "uint16": lambda: torch.ones(3, dtype=torch.uint16),
        "class of its own": lambda: torch.nn.Buffer(torch.ones(3)),
        "conjugate": lambda: torch.ones(3, dtype=torch.complex64).conj(),
    }


for _name, _make in _others().items():
    ROWS.add(f"W05 {_name}", "net.pt")(saving(lambda make=_make: {"w": make()}))


@ROWS.add("W05 sparse with an index outside", "net.pt")
def _(path: Path) -> bytes:
    sparse = torch.sparse_coo_tensor([[99]], [1.0], (3,), check_invariants=False)
    return saved({"w": sparse})


@ROWS.add("W05 negated", "net.pt")
def _(path: Path) -> bytes:
    return one_tensor(op_tensor((1,), (1,))[:-2] + op_dict([(op_text("neg"), b"\x88")]) + b"tR")


@ROWS.add("W05 with hooks", "net.pt")
def _(path: Path) -> bytes:
    plain = op_tensor((1,), (1,))
    return one_tensor(plain.replace(b"ccollections\nOrderedDict\n)R", op_dict([(op_int(0), op_text("hook"))])))


@ROWS.add("W05 safetensors bool", "net.safetensors")
def _(path: Path) -> bytes:
    return safetensors_bytes({"w": torch.ones(3, dtype=torch.bool)})


@ROWS.add("W05 typed view of a shorter storage", "net.pt")
def _(path: Path) -> bytes:
    plain = op_tensor((4,), (1,), numel=4, storage="ByteStorage").replace(b"_tensor_v2", b"_tensor_v3")
    return one_tensor(plain[:-2] + b"ctorch\nfloat32\ntR")
