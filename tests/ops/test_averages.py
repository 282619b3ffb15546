"""Averaging before a linear last layer is averaging after it; before anything else it is not."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from explorer.errors import Mistake
from explorer.models.registry import models
from explorer.ops.averages import two_orders
from explorer.ops.dense import convolutionize
from tests.ops.test_dense import small


@torch.inference_mode()
@pytest.mark.parametrize("stride", [4, 2])
def test_both_orders_are_the_mean_over_windows(stride: int) -> None:
    module = small()
    x = torch.randn(2, 3, 41, 46)  # one row of cells hangs over the edge at stride 4
    made, name = two_orders(module, (22, 26), stride)
    rows, columns = (41 - 22) // stride + 1, (46 - 26) // stride + 1
    windows = torch.stack(
        [
            module(x[:, :, y * stride : y * stride + 22, z * stride : z * stride + 26])
            for y in range(rows)
            for z in range(columns)
        ]
    )
    after, before = made(x).unbind(1)
    assert name == "last"
    assert torch.allclose(after, windows.mean(0), atol=1e-5) and torch.allclose(before, windows.mean(0), atol=1e-5)


@torch.inference_mode()
def test_a_dense_layer_that_reads_a_map_is_averaged_over_its_windows() -> None:
    torch.manual_seed(2)
    features = nn.Conv2d(3, 4, 3, stride=2), nn.ReLU(), nn.MaxPool2d(2)
    module = nn.Sequential(*features, nn.Flatten(), nn.Linear(4 * 2 * 3, 5)).eval()
    x = torch.randn(1, 3, 21, 29)
    for stride in (4, 2):
        made, name = two_orders(module, (10, 14), stride)
        dense, plan = convolutionize(module, (10, 14), stride)
        rows, columns = (21 - 10) // plan.stride + 1, (29 - 14) // plan.stride + 1
        wanted = dense(x)[:, :, :rows, :columns].mean((2, 3))
        after, before = made(x).unbind(1)
        assert name == "4" and made.last.dilation == 4 // stride
        assert torch.allclose(after, wanted, atol=1e-6) and torch.allclose(before, wanted, atol=1e-6)


def test_what_does_not_end_linear_is_refused() -> None:
    torch.manual_seed(0)
    behind = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(144, 2), nn.ReLU()).eval()
    with pytest.raises(Mistake, match="something follows"):
        two_orders(behind, (8, 8))
    with pytest.raises(Mistake, match="no dense layer"):
        two_orders(models().get("squeezenet1_1").build(10).eval(), (224, 224))
