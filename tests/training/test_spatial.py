"""The loss at every place: by hand, and that a network learns by it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from explorer.models.overfeat import WINDOW, StreetOverFeat
from explorer.training.objective import objective
from explorer.training.recipe import recipes
from explorer.training.spatial import FEWEST, HARD

RECIPE = recipes().get("street_overfeat")
AIM = objective("spatial")


def test_things_and_the_hardest_background_are_learnt_and_nothing_else() -> None:
    torch.manual_seed(1)
    outputs = torch.randn(1, 15, 6, 10)
    labels = np.full((1, 6, 10), 10)
    labels[0, 0, 0], labels[0, 5] = 4, -1
    boxes = np.zeros((1, 4, 6, 10), np.float32)
    boxes[0, :, 0, 0] = [-0.2, -0.3, 0.2, 0.3]
    wrong = F.cross_entropy(
        outputs[:, :11], torch.as_tensor(labels).clamp(min=0), reduction="none", label_smoothing=RECIPE.label_smoothing
    )[0]
    hardest = wrong[:5].flatten()[1:].sort(descending=True).values[: HARD + FEWEST]
    box = (outputs[0, 11:, 0, 0] - torch.tensor([-0.2, -0.3, 0.2, 0.3])).square().sum()
    wanted = (wrong[0, 0] + hardest.sum()) / (1 + HARD + FEWEST) + box
    assert float(AIM.loss(outputs, (labels, boxes), RECIPE)) == pytest.approx(float(wanted), rel=1e-5)


def test_metrics_by_hand() -> None:
    outputs = torch.zeros(2, 15, 1, 4)
    outputs[:, 10] = 1.0
    outputs[0, 3, 0, 0] = 2.0
    labels = np.array([[[3, 3, 10, -1]], [[10, 10, -1, -1]]])
    boxes = np.full((2, 4, 1, 4), 0.5, np.float32)
    sums = AIM.measure(outputs, (labels, boxes)).tolist()
    assert sums == pytest.approx([2 * 0.75, 2 * 0.5, 2 * 1.0, 2 * 0.5])


def test_a_network_learns_where_a_bright_square_is() -> None:
    torch.manual_seed(0)
    network = StreetOverFeat(11)
    whole = AIM.form(network)
    optimiser = torch.optim.AdamW(network.parameters(), 1e-3)
    rng = np.random.Generator(np.random.PCG64(0))
    losses = []
    for _ in range(12):
        x = torch.zeros(4, 3, WINDOW + 16, WINDOW + 16)
        labels, boxes = np.full((4, 3, 3), 10), np.zeros((4, 4, 3, 3), np.float32)
        for i, (row, column) in enumerate(rng.integers(0, 3, (4, 2)).tolist()):
            y0, x0 = row * 8 + 24, column * 8 + 24
            x[i, :, y0 : y0 + 31, x0 : x0 + 31] = 2.0
            labels[i, row, column], boxes[i, :, row, column] = 1, [-0.2, -0.2, 0.2, 0.2]
        network.train()
        loss = AIM.loss(whole(x), (labels, boxes), RECIPE)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert np.mean(losses[-3:]) < 0.6 * np.mean(losses[:3])
