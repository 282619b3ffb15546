"""What a safetensors header must be before the library may see it: the library is safe, but not cheap (67 MB of header
with a million empty tensors take it 10 s and 2 GB), and it keeps the last of two tensors with one name.
"""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import Any

from explorer.engine.weights_refused import damaged, shown, unfit

MAX_HEADER = 4_000_000
MAX_TENSORS = 20_000
MAX_DIMS = 8
MAX_SIDE = 1 << 31
MAX_KEY = 1_000

DTYPES = {"F16": 2, "BF16": 2, "F32": 4, "F64": 8, "I64": 8, "I32": 4, "U8": 1}
"""The dtypes we take, by safetensors' names, and their bytes per element."""


class _Twins(ValueError):
    """One name stands twice in a JSON object."""


def check_safetensors(path: Path) -> dict[str, tuple[int, ...]]:
    """Shapes by name, after looking at the header alone. Raises BadWeights."""
    name = path.name
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        (length,) = struct.unpack("<Q", file.read(8))
        if length > size - 8:
            raise damaged(name, f"its header claims {length:,} bytes in a file of {size:,}")
        if length > MAX_HEADER:
            raise damaged(name, f"its header has {length:,} bytes, more than {MAX_HEADER:,}")
        text = file.read(length)
    header = _parsed(text, name)
    if len(header) > MAX_TENSORS:
        raise damaged(name, f"it lists {len(header):,} tensors, more than {MAX_TENSORS:,}")
    spans = sorted((*_span(key, entry, name), key) for key, entry in header.items())
    end = 0
    for start, stop, key in spans:
        if start != end:
            raise damaged(name, f"the bytes of {shown(key)} {'overlap others' if start < end else 'follow a gap'}")
        end = stop
    if end != size - 8 - length:
        raise damaged(name, f"it should hold {end:,} bytes of tensors and holds {size - 8 - length:,}")
    return {key: tuple(entry["shape"]) for key, entry in header.items()}


def _parsed(text: bytes, name: str) -> dict[str, Any]:
    """The header's entries but for the metadata."""
    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=_unique)
    except _Twins as twins:
        raise damaged(name, f"{twins} stands in it twice") from None
    except RecursionError:
        raise damaged(name, "its header is nested too deep") from None
    except ValueError:
        raise damaged(name, "its header is not JSON") from None
    if not isinstance(header, dict):
        raise damaged(name, "its header is not a JSON object")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise damaged(name, "its metadata is not a list of texts")
    return header


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        seen: set[str] = set()
        twin = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Twins(shown(twin))
    return entries


def _span(key: str, entry: Any, name: str) -> tuple[int, int]:
    """First byte and end of one tensor, counted from the end of the header."""
    where = shown(key)
    if len(key) > MAX_KEY:
        raise damaged(name, f"a tensor's name has {len(key):,} characters")
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise damaged(name, f"the entry of {where} is not one")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not (_sizes(shape) and _sizes(offsets) and isinstance(dtype, str) and len(offsets) == 2):
        raise damaged(name, f"the entry of {where} is not one")
    if dtype not in DTYPES:
        raise unfit(name, f"holds {where} as {shown(dtype, 20)}", f"save it as one of {', '.join(DTYPES)}")
    if len(shape) > MAX_DIMS:
        raise damaged(name, f"{where} has {len(shape):,} dimensions, more than {MAX_DIMS}")
    if any(side > MAX_SIDE for side in shape):
        raise damaged(name, f"{where} has a side of {max(shape):,}")
    if math.prod(shape) * DTYPES[dtype] != offsets[1] - offsets[0]:
        raise damaged(name, f"the shape of {where} does not fit its bytes")
    return offsets[0], offsets[1]


def _sizes(values: Any) -> bool:
    """Whether this is a list of whole numbers, none negative (`True` is no number here)."""
    return isinstance(values, list) and all(type(value) is int and value >= 0 for value in values)
