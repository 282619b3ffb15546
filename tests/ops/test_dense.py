"""Classifiers as convolutions: the same numbers at their own size, and at every window of a larger picture."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from explorer.errors import Mistake
from explorer.models.registry import models
from explorer.ops.dense import convolutionize
from explorer.ops.dense_linear import DenseLinear
from tests.reference.offsets import over_offsets

REAL = (
    *("alexnet", "vgg16", "googlenet", "resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_small"),
    *("squeezenet1_1", "densenet121", "digits_lenet5", "street_alexnet"),
)


def built(name: str) -> tuple[nn.Module, tuple[int, int]]:
    """With seeded weights, and running statistics that are not those of a network never fed."""
    entry = models().get(name)
    torch.manual_seed(7)
    module = entry.build(10).eval()
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.uniform_(part.running_mean, -0.2, 0.2)  # type: ignore[arg-type]
            nn.init.uniform_(part.running_var, 0.5, 1.5)  # type: ignore[arg-type]
    return module, entry.card.input


class Small(nn.Module):
    """Everything a classifier has, in small; no padding unless asked for, one cell at 22x26."""

    def __init__(self, padding: int = 0, ceil: bool = False) -> None:
        super().__init__()
        self.before = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2, padding=padding), nn.BatchNorm2d(4), nn.ReLU())
        self.pool = nn.MaxPool2d(2, 2, ceil_mode=ceil)
        self.behind = nn.Sequential(nn.Conv2d(4, 6, 2, padding=padding), nn.ReLU())
        self.dense = nn.LazyLinear(8)
        self.last = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.behind(self.pool(self.before(x)))
        return self.last(self.dense(x.flatten(1)).relu())


def small(padding: int = 0, ceil: bool = False) -> Small:
    torch.manual_seed(1)
    made = Small(padding, ceil)
    made(torch.randn(1, 3, 22, 26))
    return made.eval()


REST = tuple(card.name for card in models().cards("dense") if card.name not in REAL)


@pytest.mark.parametrize("name", REAL)
def test_at_its_own_size_the_logits_are_the_same_and_a_larger_picture_gives_a_map(name: str) -> None:
    converts(name)


@pytest.mark.long
@pytest.mark.parametrize("name", REST)
def test_so_does_every_other_registered_network_that_is_said_to(name: str) -> None:
    converts(name)


@torch.inference_mode()
def converts(name: str) -> None:
    """Logits of order 10 at its own size, and a map of the predicted size on a larger picture."""
    module, size = built(name)
    x = torch.randn(1, models_channels(module), *size)
    expected = module(x)
    factor = 10 / expected.abs().max()
    last = [part for part in module.modules() if isinstance(part, nn.Linear | nn.Conv2d)][-1]
    last.weight.data *= factor
    if last.bias is not None:
        last.bias.data *= factor
    expected = module(x)
    dense, plan = convolutionize(module, size)
    found = dense(x)
    assert found.shape == (1, 10, 1, 1) and 5 < expected.abs().max() < 20
    assert (found.flatten(1) - expected).abs().max() <= 1e-5 * expected.abs().max()
    step = plan.stride
    assert dense(torch.randn(1, x.shape[1], size[0] + step, size[1] + 2 * step)).shape == (1, 10, 2, 3)


def models_channels(module: nn.Module) -> int:
    return next(p.shape[1] for p in module.parameters() if p.ndim == 4)


@torch.inference_mode()
def test_dense_is_sliding_where_nothing_is_padded() -> None:
    module = small()
    x = torch.randn(2, 3, 40, 46)
    for stride in (4, 2):
        dense, plan = convolutionize(module, (22, 26), stride)
        found = dense(x)
        assert plan.strides == (4, 2) and plan.stride == stride and not plan.padded
        rows, columns = (40 - 22) // stride + 1, (46 - 26) // stride + 1
        assert found.shape == (2, 5, rows, columns)
        for row in range(rows):
            for column in range(columns):
                y, x0 = row * stride, column * stride
                window = module(x[:, :, y : y + 22, x0 : x0 + 26])
                assert torch.allclose(found[:, :, row, column], window, atol=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize("ceil", [False, True])
@pytest.mark.parametrize("padding", [0, 1])
def test_the_finer_map_is_the_papers_loop_over_offsets(padding: int, ceil: bool) -> None:
    module = small(padding, ceil)
    coarse, _ = convolutionize(module, (22, 26))
    finer, plan = convolutionize(module, (22, 26), 2)
    x = torch.randn(1, 3, 38, 43)

    def head(maps: Tensor) -> Tensor:
        hidden = coarse.get_submodule("dense_dense")(module.behind(maps))
        return coarse.get_submodule("dense_last")(hidden.relu())

    expected = over_offsets(module.before, module.pool, head, x)  # type: ignore[arg-type]
    found = finer(x)
    assert found.shape == expected.shape and torch.allclose(found, expected, atol=1e-5)
    assert bool(plan.padded) == bool(padding) and bool(plan.ceiled) == ceil
    assert torch.equal(coarse(x), found[:, :, ::2, ::2]) or torch.allclose(coarse(x), found[:, :, ::2, ::2], atol=1e-5)


@torch.inference_mode()
def test_average_pools_and_strided_convolutions_are_dilated_too() -> None:
    module, size = built("densenet121")
    x = torch.randn(1, 3, size[0] + 32, size[1])
    coarse, _ = convolutionize(module, size)
    finer, plan = convolutionize(module, size, 16)
    whole, half = coarse(x), finer(x)
    assert plan.strides[:3] == (32, 16, 8) and half.shape[2:] == (3, 1)
    assert torch.allclose(half[:, :, ::2], whole, atol=1e-4 * float(whole.abs().max()))


@torch.inference_mode()
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("kernel", [(1, 1), (2, 3)])
def test_the_product_is_the_convolution(
    kernel: tuple[int, int], dilation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    linear = nn.Linear(4 * kernel[0] * kernel[1], 7)
    layer = DenseLinear(linear, (4, *kernel), dilation)
    x = torch.randn(2, 4, 9, 8)
    expected = layer.as_convolution(x)
    assert layer(x).shape == (2, 7, 9 - dilation * (kernel[0] - 1), 8 - dilation * (kernel[1] - 1))
    assert torch.allclose(layer(x), expected, atol=1e-5)
    monkeypatch.setattr("explorer.ops.dense_linear.MOST_BYTES", 2000)  # in strips
    assert torch.allclose(layer(x), expected, atol=1e-5)
    assert layer.kernel().data_ptr() == linear.weight.data_ptr()


def test_weights_are_shared_and_the_network_is_left_as_it_was() -> None:
    module, size = built("alexnet")
    names = [name for name, _ in module.named_modules()]
    before = {key: value.clone() for key, value in module.state_dict().items()}
    dense, plan = convolutionize(module, size, 16)
    assert {p.data_ptr() for p in dense.parameters()} == {p.data_ptr() for p in module.parameters()}
    assert [name for name, _ in module.named_modules()] == names
    assert all(torch.equal(before[key], value) for key, value in module.state_dict().items())
    assert plan.linears == {
        "classifier.1": (4096, 256, 6, 6),
        "classifier.4": (4096, 4096, 1, 1),
        "classifier.6": (10, 4096, 1, 1),
    }
    assert plan.strides[:2] == (32, 16) and plan.padded[0] == "features.0"


def test_causes_of_a_difference_are_found_by_name() -> None:
    _, squeezenet = convolutionize(*built("squeezenet1_1"))
    assert squeezenet.ceiled == ["features.2", "features.5", "features.8"] and not squeezenet.whole
    _, mobilenet = convolutionize(*built("mobilenet_v3_small"))
    assert len(mobilenet.whole) == 9 and "features.1.block.1.avgpool" in mobilenet.whole


class Headless(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * self.gain  # type: ignore[no-any-return]

    def __init__(self) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(1, 3, 1, 1))


class Wild(Headless):
    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1) if x.sum() > 0 else x.flatten(1) + 1


def test_what_cannot_be_converted_is_refused_with_the_reason() -> None:
    uneven = nn.Sequential(nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(64, 2)).eval()
    normed = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.LayerNorm(144), nn.Linear(144, 2)).eval()
    for module, says in (
        (uneven, "4x4 cells of 6x6"),
        (normed, "LayerNorm"),
        (Headless().eval(), "one row"),
        (Wild().eval(), "cannot be followed"),
    ):
        with pytest.raises(Mistake, match=says):
            convolutionize(module, (8, 8))
    with pytest.raises(Mistake, match=r"stride of 3 .* choose one of 4, 2"):
        convolutionize(small(), (22, 26), 3)
    with pytest.raises(Mistake, match="choose 32 pixels"):
        convolutionize(*built("dla34"), 16)
