"""Arrays of a record: checked once at birth, and from then on read-only."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from explorer.errors import Mistake


def settle(record: object, wanted: Mapping[str, tuple[type, tuple[int, ...]]], whose: str, advice: str) -> None:
    """Put a read-only view, contiguous, in place of each array that a frozen record was given under these names.

    wanted: its type and shape, by name; whose, advice: how a sentence begins and ends. Raises Mistake for another one.
    """
    for name, (dtype, shape) in wanted.items():
        array = getattr(record, name)
        if array.dtype != dtype or array.shape != shape:
            got = f"{array.dtype} {array.shape}"
            raise Mistake(f"{whose} {name} is {np.dtype(dtype)} {shape}, got {got}: {advice}.")
        owned = np.ascontiguousarray(array).view()
        owned.flags.writeable = False
        object.__setattr__(record, name, owned)
