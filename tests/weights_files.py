"""Weights files nobody should be served by: a small maker a case, named by the row of hostile inputs it is of."""

from __future__ import annotations

import io
import os
import pickle
import struct
import tarfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from tests import safetensors_files, tensor_files, zip_files
from tests.weights_bytes import (
    Rows,
    archive,
    of,
    op_dict,
    op_tensor,
    op_text,
    saved,
    saving,
    state,
    zipped,
)

REFUSED = Rows()
"""Name, as `W03 bomb`, to a function that writes its file in a folder and returns its path: each must be refused."""

SENTINEL = "SENTINEL"
"""The file a successful attack would leave in the folder."""


class _Runs:
    """Unpickling it runs a command."""

    def __init__(self, path: Path) -> None:
        self.command = f"touch '{path.parent / SENTINEL}'"

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (self.command,)


# --- W01: files that run code, and files of other programs


@REFUSED.add("W01 pickle that runs a command", "net.pkl")
def _(path: Path) -> bytes:
    return pickle.dumps({"w": _Runs(path)}, protocol=2)


@REFUSED.add("W01 pickle of protocol 0 that runs a command", "net.pt")
def _(path: Path) -> bytes:
    return pickle.dumps(_Runs(path), protocol=0)


@REFUSED.add("W01 zip that runs a command", "net.pth")
def _(path: Path) -> bytes:
    return archive(pickle.dumps({"w": _Runs(path)}, protocol=2))


@REFUSED.add("W01 zip that calls eval", "net.pth")
def _(path: Path) -> bytes:
    call = b"c__builtin__\neval\n" + op_text(f"open({str(path.parent / SENTINEL)!r}, 'w')")
    return archive(b"\x80\x02" + call + b"\x85R.")


@REFUSED.add("W01 legacy torch file that runs a command", "net.pt")
def _(path: Path) -> bytes:
    return saved({"w": _Runs(path)}, _use_new_zipfile_serialization=False)


@REFUSED.add("W01 legacy torch file", "old.pth")
def _(path: Path) -> bytes:
    return saved(state(), _use_new_zipfile_serialization=False)


@REFUSED.add("W01 legacy tar", "older.pt")
def _(path: Path) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in ("storages", "tensors", "pickle"):
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    return buffer.getvalue()


@REFUSED.add("W01 TorchScript", "script.pt")
def _(path: Path) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        traced = torch.jit.trace(torch.nn.Linear(2, 2), torch.ones(1, 2))
        buffer = io.BytesIO()
        torch.jit.save(traced, buffer)
    return buffer.getvalue()


@REFUSED.add("W01 pt2", "program.pt2")
def _(path: Path) -> bytes:
    names = ("archive_format", "archive_version", "models/model.json", "data/weights/weight_0", "byteorder")
    return zipped({f"program/{name}": b"pt2" for name in names})


@REFUSED.add("W01 pt2 of an older kind", "program.pt2")
def _(path: Path) -> bytes:
    return zipped({"serialized_exported_program.json": b"{}", "serialized_state_dict.pt": b"", "version": b"5.1"})


_STRANGERS: dict[str, tuple[str, bytes]] = {
    "HDF5": ("net.h5", b"\x89HDF\r\n\x1a\n" + bytes(64)),
    "ONNX": ("net.onnx", b"\x08\x07\x12\x07pytorch\x1a\x052.1.0:\x10" + bytes(40)),
    "npz": ("net.npz", zipped({"w.npy": b"\x93NUMPY"})),
    "npy": ("net.npy", b"\x93NUMPY\x01\x00" + bytes(64)),
    "Keras zip": ("net.keras", zipped({"config.json": b"{}", "model.weights.h5": b""})),
    "web page": ("net.pth", b"\n <!DOCTYPE html><html><body>Sign in</body></html>"),
    "LFS pointer": ("net.safetensors", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"),
    "Darknet": ("yolo.weights", struct.pack("<3i", 0, 2, 5) + bytes(100)),
    "JSON index": ("net.safetensors.index.json", b'{"metadata": {}, "weight_map": {}}'),
    "gzip": ("net.pt.gz", b"\x1f\x8b\x08" + bytes(40)),
    "picture": ("net.pt", b"\xff\xd8\xff\xe0" + bytes(100)),
    "empty file": ("net.pt", b""),
    "other zip": ("net.pt", zipped({"readme.txt": b"hello"})),
    "empty zip": ("net.pt", zipped({})),
}


for _name, (_file, _content) in _STRANGERS.items():
    REFUSED.add(f"W01 {_name}", _file)(of(_content))


@REFUSED.add("W01 folder", "net.pt")
def _(path: Path) -> None:
    path.mkdir()


@REFUSED.add("W01 missing file", "net.pt")
def _(path: Path) -> None:
    path.unlink(missing_ok=True)


@REFUSED.add("W01 link to nothing", "net.pt")
def _(path: Path) -> None:
    path.symlink_to("nowhere")


# --- W02: whole networks


@REFUSED.add("W02 whole network", "net.pt")
def _(path: Path) -> bytes:
    return saved(torch.nn.Sequential(torch.nn.Linear(2, 2)))


@REFUSED.add("W02 network of a class of one's own", "net.pt")
def _(path: Path) -> bytes:
    return archive(b"\x80\x02c__main__\nMyNet\n)\x81}b.")


@REFUSED.add("W02 checkpoint with a network", "net.pt")
def _(path: Path) -> bytes:
    return saved({"epoch": 3, "model": torch.nn.Linear(2, 2)})


# --- W07: good files for another network; `differences` tells how

DIFFERENT: dict[str, Callable[[Mapping[str, torch.Tensor]], dict[str, torch.Tensor]]] = {
    "W07 missing": lambda good: dict(list(good.items())[1:]),
    "W07 extra": lambda good: {**good, "head.weight": torch.zeros(7, 7)},
    "W07 renamed": lambda good: {key.replace("fc.", "classifier."): value for key, value in good.items()},
    "W07 module prefix": lambda good: {f"module.{key}": value for key, value in good.items()},
    "W07 other prefix": lambda good: {f"net.backbone.{key}": value for key, value in good.items()},
    "W07 transposed": lambda good: {key: value.mT if value.ndim > 1 else value for key, value in good.items()},
    "W07 wrong shape": lambda good: {k: torch.zeros(1000, *v.shape[1:]) if v.ndim else v for k, v in good.items()},
}
"""A good state dict to one that does not fit the same network."""


def different(name: str, good: Mapping[str, torch.Tensor], folder: Path) -> Path:
    """The file of row `name` of `DIFFERENT`, for a network whose state dict is `good`."""
    path = folder / "other.pt"
    path.write_bytes(saved({key: value.contiguous() for key, value in DIFFERENT[name](good).items()}))
    return path


# --- W08: dicts


@REFUSED.add("W08 300,000 names of one tensor", "net.pt")
def _(path: Path) -> bytes:
    names = b"".join(op_text(f"{index:06}") + b"h\x00" for index in range(300_000))
    return archive(b"\x80\x02" + op_tensor((1,), (1,)) + b"q\x00" + b"}(" + names + b"u.", {"0": bytes(4)})


@REFUSED.add("W08 300,000 tensors", "net.pt")
def _(path: Path) -> bytes:
    return archive(b"\x80\x02" + op_dict([(op_text("w"), op_tensor((1,), (1,)))] * 60_000) + b".", {"0": bytes(4)})


@REFUSED.add("W08 two million instructions", "net.pt")
def _(path: Path) -> bytes:
    return archive(b"\x80\x02" + b"N" * 7_000_000 + b".")


@REFUSED.add("W08 dicts 20,000 deep", "net.pt")
def _(path: Path) -> bytes:
    return archive(b"\x80\x02" + (b"}" + op_text("w")) * 20_000 + b"N" + b"s" * 20_000 + b".")


@REFUSED.add("W08 lists 20,000 deep", "net.pt")
def _(path: Path) -> bytes:
    return archive(b"\x80\x02}" + op_text("w") + b"]" * 20_000 + b"N" + b"a" * 20_000 + b"s.")


@REFUSED.add("W08 name of a megabyte", "net.pt")
def _(path: Path) -> bytes:
    return saved({"w" * 1_000_000: torch.ones(1)})


@REFUSED.add("W08 tuple that takes 2^60 steps to hash", "net.pt")
def _(path: Path) -> bytes:
    doubled = b"".join(b"q%ch%ch%c\x86" % (i, i, i) for i in range(60))
    return archive(b"\x80\x02N" + doubled + b"q\x3c}h\x3cNs.")


_ODD: dict[str, Callable[[], Any]] = {
    "names that are numbers": lambda: {1: torch.ones(1), 2: torch.ones(1)},
    "names that are tuples": lambda: {("a", "b"): torch.ones(1)},
    "text for a tensor": lambda: {"w": torch.ones(1), "note": "hello"},
    "list of tensors": lambda: [torch.ones(1)],
    "lone tensor": lambda: torch.ones(1),
    "empty dict": dict,
    "optimiser's dict": lambda: {"state": {0: {}}, "param_groups": []},
    "nested state dict": lambda: {"state_dict": {"a": {"w": torch.ones(1)}}},
    "list of bytes": lambda: {"state_dict": {"w": b"\0\0\0\0"}},
}
for _name, _make in _ODD.items():
    REFUSED.add(f"W08 {_name}", "net.pt")(saving(_make))


@REFUSED.add("W08 attribute that hides a method", "net.pt")
def _(path: Path) -> bytes:
    made = b"ccollections\nOrderedDict\n)R(" + op_text("w") + op_tensor((1,), (1,)) + b"u"
    return archive(b"\x80\x02" + made + op_dict([(op_text("items"), op_text("hello"))]) + b"b.", {"0": bytes(4)})


REFUSED |= tensor_files.ROWS | zip_files.ROWS | safetensors_files.ROWS
