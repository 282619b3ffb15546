"""RoI Align, with what it reads; He et al., Mask R-CNN, ICCV 2017, section 3, https://arxiv.org/abs/1703.06870."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.ops.roi_pool import in_cells, rounded_box
from explorer.records.roi import Box, Sampled

MOST_POINTS = 250_000
_HALF = np.float32(0.5)
T = TypeVar("T", np.float32, np.int64)


def roi_align(
    features: NDArray[np.float32], box: Box, bins: int, samples: int = 0, scale: float = 1.0, aligned: bool = False
) -> Sampled:
    """Bilinear samples in each bin of a box, as torchvision.ops.roi_align has them, in its order of float32 steps.

    features: float32 (c, h, w), finite; box: x0 y0 x1 y1 in pixels of the picture; bins: on either side; samples: on
    either side of a bin, 0 or less for as many as the bin has cells, rounded up; scale: cells of the map to a pixel;
    aligned: moves the box half a cell up and left, so that a cell's value stands at its centre; if not, a box is at
    least one cell wide and high. Raises Mistake for a reversed box and for more than MOST_POINTS samples.
    """
    return _sampled(features, in_cells(box, scale), bins, samples, aligned)


def roi_warp(
    features: NDArray[np.float32], box: Box, bins: int, samples: int = 0, scale: float = 1.0, aligned: bool = False
) -> Sampled:
    """RoI Align on a box that was rounded to whole cells first as by RoI Pool, and is at least one cell wide and high.

    He et al. 2017, section 3 and table 2c, of Dai, He, Sun, CVPR 2016, https://arxiv.org/abs/1512.04412: it
    reads bilinearly too, so the rounding alone makes it differ from RoI Align. Arguments and errors as there.
    """
    cells = rounded_box(box, scale).astype(np.float32)
    cells[2:] = np.maximum(cells[2:], cells[:2] + 1)
    return _sampled(features, cells, bins, samples, aligned)


class _Side(NamedTuple):
    """One axis: edges (bins + 1,); points (bins, s); cells and weights of the two neighbours (bins, s, 2)."""

    edges: NDArray[np.float32]
    points: NDArray[np.float32]
    cells: NDArray[np.int64]
    weights: NDArray[np.float32]


def _sampled(
    features: NDArray[np.float32], cells: NDArray[np.float32], bins: int, samples: int, aligned: bool
) -> Sampled:
    """The box `cells` float32 (4,) is in cells of the map."""
    cells = cells - (_HALF if aligned else np.float32(0))
    extent = cells[2:] - cells[:2] if aligned else np.maximum(cells[2:] - cells[:2], np.float32(1))
    across, down = (samples if samples > 0 else int(np.ceil(side / np.float32(bins))) for side in extent)
    if across * down * bins * bins > MOST_POINTS:
        raise Mistake(
            f"That box takes {across * down * bins * bins:,} samples, and {MOST_POINTS:,} is the limit: "
            f"choose fewer samples or a smaller box."
        )
    x = _side(cells[0], extent[0], bins, across, features.shape[2])
    y = _side(cells[1], extent[1], bins, down, features.shape[1])
    each = bins, bins, down * across
    points = np.stack(_crossed(x.points[..., None], y.points[..., None]), axis=-1).reshape(*each, 2)
    neighbours = np.stack(_crossed(x.cells, y.cells), axis=-1).reshape(*each, 4, 2)
    weights = np.multiply(*_crossed(x.weights, y.weights)).reshape(*each, 4)
    read = (features[:, neighbours[..., 1], neighbours[..., 0]] * weights).sum(-1)
    some = read.shape[-1] > 0
    return Sampled(
        average=read.sum(-1) / np.float32(max(each[2], 1)),
        highest=read.max(-1) if some else np.zeros(read.shape[:-1], np.float32),
        box=np.append(cells[:2], cells[:2] + extent),
        edges_x=x.edges,
        edges_y=y.edges,
        grid=(down, across),
        points=points,
        neighbours=neighbours,
        weights=weights,
        samples=read,
        best=read.argmax(-1) if some else np.full(read.shape[:-1], -1, np.int64),
    )


def _side(start: np.float32, extent: np.float32, bins: int, samples: int, length: int) -> _Side:
    """A sample more than a cell outside reads nothing; one less far out reads the border's cell."""
    size = extent / np.float32(bins)
    edges = start + np.arange(bins + 1, dtype=np.float32) * size
    within = (np.arange(samples, dtype=np.float32) + _HALF) * size / np.float32(samples)
    points = edges[:-1, None] + within
    inside = (points >= -1) & (points <= length)
    place = np.clip(points, 0, length - 1)
    low = np.floor(place)
    part = place - low
    cells = np.stack([low, np.minimum(low + 1, length - 1)], axis=-1).astype(np.int64)
    weights = np.stack([1 - part, part], axis=-1) * inside[..., None]
    return _Side(edges, points, cells, weights)


def _crossed(x: NDArray[T], y: NDArray[T]) -> list[NDArray[T]]:
    """Every x with every y, both (bins, s, k), broadcast to (bins down, bins across, s down, s across, k, k)."""
    return list(np.broadcast_arrays(x[None, :, None, :, None, :], y[:, None, :, None, :, None]))
