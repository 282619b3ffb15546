"""The painter's greedy NMS is torchvision's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torchvision.ops import batched_nms

from explorer.drawing.nms import nms


@pytest.mark.parametrize("seed", range(300))
def test_as_torchvision(seed: int) -> None:
    """Quarter pixels and few groups: torchvision moves groups apart by adding to places, exact for such numbers."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 80))
    corner = rng.integers(0, 160, (n, 2)) / 4
    boxes = np.concatenate([corner, corner + rng.integers(0, 100, (n, 2)) / 4], 1).astype(np.float32)
    scores = (rng.integers(0, 30, n) / 30).astype(np.float32)
    groups = rng.integers(0, 4, n)
    iou = float(rng.choice([0, 0.25, 0.3, 0.5, 0.7, 1]))
    wanted = batched_nms(*(torch.from_numpy(one) for one in (boxes, scores, groups)), iou).numpy()
    got = nms(boxes, scores, groups, iou)
    assert np.array_equal(scores[got], scores[wanted])
    assert set(got.tolist()) == set(wanted.tolist())


def test_by_hand() -> None:
    boxes = np.asarray([[0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 10, 8], [50, 50, 60, 60]], np.float32)
    scores = np.asarray([0.5, 0.9, 0.4, 0.1], np.float32)
    same, apart = np.zeros(4, np.int64), np.arange(4)
    assert nms(boxes, scores, same, 0.85).tolist() == [1, 3]
    assert nms(boxes, scores, same, 0.89).tolist() == [1, 2, 3]
    assert nms(boxes, scores, apart, 0.0).tolist() == [1, 0, 2, 3]


def test_an_overlap_of_just_the_threshold_stays() -> None:
    boxes = np.asarray([[0, 0, 4, 4], [0, 0, 4, 2]], np.float32)
    assert nms(boxes, np.asarray([0.9, 0.8], np.float32), np.zeros(2, np.int64), 0.5).tolist() == [0, 1]


def test_nothing_is_changed() -> None:
    boxes, scores = np.ones((3, 4), np.float32), np.asarray([0.1, 0.2, 0.3], np.float32)
    groups = np.zeros(3, np.int64)
    for array in (boxes, scores, groups):
        array.flags.writeable = False
    assert len(nms(boxes, scores, groups, 0.5)) == 3  # boxes without area overlap nothing
