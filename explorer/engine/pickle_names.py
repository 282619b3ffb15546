"""The names a state dict's pickle may ask Python for, and stand-ins for what they would make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from explorer.engine.weights_refused import damaged, shown, unfit
from explorer.errors import BadWeights

STORAGES = {
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ByteStorage": "uint8",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "BoolStorage": "bool",
    "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128",
    "UntypedStorage": "untyped",
}
_REFUSED = {
    "_rebuild_sparse_tensor": "a sparse tensor",
    "_rebuild_qtensor": "a quantised tensor",
    "_rebuild_meta_tensor_no_storage": "a meta tensor, which has a shape and no numbers",
    "_rebuild_nested_tensor": "a nested tensor",
    "_rebuild_wrapper_subclass": "a tensor of a class of its own",
    "_rebuild_from_type_v2": "a tensor of a class of its own",
    "_rebuild_parameter_with_state": "a parameter with attributes of its own",
    "_rebuild_device_tensor_from_numpy": "a tensor of another device",
    "_rebuild_device_tensor_from_cpu_tensor": "a tensor of another device",
}
_DANGEROUS = {
    *("os", "posix", "nt", "sys", "subprocess", "builtins", "__builtin__", "runpy", "shutil", "socket", "importlib"),
    *("ctypes", "pty", "commands", "webbrowser", "code", "timeit", "operator", "functools", "types", "pickle", "io"),
}


@dataclass(frozen=True)
class Global:
    """A name the program asks Python for, as `module.name`."""

    name: str


@dataclass(frozen=True)
class Storage:
    """Where numbers lie: the record's key, their dtype and how many there are said to be."""

    key: str
    dtype: str
    numel: int


@dataclass(eq=False)
class TensorPlan:
    """A tensor as it would be rebuilt: a strided view of a storage, strides and offset in elements."""

    storage: Storage
    dtype: str
    offset: Any
    shape: Any
    stride: Any


@dataclass(eq=False)
class Table:
    """A dict or OrderedDict, with only plain keys."""

    items: dict[Any, Any] = field(default_factory=dict)


class Halt(Exception):
    """The program is not one that torch.save writes for tensors."""


def _stranger(module: str, full: str, file: str) -> BadWeights:
    if module.partition(".")[0] in _DANGEROUS:
        return damaged(file, f"it asks Python to run {shown(full)}, which no weights need")
    if module.startswith(("torch.nn.", "torchvision.", "timm.", "__main__")):
        return unfit(file, f"holds a whole network (class {shown(full)})")
    return unfit(file, f"holds a Python object ({shown(full)})")


def _tensor(args: tuple[Any, ...]) -> TensorPlan:
    storage, offset, shape, stride, *rest = args
    if not isinstance(storage, Storage) or len(rest) > 3 or any(rest[2:]):
        raise Halt("its pickle makes a tensor in a way torch.save does not")
    if len(rest) > 1 and not (isinstance(rest[1], Table) and not rest[1].items):
        raise Halt("its pickle hangs hooks on a tensor")
    return TensorPlan(storage, storage.dtype, offset, shape, stride)


def _typed_tensor(args: tuple[Any, ...]) -> TensorPlan:
    storage, offset, shape, stride, _, _, dtype, *rest = args
    plan = _tensor((storage, offset, shape, stride, *args[4:6]))
    if not isinstance(dtype, Global) or any(rest):
        raise Halt("its pickle makes a tensor in a way torch.save does not")
    return TensorPlan(plan.storage, dtype.name.removeprefix("torch."), offset, shape, stride)


def _parameter(args: tuple[Any, ...]) -> TensorPlan:
    tensor, _, hooks = args
    if not isinstance(tensor, TensorPlan) or not isinstance(hooks, Table) or hooks.items:
        raise Halt("its pickle makes a parameter in a way torch.save does not")
    return tensor


def _empty(args: tuple[Any, ...]) -> Table:
    if args:
        raise Halt("its pickle makes a dict in a way torch.save does not")
    return Table()


MAKERS: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_tensor_v3": _typed_tensor,
    "torch._utils._rebuild_parameter": _parameter,
    "collections.OrderedDict": _empty,
    "torch.Size": lambda args: args[0],
    "torch.device": lambda args: None,
}
_DTYPES = "float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool complex64 complex128"
_FLOAT8 = "float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2"
_ALLOWED = {*MAKERS, *(f"torch.{dtype}" for dtype in f"{_DTYPES} {_FLOAT8}".split())}


def look_up(module: str, name: str, file: str) -> Global:
    """The stand-in for `module.name`. Raises BadWeights saying what a name outside the list would have made."""
    full = f"{module}.{name}"
    if module in ("torch", "torch.storage") and name in STORAGES:
        return Global(f"torch.{name}")
    if full in _ALLOWED:
        return Global(full)
    if module.startswith("torch.") and name in _REFUSED:
        raise unfit(file, f"holds {_REFUSED[name]}")
    raise _stranger(module, full, file)
