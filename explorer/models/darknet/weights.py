"""Reads a Darknet .weights file, which may come from anyone: Redmon, Darknet, https://pjreddie.com/darknet.

A header of three whole numbers of 32 bits (major, minor, revision) and one of 32 or 64 (pictures seen), then every
layer's floats. Whether the file is this network's is decided by its size, before a float is read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from torch import Tensor

from explorer.errors import BadWeights, OutOfMemory, shown
from explorer.models.darknet.network import Darknet
from explorer.models.darknet.plan import Plan, PlannedLayer
from explorer.models.darknet.sections import Connected

_OLD = 1000
_CHUNK = 1 << 22


@dataclass(frozen=True)
class Header:
    """version: major, minor, revision; seen: pictures it was trained on; size: bytes of the header itself, 16 or 20.

    transposed: connected layers have their weights the other way round, as the very first Darknet wrote them.
    """

    version: tuple[int, int, int]
    seen: int
    size: int
    transposed: bool


def load(plan: Plan, path: Path) -> Darknet:
    """The network with the file's weights, ready to answer, on the CPU.

    Raises BadWeights with one sentence that names the layer and the bytes, OutOfMemory.
    """
    name = shown(path.name, 80)
    with _opened(plan, path, name) as (file, header):
        network = _empty(plan, name)
        _fill(network, file, header, name)
        return network


def check(plan: Plan, path: Path) -> None:
    """Raises BadWeights where the file cannot be this network's, judged by its header and its size alone."""
    with _opened(plan, path, shown(path.name, 80)):
        pass


@contextmanager
def _opened(plan: Plan, path: Path, name: str) -> Iterator[tuple[BinaryIO, Header]]:
    """A file of this network's size, which stands behind its header."""
    try:
        if not path.is_file():
            raise BadWeights(f"There is no weights file at {shown(str(path), 300)}: check the name.")
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            header = read_header(file, name, size)
            check_size(plan, header, name, size)
            yield file, header
    except OSError:
        raise BadWeights(f"The weights file {name} cannot be read: check its name and its rights.") from None


def read_header(file: BinaryIO, name: str, size: int) -> Header:
    """The header of an open file of `size` bytes; the file stands behind it. Raises BadWeights."""
    data = file.read(20)
    if len(data) < 16:
        raise BadWeights(
            f"{name} has {size} bytes and a Darknet header alone has 16 or 20: download it again, it was cut short."
        )
    for start, what in _STRANGERS.items():
        if data.startswith(start):
            raise BadWeights(f"{name} is {what}, not a Darknet weights file: get the .weights file itself.")
    major, minor, revision = struct.unpack("<3i", data[:12])
    if min(major, minor, revision) < 0:
        raise BadWeights(
            f"{name} gives {major}.{minor}.{revision} as its version, which Darknet never wrote: is it a .weights file?"
        )
    old = major > _OLD or minor > _OLD
    wide = not old and major * 10 + minor >= 2 and major < _OLD and minor < _OLD
    if wide and len(data) < 20:
        raise BadWeights(f"{name} has {size} bytes and its header 20: download it again, it was cut short.")
    (seen,) = struct.unpack("<Q", data[12:20]) if wide else struct.unpack("<I", data[12:16])
    file.seek(20 if wide else 16)
    return Header((major, minor, revision), seen, 20 if wide else 16, old)


def check_size(plan: Plan, header: Header, name: str, size: int) -> None:
    """Raises BadWeights, naming the layer and the bytes, where a file of `size` bytes is not this network's."""
    held, wanted = size - header.size, 4 * plan.floats
    version = ".".join(str(part) for part in header.version)
    both = (
        f"behind its header of {header.size} bytes (version {version}) {name} holds {held:,} and the cfg's layers take "
        f"{wanted:,}"
    )
    if held > wanted:
        last = next((layer for layer in reversed(plan.layers) if layer.blobs), plan.layers[-1])
        raise BadWeights(
            f"{last.section.place} is the last with weights and {held - wanted:,} bytes are left over behind it: "
            f"{both}, so take the cfg that belongs to the file."
        )
    if held < wanted:
        layer, read = _layer_at(plan, held)
        raise BadWeights(
            f"{layer.section.place} needs {4 * layer.floats:,} bytes and {held - read:,} are left for it: {both}, so "
            f"{wanted - held:,} are missing; download the file again or take the cfg that belongs to it."
        )


def _layer_at(plan: Plan, held: int) -> tuple[PlannedLayer, int]:
    """The first layer that has not all its bytes among the first `held`, and where it begins."""
    read = 0
    for layer in plan.layers:
        if read + 4 * layer.floats > held:
            return layer, read
        read += 4 * layer.floats
    raise ValueError("every layer has its bytes")


def _empty(plan: Plan, name: str) -> Darknet:
    """The network with whatever lies in its memory: no time goes into numbers that the file overwrites."""
    with torch.device("meta"):
        network = Darknet(plan)
    try:
        network.to_empty(device="cpu")
    except (RuntimeError, MemoryError):
        raise OutOfMemory(
            f"{name} with {plan.floats:,} weights does not fit in memory: close something first."
        ) from None
    for key, buffer in network.named_buffers():
        if key.endswith("num_batches_tracked"):
            buffer.zero_()
    return network.eval()


def _fill(network: Darknet, file: BinaryIO, header: Header, name: str) -> None:
    for layer, module in zip(network.plan.layers, network.layers, strict=True):
        tensors = module.blobs() if layer.blobs else {}  # type: ignore[operator]
        for blob in layer.blobs:
            tensor, place = tensors[blob.name].detach(), layer.section.place
            if header.transposed and isinstance(layer.section, Connected) and blob.name == "weights":
                read = torch.empty(tensor.shape[::-1])
                _read(read, file, name, f"{place}, {blob.name}")
                tensor.copy_(read.T)
            else:
                _read(tensor, file, name, f"{place}, {blob.name}")
            if blob.name == "variances" and (tensor < 0).any():
                raise BadWeights(f"{place} has variances below 0 in {name}: take the cfg that belongs to the file.")


def _read(into: Tensor, file: BinaryIO, name: str, place: str) -> None:
    """A tensor's numbers from the file, a few MB at a time."""
    flat = into.numpy().reshape(-1)
    for start in range(0, len(flat), _CHUNK):
        part = flat[start : start + _CHUNK]
        if file.readinto(part.view(np.uint8)) != part.nbytes:  # type: ignore[attr-defined]
            raise BadWeights(
                f"{place}: {name} ended there, though it was longer a moment ago; wait until it is written."
            )
        if not np.isfinite(part).all():
            raise BadWeights(
                f"{place}: {name} has NaN or infinity there; its training failed, or another cfg belongs to it."
            )


_STRANGERS = {
    b"PK\x03\x04": "a zip archive or a PyTorch file",
    b"version https": "a Git LFS pointer",
    b"<": "a web page",
    b"\x89HDF": "an HDF5 file",
    b"[net": "a cfg",
}
