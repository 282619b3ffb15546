"""Tells by its first bytes what a file handed over as weights really is."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from typing import Literal

from explorer.engine.weights_refused import SAVE_LINE, other_kind
from explorer.errors import BadWeights

Kind = Literal["safetensors", "zip", "legacy"]

HEAD = 512
LEGACY_MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."

_AGAIN = f"save the weights with {SAVE_LINE}"
_EXPORT = f"open it with the library that wrote it and save the weights of the PyTorch network with {SAVE_LINE}"
_FETCH = "download the file itself"

_STARTS: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(pattern, re.DOTALL | re.IGNORECASE), what, mend)
    for pattern, what, mend in (
        (rb"\x89HDF\r\n\x1a\n", "a Keras or HDF5 file", _EXPORT),
        (rb"\x93NUMPY", "a NumPy array", _EXPORT),
        (rb"GGUF|.{4}TFL3", "a GGUF or TFLite file", _EXPORT),
        (rb"\x08[\x01-\x1f][\x12\x1a\x22\x3a\x42]", "an ONNX network", _EXPORT),
        (rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd", "a compressed archive", "unpack it first"),
        (rb".{257}ustar", "a tar archive (PyTorch wrote such before 0.2)", f"unpack it, or load it there and {_AGAIN}"),
        (
            rb"\s*(\xef\xbb\xbf)?\s*<(!doctype|html|head|\?xml|!--)",
            "a web page",
            f"{_FETCH}; a login or a proxy answered",
        ),
        (rb"version https://git-lfs", "a Git LFS pointer", "run `git lfs pull`, or " + _FETCH),
        (
            rb"\x80[\x00-\x05]|c[\w.]+\r?\n[\w.]+\r?\n|\([dlt]p?\d*\n",
            "a bare Python pickle, which can run code",
            _AGAIN,
        ),
        (
            rb"\x00{4}[\x01\x02]\x00{3}.\x00{3}",
            "a Darknet weights file",
            "give it to `detect` with its .cfg as --cfg and no --model",
        ),
        (rb"\s*[\[{]", "a JSON text (the index of a split file?)", "give the .safetensors file itself"),
    )
)


def kind_of(head: bytes, name: str) -> Kind:
    """Which reader a file needs, from its first `HEAD` bytes. Raises BadWeights naming any other sort."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(LEGACY_MAGIC):
        return "legacy"
    if head[8:9] == b"{":
        return "safetensors"
    for pattern, what, mend in _STARTS:
        if pattern.match(head):
            raise other_kind(name, what, mend)
    if name.lower().endswith(".safetensors") or _looks_cut(head):
        raise other_kind(name, "damaged or cut short", _FETCH + " again")
    raise other_kind(name, "a file of no kind known here", _AGAIN)


def _looks_cut(head: bytes) -> bool:
    return len(head) < 9 or struct.unpack("<Q", head[:8])[0] >= 1 << 63


def zip_stranger(name: str, records: Iterable[str]) -> BadWeights | None:
    """The refusal for a zip archive that `torch.save` did not write, None where it may have."""
    entries = list(records)
    leaves = {entry.partition("/")[2] for entry in entries}
    if "constants.pkl" in leaves or any(leaf.startswith("code/") for leaf in leaves):
        return other_kind(name, "a TorchScript archive, which holds code", f"load it with torch.jit.load and {_AGAIN}")
    if leaves & {"archive_format", "models/model.json"} or any("exported_program" in entry for entry in entries):
        return other_kind(name, "an exported program (pt2)", f"go back to the network it came from and {_AGAIN}")
    if entries and all(entry.endswith(".npy") for entry in entries):
        return other_kind(name, "a NumPy archive (npz)", _EXPORT)
    if "model.weights.h5" in entries:
        return other_kind(name, "a Keras archive", _EXPORT)
    if "data.pkl" not in leaves:
        return other_kind(name, "a zip archive that torch.save did not write", f"unpack it first, or {_AGAIN}")
    return None
