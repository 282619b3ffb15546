"""The last map at each stride: the network's very numbers, for pictures of any size, and where its cells look."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from explorer.engine.hooks import tapped
from explorer.errors import Mistake
from explorer.models.registry import models
from explorer.ops.stages import stages_of, up_to

KNOWN = {
    "alexnet": [("features.1", 4, 64), ("features.4", 8, 192), ("features.11", 16, 256), ("features.12", 32, 256)],
    "resnet18": [
        ("relu", 2, 64), ("layer1.1.relu", 4, 64), ("layer2.1.relu", 8, 128), ("layer3.1.relu", 16, 256),
        ("layer4.1.relu", 32, 512),
    ],
    "googlenet": [
        ("conv1", 2, 64), ("conv3", 4, 192), ("inception3b", 8, 480), ("inception4e", 16, 832),
        ("inception5b", 32, 1024),
    ],
    "inception_v3": [
        ("Conv2d_2b_3x3", 2, 64), ("Conv2d_4a_3x3", 4, 192), ("Mixed_5d", 8, 288), ("Mixed_6e", 16, 768),
        ("Mixed_7c", 32, 2048),
    ],
}  # fmt: skip
KINDS = ["squeezenet1_1", "mobilenet_v3_small", "shufflenet_v2_x0_5", "densenet121", "mobilenet_v1", "efficientnet_b0"]


def seeded(name: str) -> nn.Module:
    torch.manual_seed(0)
    return models().get(name).build(10).eval()


@pytest.mark.parametrize("name", KNOWN)
def test_the_stages_are_the_papers(name: str) -> None:
    found = stages_of(seeded(name), models().get(name).card.input)
    assert [(one.name, one.stride, one.channels) for one in found if one.stride > 1] == KNOWN[name]


@pytest.mark.parametrize("size", [(224, 224), (150, 203)])
@pytest.mark.parametrize("layer", ["relu", "layer2.1.relu", "layer4.1.relu"])
def test_a_stage_is_the_map_inside_the_network_at_any_size(layer: str, size: tuple[int, int]) -> None:
    module = seeded("resnet18")
    before = copy.deepcopy(module.state_dict())
    made, stages, stage = up_to(module, (224, 224), layer)
    block, _, _ = layer.rpartition(".")
    picture = torch.randn(1, 3, *size)
    with torch.inference_mode(), tapped(module, [block or layer]) as seen:
        module(picture)
    with torch.inference_mode():
        got = made(picture)
    wanted = seen[block or layer]
    assert torch.equal(got, wanted) and stage in stages and got.shape[1] == stage.channels
    assert got.shape[2:] == tuple(-(-side // stage.stride) for side in size)
    mine = {tensor.data_ptr() for tensor in module.parameters()}
    assert {tensor.data_ptr() for tensor in made.parameters()} <= mine
    assert all(torch.equal(before[key], value) for key, value in module.state_dict().items())


@pytest.mark.parametrize("name", KINDS)
def test_the_last_stage_is_what_the_classes_are_made_of(name: str) -> None:
    """Every kind of network, at a size it was not made for."""
    module = seeded(name)
    made, stages, stage = up_to(module, models().get(name).card.input)
    assert stage == stages[-1] and [one.stride for one in stages] == sorted({one.stride for one in stages})
    with torch.inference_mode():
        got = made(torch.randn(2, 3, 160, 224))
    assert got.shape[:2] == (2, stage.channels) and abs(got.shape[3] - 224 / stage.stride) <= 1
    assert sum(parameter.numel() for parameter in made.parameters()) <= sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize("name", ["alexnet", "street_vgg", "street_alexnet", "resnet18", "squeezenet1_1"])
def test_the_first_cell_looks_where_its_gradient_is(name: str) -> None:
    """Of positive weights on averages, each pixel in the field has some: the field's middle moves by the stride."""
    module = seeded(name)
    for part in list(module.modules()):
        for key, child in part.named_children():
            if isinstance(child, nn.MaxPool2d):
                setattr(part, key, nn.AvgPool2d(child.kernel_size, child.stride, child.padding, child.ceil_mode))
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(1e-2)
    made, _, stage = up_to(module, models().get(name).card.input, "8")
    picture = torch.ones(1, 3, 300, 300, requires_grad=True)
    for row, column in ((15, 15), (16, 18)):
        picture.grad = None
        made(picture)[0, 0, row, column].backward()
        assert picture.grad is not None
        rows, columns = picture.grad[0, 0].nonzero().unbind(1)
        middle = [(int(side.min()) + int(side.max()) + 1) / 2 for side in (columns, rows)]
        wanted = [first + 8 * index for first, index in zip(stage.first, (column, row), strict=True)]
        assert middle == pytest.approx(wanted, abs=0.51), (name, middle, wanted)  # ceilings and even kernels: half


def test_a_layer_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(Mistake, match=r"layer4\.1\.relu \(stride 32\)"):
        up_to(seeded("resnet18"), (224, 224), "layer5")
    assert up_to(seeded("resnet18"), (224, 224), "16")[2].name == "layer3.1.relu"


class Rowed(nn.Module):
    """Reads its picture as one row of numbers; the convolution comes too late."""

    def __init__(self) -> None:
        super().__init__()
        self.linear, self.conv = nn.Linear(3 * 8 * 8, 3 * 4 * 4), nn.Conv2d(3, 2, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(self.linear(x.flatten(1)).view(-1, 3, 4, 4)).flatten(1)


def test_a_network_without_a_map_is_refused() -> None:
    with pytest.raises(Mistake, match="no map with rows and columns"):
        stages_of(Rowed(), (8, 8))
