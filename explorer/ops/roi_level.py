"""Which map of a pyramid a region is cut from; Lin et al., Feature Pyramid Networks, CVPR 2017, equation 1,
https://arxiv.org/abs/1612.03144."""

from __future__ import annotations

import numpy as np

from explorer.ops.roi_pool import in_cells
from explorer.records.roi import Box

CANONICAL_LEVEL, CANONICAL_SIDE = 4, 224
"""A region as large as ImageNet's pictures belongs to the map of stride 16."""
_EPS = np.float32(1e-6)


def pyramid_level(box: Box, finest: int, coarsest: int) -> tuple[float, int]:
    """4 + log2(sqrt(w h) / 224) of a box, and the level it goes to: that, rounded down, of the levels there are.

    box: x0 y0 x1 y1 in pixels of the network's input; finest, coarsest: the levels k of the pyramid, of stride 2^k.
    In float32, as torchvision.ops.poolers.LevelMapper. Raises Mistake for a reversed box.
    """
    x0, y0, x1, y1 = in_cells(box, 1.0)
    side = np.sqrt((x1 - x0) * (y1 - y0))
    with np.errstate(divide="ignore"):
        exact = np.float32(CANONICAL_LEVEL) + np.log2(side / np.float32(CANONICAL_SIDE))
    return float(exact), int(np.clip(np.floor(exact + _EPS), finest, coarsest))
