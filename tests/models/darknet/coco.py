"""Photographs with their truth, and how many of it is found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.ops import box_iou


def annotations(path: Path, size: tuple[int, int]) -> NDArray[np.float32]:
    """(k, 5): class, x0, y0, x1, y1 in pixels."""
    lines = [[float(part) for part in line.split()] for line in path.read_text().splitlines()] if path.exists() else []
    rows = [(c, x - w / 2, y - h / 2, x + w / 2, y + h / 2) for c, x, y, w, h in lines]
    return np.asarray(rows, np.float32).reshape(-1, 5) * np.asarray([1, size[1], size[0], size[1], size[0]], np.float32)


def matched(boxes: torch.Tensor, labels: torch.Tensor, truth: NDArray[np.float32]) -> int:
    """How many of the detections, best first, find a thing of their class that none has found."""
    overlaps = box_iou(boxes, torch.from_numpy(truth[:, 1:])).numpy()
    free = np.ones(len(truth), bool)
    for row, label in zip(overlaps, labels.tolist(), strict=True):
        open_overlaps = np.where(free & (truth[:, 0] == label), row, 0)
        if len(truth) and open_overlaps.max() >= 0.5:
            free[open_overlaps.argmax()] = False
    return int((~free).sum())
