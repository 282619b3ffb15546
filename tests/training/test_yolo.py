"""What street_yolo is trained for: the loss is equation 3, and the deciding figure is of boxes found."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.models.street_yolo import BOXES, GRID, INPUT, StreetYolo, boxes_of
from explorer.ops.yolo_loss import yolo_loss
from explorer.training.objective import objective
from explorer.training.recipe import recipes
from explorer.training.streets.yolo_targets import Targets, targets

RECIPE = recipes().get("street_yolo")
AIM = objective("yolo")
THINGS = ((84, 40, 116, 80, 7, 1.0), (200, 100, 260, 160, 2, 0.5), (20, 200, 24, 220, 2, 1.0))


def stacked(*found: Targets) -> tuple[NDArray[np.generic], ...]:
    return tuple(np.stack(column) for column in zip(*found, strict=True))


def right(labels: NDArray[np.int64], boxes: NDArray[np.float32], confidence: float = 1.0) -> Tensor:
    """What a network would read that knew everything: the first box of each cell with a thing."""
    classes = np.eye(12)[labels][..., :10]  # of -1 and -2 there is none
    confidences, read = np.zeros((*GRID, BOXES)), np.full((*GRID, BOXES, 4), 0.1)
    confidences[labels >= 0, 0] = confidence
    read[..., 0, :2], read[..., 0, 2:] = boxes[..., :2], np.sqrt(boxes[..., 2:])
    return torch.from_numpy(np.concatenate([classes.ravel(), confidences.ravel(), read.ravel()])).float()[None]


def test_who_knows_everything_has_no_loss_and_full_marks() -> None:
    known = targets(np.array(THINGS), INPUT)
    outputs = right(*known[:2])
    assert AIM.loss(outputs, stacked(known), RECIPE).item() == pytest.approx(0, abs=1e-4)
    assert AIM.measure(outputs, stacked(known)).tolist() == pytest.approx([1, 1, 0], abs=1e-4)


def test_the_loss_is_the_mean_of_the_papers_over_pictures() -> None:
    known = stacked(targets(np.array(THINGS), INPUT), targets(np.array(THINGS[:1]), INPUT))
    outputs = torch.randn(2, GRID[0] * GRID[1] * 20, generator=torch.Generator().manual_seed(0))
    wanted = yolo_loss(boxes_of(outputs), torch.as_tensor(known[0]), torch.as_tensor(known[1])).total
    assert AIM.loss(outputs, known, RECIPE).item() == pytest.approx(wanted.mean().item(), rel=1e-5)
    assert AIM.measure(outputs, known)[2].item() == pytest.approx(wanted.sum().item(), rel=1e-5)


def test_metrics_by_hand() -> None:
    """Of two things one is found, below a surer box where nothing is: half of the recall at half of the precision."""
    labels, boxes, truth = targets(np.array(THINGS), INPUT)
    said, moved = labels.copy(), boxes.copy()
    said[labels == 2], moved[labels == 2] = -1, 0
    outputs = right(said, moved, confidence=0.6)
    assert AIM.measure(outputs, stacked((labels, boxes, truth)))[:2].tolist() == pytest.approx([0.5, 0.5])
    said[12, 12], moved[12, 12] = 5, [0.5, 0.5, 0.2, 0.2]
    outputs = right(said, moved, confidence=0.6)
    at = GRID[0] * GRID[1] * 10 + (12 * GRID[1] + 12) * BOXES
    outputs[0, at] = 0.9
    assert AIM.measure(outputs, stacked((labels, boxes, truth)))[:2].tolist() == pytest.approx([0.25, 0.5])


def test_a_thing_that_the_grid_cannot_hold_is_missed_and_one_that_does_not_count_is_not() -> None:
    both = np.array([(80, 40, 112, 80, 1, 1.0), (84, 42, 108, 76, 2, 1.0)])
    known = targets(both, INPUT)
    assert AIM.measure(right(*known[:2]), stacked(known))[:2].tolist() == pytest.approx([0.5, 0.5])
    labels, boxes, truth = targets(np.array(THINGS), INPUT)
    seen = targets(np.array([*THINGS[:2], (20, 200, 27, 220, 2, 1.0)]), INPUT)  # the third as one that counts
    assert (seen[0] >= 0).sum() == 3 > (labels >= 0).sum()
    assert AIM.measure(right(*seen[:2]), stacked((labels, boxes, truth)))[:2].tolist() == pytest.approx([1, 1])


def test_a_network_learns_by_it() -> None:
    """Where a bright square is, in a few steps."""
    torch.manual_seed(0)
    network = StreetYolo(10)
    x = torch.zeros(2, 3, *INPUT)
    x[0, :, 40:80, 84:116], x[1, :, 120:180, 200:260] = 2.0, 2.0
    known = stacked(
        targets(np.array([(84, 40, 116, 80, 7, 1.0)]), INPUT), targets(np.array([(200, 120, 260, 180, 2, 1.0)]), INPUT)
    )
    optimiser = torch.optim.AdamW(network.parameters(), 3e-4)
    losses = []
    for _ in range(8):
        loss = AIM.loss(network(x), known, RECIPE)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.25 * losses[0]
