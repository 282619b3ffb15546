"""Chance that is a function of the recipe's seed, a purpose and a number: nothing to save, nothing to restore."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import numpy as np
import torch


class Purpose(IntEnum):
    """What the numbers are for; each has a stream of its own."""

    ORDER = 0
    AUGMENT = 1
    DROPOUT = 2
    START = 3


def rng(seed: int, purpose: Purpose, number: int) -> np.random.Generator:
    """NumPy's generator for one epoch or step."""
    return np.random.Generator(np.random.PCG64([seed, purpose, number]))


@contextmanager
def torch_seeded(seed: int, purpose: Purpose, number: int, device: torch.device) -> Iterator[None]:
    """torch's own generators for one step; whoever else uses them finds them as they were."""
    devices = [device.index or 0] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(int(rng(seed, purpose, number).integers(2**62)))
        yield
