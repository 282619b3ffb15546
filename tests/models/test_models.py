"""Every registered network: its weights' count, its output, its second self, and what LECTURES ask to be offered."""

from __future__ import annotations

import copy

import pytest
import safetensors.torch
import torch
from torch import nn
from torchvision.models import get_model_weights

from explorer.contract import ModelCard
from explorer.engine.hooks import hook_count, tapped
from explorer.engine.study import study_copy, studying
from explorer.errors import UnknownName
from explorer.models.registry import Entry, Registry, models
from explorer.ops.arithmetic import count
from explorer.training.recipe import recipes

NAMED = [
    "alexnet",
    "vgg16",
    "vgg19",
    "googlenet",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "wide_resnet50_2",
    "wide_resnet101_2",
    "densenet121",
    "densenet161",
    "densenet169",
    "densenet201",
    "squeezenet1_0",
    "squeezenet1_1",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "mobilenet_v3_large",
    "shufflenet_v2_x1_0",
    "inception_v3",
    "efficientnet_b0",
    "efficientnet_b7",
]
SMALL = ["squeezenet1_1", "mobilenet_v3_small", "shufflenet_v2_x0_5", "resnet18", "googlenet", "densenet121"]
ACTIVATIONS = (nn.ReLU, nn.ReLU6, nn.Hardswish, nn.Hardsigmoid, nn.SiLU, nn.Sigmoid, nn.GELU)


def seeded(name: str, classes: int = 10) -> nn.Module:
    torch.manual_seed(0)
    return models().get(name).build(classes).eval()


@pytest.mark.parametrize("name", NAMED)
def test_what_the_lectures_name_is_offered(name: str) -> None:
    entry = models().get(name)
    assert "classify" in entry.card.tasks and entry.card.weights


PUBLISHED = [name for name in models() if models().get(name).published]


def test_only_what_a_recipe_is_yet_to_make_has_no_weights_or_what_nobody_publishes() -> None:
    assert set(models()) - set(PUBLISHED) - {"overfeat"} <= {recipes().get(name).model for name in recipes()}


@pytest.mark.parametrize("name", PUBLISHED)
def test_weights_count_is_the_publishers(name: str) -> None:
    """torchvision prints it; of timm's files the size is known, four bytes a weight; of ours it is in the file."""
    entry = models().get(name)
    with torch.device("meta"):
        module = entry.build(len(entry.published[0].categories))
    weights = sum(parameter.numel() for parameter in module.parameters())
    card = entry.card.weights[0]
    if "pytorch" in card.host:
        meta = get_model_weights(name).DEFAULT.meta["num_params"]
        auxiliaries = {"inception_v3": 27161264 - 23834568}.get(name, 0)
        assert weights == meta - auxiliaries
    elif card.name == "bundled":
        kept = safetensors.torch.load_file(entry.published[0].file)
        assert sum(t.numel() for t in module.state_dict().values()) == sum(tensor.numel() for tensor in kept.values())
    else:
        assert card.size == pytest.approx(4 * sum(t.numel() for t in module.state_dict().values()), rel=0.01)


@pytest.mark.parametrize(("name", "macs"), [("alexnet", 0.714e9), ("resnet50", 4.089e9), ("resnet101", 7.801e9)])
def test_multiply_adds_are_the_known_ones(name: str, macs: float) -> None:
    entry = models().get(name)
    assert count(lambda: entry.build(1000), entry.card.input).macs == pytest.approx(macs, rel=0.002)


def _both(name: str, picture: torch.Tensor) -> tuple[nn.Module, nn.Module]:
    serving = seeded(name)
    return serving, study_copy(serving, (96, 96))


@pytest.mark.parametrize("name", SMALL)
def test_the_study_self_answers_the_same_and_shares_the_weights(name: str) -> None:
    picture = torch.randn(1, 3, 96, 96)
    serving, study = _both(name, picture)
    before = copy.deepcopy(serving.state_dict())
    with torch.inference_mode(), studying(study):
        assert torch.allclose(serving(picture), study(picture), atol=1e-5)
    assert {t.data_ptr() for t in serving.parameters()} == {t.data_ptr() for t in study.parameters()}
    assert not {id(part) for part in serving.modules()} & {id(part) for part in study.modules()}
    assert all(torch.equal(before[key], value) for key, value in serving.state_dict().items())


@pytest.mark.parametrize("name", SMALL)
def test_every_activation_of_the_study_self_is_its_own_and_out_of_place(name: str) -> None:
    _, study = _both(name, torch.zeros(1))
    calls: dict[str, int] = {}
    kept: list[tuple[torch.Tensor, torch.Tensor]] = []

    def hook(layer: str) -> object:
        def keep(part: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
            calls[layer] = calls.get(layer, 0) + isinstance(part, ACTIVATIONS)
            kept.extend((tensor, tensor.clone()) for tensor in (*inputs, output))

        return keep

    handles = [
        part.register_forward_hook(hook(layer))  # type: ignore[arg-type]
        for layer, part in study.named_modules()
        if not any(True for _ in part.children())
    ]
    with torch.inference_mode(), studying(study):
        study(torch.randn(1, 3, 96, 96))
    for handle in handles:
        handle.remove()
    assert set(calls.values()) <= {0, 1}
    assert all(torch.equal(now, then) for now, then in kept)


def test_hooks_on_the_study_self_never_reach_the_serving_self() -> None:
    serving, study = _both("resnet18", torch.zeros(1))
    with tapped(study, ["layer1.0.relu.0", "layer1.0.relu.1", "layer4"]) as seen, studying(study):
        assert hook_count(study) == 3 and hook_count(serving) == 0
        study(torch.randn(1, 3, 64, 64))
    assert hook_count(study) == 0
    assert seen["layer4"].shape == (1, 512, 2, 2)
    assert not torch.equal(seen["layer1.0.relu.0"], seen["layer1.0.relu.1"])
    with pytest.raises(UnknownName, match="did you mean layer4"), tapped(study, ["layer44"]):
        pass


def test_the_registry_refuses_twins_and_suggests_the_near_miss() -> None:
    registry = Registry()
    entry = Entry(ModelCard("one", "One", 2000, "p", "i"), lambda classes: nn.Identity())
    registry.add(entry)
    with pytest.raises(ValueError, match="two models are called one"):
        registry.add(entry)
    with pytest.raises(UnknownName, match="did you mean resnet50"):
        models().get("resnet5O")
    with pytest.raises(UnknownName, match="did you mean IMAGENET1K_V2"):
        models().get("resnet50").weights("IMAGENET1K_V3")


@pytest.mark.parametrize(("name", "cell"), [("street_alexnet", 16), ("street_vgg", 32), ("street_resnet", 16)])
def test_the_street_networks_maps_have_the_cells_that_detectors_and_masks_will_read(name: str, cell: int) -> None:
    module = seeded(name, 11)
    assert module(torch.zeros(1, 3, 64, 64)).shape == (1, 11)
    x = torch.zeros(1, 3, 480, 640)
    with torch.inference_mode():
        rows, columns = module.features(x).shape[2:]
        if name == "street_vgg":
            for stage in range(5):
                x = module.features[stage](x)
                assert x.shape[2:] == (480 >> stage + 1, 640 >> stage + 1)
    assert abs(rows - 480 / cell) <= 1 and abs(columns - 640 / cell) <= 1
