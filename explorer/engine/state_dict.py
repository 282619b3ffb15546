"""Reads weights files that may come from anyone: safetensors, and state dicts saved by PyTorch.

Everything that can be decided without loading is decided first, because `weights_only=True` and safetensors guard
against code, not against files made to fill the memory or to take minutes.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import safetensors.torch
import torch

from explorer.engine.file_kind import HEAD, kind_of
from explorer.engine.pickle_names import Table, TensorPlan
from explorer.engine.pickle_plan import plan_of
from explorer.engine.safetensors_header import MAX_DIMS, MAX_KEY, MAX_SIDE, MAX_TENSORS, check_safetensors
from explorer.engine.weights_refused import SAVE_LINE, damaged, other_kind, shown, unfit
from explorer.engine.zip_records import read_records
from explorer.errors import BadWeights

_DTYPES = {
    dtype: str(dtype).removeprefix("torch.")
    for dtype in (
        *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
        *(torch.int64, torch.int32, torch.uint8),
    )
}
_ITEM_SIZES = {name: dtype.itemsize for dtype, name in _DTYPES.items()} | {
    "int16": 2,
    "uint16": 2,
    "uint32": 4,
    "uint64": 8,
    "complex64": 8,
    "complex128": 16,
}
_UNDER = ("state_dict", "model")


def read_state_dict(path: Path, *, trusted: bool = False, max_bytes: int = 1_000_000_000) -> dict[str, torch.Tensor]:
    """The tensors of a weights file by name, on the CPU: detached, contiguous, without gradients.

    trusted: the file's SHA-256 is the publisher's, so files older than PyTorch 1.6 may be read too;
    max_bytes: the largest file taken. Raises BadWeights with one sentence that says what came and what to do.
    """
    name = path.name
    size = _size(path, max_bytes)
    try:
        with path.open("rb") as file:
            kind = kind_of(file.read(HEAD), name)
            if kind == "zip":
                found = _read_zip(file, name)
            elif kind == "legacy":
                if not trusted:
                    again = f"load it once where you trust it and save it again with {SAVE_LINE.replace('model.', '')}"
                    raise other_kind(name, "a state dict from before PyTorch 1.6", again)
                found = _tensors_of(_torch_load(file, name), name)
            else:
                found = _tensors_of(_read_safetensors(path), name)
    except OSError as error:
        raise BadWeights(f"{shown(name)} cannot be read ({error.strerror}): check the file and its rights.") from None
    except MemoryError:
        raise BadWeights(f"{shown(name)} of {size:,} bytes does not fit in memory: close something first.") from None
    return {key: _plain(key, value, name) for key, value in found.items()}


def _size(path: Path, max_bytes: int) -> int:
    name = shown(path.name)
    try:
        if path.is_dir():
            raise BadWeights(
                f"{name} is a folder, not a weights file: name a .safetensors, .pt or .pth file inside it."
            )
        if not path.exists():
            raise BadWeights(f"There is no weights file at {shown(str(path), 300)}: check the name.")
        if not path.is_file():
            raise BadWeights(f"{name} is a device or a pipe, not a weights file: copy it to a file first.")
        size = path.stat().st_size
    except (OSError, ValueError):
        raise BadWeights(
            f"There is no weights file {name} that can be reached: check the name and its rights."
        ) from None
    if size == 0:
        raise BadWeights(f"{name} is empty, not a weights file: download it again or save it anew.")
    if size > max_bytes:
        raise BadWeights(
            f"{name} has {size:,} bytes, more than the {max_bytes:,} allowed: use a smaller network or save float16."
        )
    return size


def _read_safetensors(path: Path) -> dict[str, Any]:
    shapes = check_safetensors(path)
    try:
        # not mapped: a file that shrinks under a mapping kills the process
        found = safetensors.torch.load_file(path, backend="pread")
    except (safetensors.SafetensorError, RuntimeError, ValueError, OverflowError, TypeError) as error:
        raise damaged(path.name, shown(str(error))) from None
    if {key: tuple(value.shape) for key, value in found.items()} != shapes:
        raise damaged(path.name, "its header changed while it was read")
    return found


def _read_zip(file: BinaryIO, name: str) -> dict[str, Any]:
    records = read_records(file, name)
    plan = plan_of(records.program, name)
    planned = _tensors_of(plan.result, name)
    names = {id(tensor): key for key, tensor in planned.items()}
    for key, tensor in planned.items():
        _check_dtype(key, tensor.dtype, name)
    for tensor in [*planned.values(), *plan.tensors]:
        _check_plan(names.get(id(tensor), "a tensor beside the state dict"), tensor, records.storages, name)
    file.seek(0)
    found = _tensors_of(_torch_load(file, name), name)
    if {key: _shape_of(value) for key, value in found.items()} != {k: tuple(t.shape) for k, t in planned.items()}:
        raise damaged(name, "it reads differently the second time")
    return found


def _torch_load(file: BinaryIO, name: str) -> Any:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(file, map_location="cpu", weights_only=True)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 torch.load raises nearly anything on a damaged file
        raise damaged(name, f"PyTorch's reader stopped with {type(error).__name__}") from None


def _tensors_of(result: Any, name: str) -> dict[str, Any]:
    """The mapping of names to tensors that was saved, or that lies under `state_dict` or `model` in a checkpoint."""
    table = _mapping(result)
    if table is None:
        raise unfit(name, "holds no dict of tensors")
    for under in _UNDER:
        inner = _mapping(table.get(under))
        if inner is not None:
            table = inner
            break
    if not table:
        raise unfit(name, "holds an empty dict")
    if len(table) > MAX_TENSORS:
        raise damaged(name, f"it lists {len(table):,} tensors, more than {MAX_TENSORS:,}")
    for key, value in table.items():
        if type(key) is not str:
            raise unfit(name, f"holds a dict whose keys are not text but {type(key).__name__}")
        if len(key) > MAX_KEY:
            raise damaged(name, f"a tensor's name has {len(key):,} characters")
        if not isinstance(value, torch.Tensor | TensorPlan):
            what = {"Table": "dict", "NoneType": "None", "OrderedDict": "dict"}.get(type(value).__name__)
            raise unfit(name, f"holds under {shown(key)} not a tensor but a {what or type(value).__name__}")
    return table


def _mapping(value: Any) -> dict[Any, Any] | None:
    if isinstance(value, Table):
        return value.items
    return dict(value) if isinstance(value, dict) else None


def _check_plan(key: str, plan: TensorPlan, storages: Mapping[str, int], name: str) -> None:
    """Refuse a view that reaches outside its storage or meets itself, and a storage that is not its record."""
    where = shown(key)
    shape, stride, offset = plan.shape, plan.stride, plan.offset
    held, item_size = plan.storage.numel * _item_size(plan.storage.dtype), _item_size(plan.dtype)
    if not (_whole(shape) and _whole(stride) and _whole((offset,)) and len(shape) == len(stride)):
        raise damaged(name, f"the shape or the strides of {where} are no whole numbers from 0")
    if len(shape) > MAX_DIMS or max(shape, default=0) > MAX_SIDE or max(stride, default=0) > MAX_SIDE:
        raise damaged(name, f"{where} has {len(shape):,} dimensions, the largest {max(shape):,}")
    if held != storages.get(plan.storage.key):
        raise damaged(name, f"the record of {where} has not the size it should have")
    sides = sorted((step, side) for side, step in zip(shape, stride, strict=True) if side > 1)
    end = offset + sum(step * (side - 1) for step, side in sides) + 1 if math.prod(shape) else offset
    if end * item_size > held:
        raise damaged(name, f"{where} claims {math.prod(shape):,} numbers and its record holds {plan.storage.numel:,}")
    reach = 1 if math.prod(shape) else 0
    for step, side in sides:
        if step < reach:
            raise unfit(name, f"holds {where} as a view that repeats its numbers", "call .contiguous() before saving")
        reach = step * side


def _item_size(dtype: str) -> int:
    """Bytes per number; what is not listed has eight bits or fewer."""
    return _ITEM_SIZES.get(dtype, 1)


def _whole(values: Any) -> bool:
    return isinstance(values, tuple) and all(type(value) is int and value >= 0 for value in values)


def _check_dtype(key: str, dtype: str, name: str) -> None:
    if dtype not in _DTYPES.values():
        wanted = ", ".join(_DTYPES.values())
        raise unfit(name, f"holds {shown(key)} as {shown(dtype, 20)}", f"convert it to one of {wanted} before saving")


def _shape_of(value: torch.Tensor) -> tuple[int, ...]:
    return tuple(value.shape)


def _plain(key: str, value: torch.Tensor, name: str) -> torch.Tensor:
    """The tensor as a network takes it; refuses what is more than numbers in a row."""
    strange = {
        "sparse": value.layout is not torch.strided,
        "nested": value.is_nested,
        "quantised": value.is_quantized,
        "meta (a shape with no numbers)": value.device.type != "cpu",
        "of a class of its own": type(value) not in (torch.Tensor, torch.nn.Parameter),
        "conjugated or negated": value.is_conj() or value.is_neg(),
    }
    for what, so in strange.items():
        if so:
            raise unfit(name, f"holds {shown(key)}, which is {what}")
    _check_dtype(key, str(value.dtype).removeprefix("torch."), name)
    if value.numel() * value.element_size() > value.untyped_storage().nbytes():
        raise unfit(name, f"holds {shown(key)} as a view that repeats its numbers", "call .contiguous() before saving")
    return value.detach().contiguous()
