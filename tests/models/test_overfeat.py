"""OverFeat: the paper's own numbers, and a small one whose window is its receptive field."""

from __future__ import annotations

import torch
from torch import nn

from explorer.models.overfeat import WINDOW, OverFeat, StreetOverFeat
from explorer.ops.dense import convolutionize


def small() -> StreetOverFeat:
    torch.manual_seed(0)
    return StreetOverFeat(11).eval()


def test_the_fast_network_is_the_papers() -> None:
    """Section 3.3, table 3: 145 million weights; table 1: 231x231 in, the map before the dense layers 6x6."""
    with torch.device("meta"):
        network = OverFeat(1000)
        x = torch.empty(1, 3, 231, 231)
    assert sum(weight.numel() for weight in network.parameters()) // 10**6 == 145
    assert network.features(x).shape == (1, 1024, 6, 6) and network(x).shape == (1, 1000)


def test_one_place_sees_all_of_its_window_and_nothing_else() -> None:
    """By gradients: every border of the window matters, and only a larger picture gives more cells."""
    network = small()
    x = torch.randn(1, 3, WINDOW, WINDOW, requires_grad=True)
    network(x).square().sum().backward()
    assert x.grad is not None
    seen = x.grad.abs().sum(dim=(0, 1)) > 0
    assert bool(seen[0].any() and seen[-1].any() and seen[:, 0].any() and seen[:, -1].any())
    assert all(not any(part.padding) for part in network.modules() if isinstance(part, nn.Conv2d))
    assert network.features(torch.zeros(1, 3, WINDOW + 7, WINDOW)).shape == (1, 128, 3, 3)
    assert network.features(torch.zeros(1, 3, WINDOW + 8, WINDOW)).shape == (1, 128, 4, 3)


def test_the_box_regressor_shares_the_features_and_does_not_move_them() -> None:
    network = small()
    both = network.with_boxes()
    x = torch.randn(2, 3, WINDOW, WINDOW)
    assert torch.equal(both(x)[:, :11], network(x))
    both(x)[:, 11:].square().sum().backward()
    learnt, kept = network.regressor[0].weight.grad, network.features[0].weight.grad
    assert learnt is not None and bool(learnt.any()) and (kept is None or not bool(kept.any()))


def test_boxes_and_logits_are_found_in_one_pass_as_in_windows() -> None:
    both = small().with_boxes().eval()
    x = torch.randn(1, 3, WINDOW + 24, WINDOW + 40)
    for stride in (8, 4):
        whole, plan = convolutionize(both, (WINDOW, WINDOW), stride)
        assert plan.strides == (8, 4, 2) and not plan.padded and not plan.ceiled
        with torch.inference_mode():
            maps = whole(x)
            assert maps.shape == (1, 15, 24 // stride + 1, 40 // stride + 1)
            window = both(x[:, :, 16 : 16 + WINDOW, 24 : 24 + WINDOW])[0]
        torch.testing.assert_close(maps[0, :, 16 // stride, 24 // stride], window, atol=1e-4, rtol=1e-5)
