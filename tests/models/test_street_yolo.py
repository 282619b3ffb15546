"""The street's YOLO: what it begins as, how its numbers are laid out, and that places matter to it."""

from __future__ import annotations

import numpy as np
import torch

from explorer.models.street_yolo import BOXES, FIRST_SIDES, GRID, INPUT, StreetYolo, boxes_of
from explorer.models.vgg import StreetVGG

CELLS = GRID[0] * GRID[1]


def seeded(classes: int = 10) -> StreetYolo:
    torch.manual_seed(0)
    return StreetYolo(classes).eval()


def test_it_fits_four_megabytes_of_halves_and_its_grid_is_what_its_halvings_leave() -> None:
    network = seeded()
    assert 1.8e6 < sum(value.numel() for value in network.state_dict().values()) < 2e6
    assert network.features(torch.zeros(1, 3, *INPUT)).shape == (1, 128, *GRID)
    assert network(torch.zeros(2, 3, *INPUT)).shape == (2, CELLS * (10 + 5 * BOXES))


def test_its_features_are_the_first_stages_of_street_vgg() -> None:
    learnt, state = StreetVGG(11).state_dict(), seeded().state_dict()
    own = {key: value.shape for key, value in state.items() if key.startswith("features.")}
    assert own == {key: learnt[key].shape for key in own} and len(own) == 6 * 6
    assert {key for key in learnt if key.startswith("features.")} - set(own) == {
        key for key in learnt if key.startswith("features.4.")
    }


def test_what_leads_past_the_dense_layers_comes_to_its_own_cell() -> None:
    """In Darknet's order: all classes, all confidences, all boxes; the dense layers silenced."""
    network = seeded(3)
    with torch.no_grad():
        for value in (network.dense[-1].weight, network.dense[-1].bias, network.past.weight):
            value.zero_()
        network.past.bias[:] = torch.arange(13.0)
        network.past.weight[:, 7] = 1.0
    maps = torch.zeros(1, 192, *GRID)
    maps[0, 7, 4, 11] = 100.0
    network.neck = torch.nn.Identity()
    network.features = torch.nn.Identity()
    made = boxes_of(network(maps))
    assert made.classes.shape == (1, *GRID, BOXES, 3) and made.size == INPUT
    for row, column, more in ((4, 11, 100), (4, 10, 0), (11, 4, 0)):
        at = 0, row, column
        assert made.classes[at][1].tolist() == [more, more + 1, more + 2]
        assert made.objectness[at].tolist() == [more + 3, more + 4]
        assert made.read[at].flatten().tolist() == [more + number for number in range(5, 13)]


def test_the_same_thing_elsewhere_is_not_the_same_to_it() -> None:
    """A shifted picture moves a convolution's answers and changes a dense layer's."""
    network = seeded()
    with torch.no_grad():
        network.dense[-1].weight.mul_(10)
    x = torch.zeros(2, 3, *INPUT)
    patch = torch.randn(3, 64, 64)
    x[0, :, 80:144, 80:144] = patch
    x[1, :, 80:144, 176:240] = patch  # six cells further to the right
    with torch.inference_mode():
        maps = network.neck(network.features(x))
        made = boxes_of(network(x))
    torch.testing.assert_close(maps[0, :, 6:8, 6:8], maps[1, :, 6:8, 12:14], atol=1e-3, rtol=1e-3)
    assert (made.read[0, 6:8, 6:8] - made.read[1, 6:8, 12:14]).abs().max() > 0.05


def test_before_anything_is_learnt_each_cell_has_a_small_and_a_large_box_in_its_middle() -> None:
    with torch.inference_mode():
        made = boxes_of(seeded()(torch.randn(1, 3, *INPUT)))
    middles = made.within.mean((0, 1, 2))
    np.testing.assert_allclose(middles, 0.5, atol=0.15)
    sides = made.factor.median(1).values.median(1).values[0]
    assert (sides[0] < 0.2).all() and (sides[1] > 0.2).all() and FIRST_SIDES[0] < FIRST_SIDES[1]
    assert made.objectness.abs().mean() < 0.5
