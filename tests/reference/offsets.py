"""OverFeat's offsets in a loop, as the paper's section 3.3 says it."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def over_offsets(before: nn.Module, pool: nn.MaxPool2d, behind: nn.Module, x: Tensor) -> Tensor:
    """Pool the maps at every offset (dx, dy) below the pool's stride, go on with each, interleave what comes out."""
    maps = before(x)
    step = int(pool.stride)
    parts = {(dy, dx): behind(pool(maps[:, :, dy:, dx:])) for dy in range(step) for dx in range(step)}
    rows = sum(parts[dy, 0].shape[2] for dy in range(step))
    columns = sum(parts[0, dx].shape[3] for dx in range(step))
    whole = torch.full((len(x), parts[0, 0].shape[1], rows, columns), float("nan"))
    for (dy, dx), part in parts.items():
        whole[:, :, dy::step, dx::step] = part
    return whole
