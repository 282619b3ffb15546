"""OverFeat's greedy merge of boxes: Sermanet et al., ICLR 2014, arXiv:1312.6229, section 4.3."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Merged:
    """What is left of n boxes.

    boxes: float32 (m, 4); scores: float32 (m,), the summed scores of the boxes that each was made of; members: int64
    (n,), the one of the m that each box went into.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    members: NDArray[np.int64]


def greedy_merge(boxes: NDArray[np.float32], scores: NDArray[np.float32], most: float) -> Merged:
    """Merge the two boxes that match best, again and again, until no two match within `most`.

    boxes: (n, 4), x0 y0 x1 y1; scores: (n,), above 0. Two boxes match by `match_score`; a merged box is the mean of
    what it was made of, weighted by score (the paper's plain mean of two would give the latest box half of the say),
    and its confidence adds up.
    """
    now, total = boxes.astype(np.float64), scores.astype(np.float64)
    into = np.arange(len(boxes))
    alive = np.ones(len(boxes), bool)
    apart = match_score(now, now)
    np.fill_diagonal(apart, np.inf)
    while alive.any():
        one, other = divmod(int(apart.argmin()), len(boxes))
        if not apart[one, other] <= most:
            break
        share = total[other] / (total[one] + total[other])
        now[one] = (1 - share) * now[one] + share * now[other]
        total[one] += total[other]
        into[into == other] = one
        alive[other] = False
        apart[other] = apart[:, other] = np.inf
        apart[one] = np.where(alive, match_score(now[one][None], now)[0], np.inf)
        apart[one, one] = np.inf
        apart[:, one] = apart[one]
    left = np.flatnonzero(alive)
    places = np.zeros(len(boxes), np.int64)
    places[left] = np.arange(len(left))
    return Merged(now[left].astype(np.float32), total[left].astype(np.float32), places[into])


def match_score(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, m): how badly boxes (n, 4) and (m, 4) match, 0 for the same box.

    The paper sums the distance of the centres and the area of the intersection and gives no units; here the distance is
    in units of the mean of their four sides, and the area is what IoU leaves of 1.
    """
    a, b = one[:, None], other[None]
    sides = (a[..., 2:] - a[..., :2] + b[..., 2:] - b[..., :2]).mean(axis=-1) / 2
    centres = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    shared = np.maximum(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0).prod(axis=-1)
    areas = (a[..., 2:] - a[..., :2]).prod(axis=-1) + (b[..., 2:] - b[..., :2]).prod(axis=-1)
    iou = shared / np.maximum(areas - shared, 1e-9)
    distance = np.hypot(centres[..., 0], centres[..., 1]) / np.maximum(sides, 1e-9)
    return np.asarray(distance + 1 - iou)
