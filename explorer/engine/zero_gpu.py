"""A GPU lent for one pass at a time: Hugging Face's ZeroGPU, https://huggingface.co/docs/hub/spaces-zerogpu.

Passes run in a process of its own, which begins as a copy of this one and may be another the next time: so networks
stay on the processor here, and one travels there when that process does not know it yet. The package `spaces` is
installed on such Spaces alone.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Hashable
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn

    from explorer.records.classify import Precision

    Pass = Callable[[Hashable, nn.Module | None, Tensor, Precision], Tensor | None]

SECONDS = 10
"""A pass takes less; whoever asks for less waits less for a GPU."""
DEVICE = "cuda"
KNOWN: dict[Hashable, nn.Module] = {}
"""Networks that the lent process holds on its GPU; empty in any other."""


@cache
def lent_pass() -> Pass | None:
    """`run` on a lent GPU, None where none is lent.

    First called before torch is imported and before the page is launched: `spaces` demands both.
    """
    if os.environ.get("SPACES_ZERO_GPU", "").lower() not in ("1", "t", "true") or find_spec("spaces") is None:
        return None
    lent: Pass = importlib.import_module("spaces").GPU(duration=SECONDS)(run)
    return lent


def forward(lent: Pass, key: Hashable, module: nn.Module, items: Tensor, precision: Precision) -> Tensor:
    """Float32 rows on the processor; key: equal for equal networks."""
    rows = lent(key, None, items, precision)
    if rows is None:
        rows = lent(key, module, items, precision)
    if rows is None:
        raise RuntimeError("the lent process did not take the network it was sent")
    return rows


def run(key: Hashable, module: nn.Module | None, items: Tensor, precision: Precision) -> Tensor | None:
    """In the lent process: the pass, or None for a network that it does not know and was not sent."""
    from explorer.engine.network import passed

    if module is not None:
        KNOWN[key] = module.to(DEVICE)
    if key not in KNOWN:
        return None
    return passed(KNOWN[key], items.to(DEVICE), precision).float().cpu()
