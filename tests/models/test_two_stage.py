"""Detectors of two passes are torchvision's: their parts, their published files, their proposals, their input."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torchvision
from PIL import Image
from torch import Tensor
from torchvision.models import WeightsEnum
from torchvision.models.detection.image_list import ImageList
from torchvision.transforms import functional as F

from explorer.engine.engine import LocalEngine
from explorer.errors import BadWeights, Mistake
from explorer.models.registry import models
from explorer.models.two_stage import BoxHead, TwoStage, second_pass, with_new_names
from explorer.models.whole_picture import WholePicture
from explorer.ops.arithmetic import count
from explorer.records.frame import Frame

DETECTORS = [card.name for card in models().cards("detect") if card.family in ("Faster R-CNN", "Mask R-CNN")]
OLD = (  # what torchvision's files of 2019 and 2020 call these parts
    (r"^(backbone\.fpn\.(?:inner|layer)_blocks\.\d+)\.0\.", r"\1."),
    (r"^(rpn\.head\.conv)\.0\.0\.", r"\1."),
)
SIZE = (96, 128)


def old_name(name: str) -> str:
    for pattern, to in OLD:
        name = re.sub(pattern, to, name)
    found = re.match(r"^(roi_heads\.mask_head)\.(\d)\.0\.(.*)", name)
    return f"{found[1]}.mask_fcn{int(found[2]) + 1}.{found[3]}" if found else name


def seeded(name: str) -> TwoStage:
    """With weights of a spread that keeps numbers apart, and normalisation that does something."""
    torch.manual_seed(3)
    made = models().get(name).build(91).eval()
    assert isinstance(made, TwoStage)
    with torch.no_grad():
        for key, tensor in made.state_dict().items():
            normal = key.endswith(("running_var", "running_mean")) or re.search(r"bn\d?\.|\.1\.(weight|bias)$", key)
            if normal and tensor.is_floating_point():
                tensor.copy_(torch.empty(tensor.shape).uniform_(0.4, 0.6))
    return made


KINDS = ["fasterrcnn_resnet50_fpn", "maskrcnn_resnet50_fpn", "maskrcnn_resnet50_fpn_v2", DETECTORS[2]]


@pytest.fixture(scope="module", params=KINDS)
def pair(request: pytest.FixtureRequest) -> tuple[TwoStage, Any]:
    """Ours, and torchvision's with the same weights, read by its own code from a file as it publishes them."""
    ours = seeded(request.param)
    state = ours.state_dict()
    if not request.param.endswith("v2"):
        state = {old_name(key): tensor for key, tensor in state.items()}
        assert set(state) != set(ours.state_dict())
    given = {key: tensor.clone() for key, tensor in state.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WeightsEnum, "get_state_dict", lambda *_, **__: given)
        theirs = torchvision.models.get_model(request.param, weights="COCO_V1").eval()
    adapted = models().get(request.param).adapt(state)
    assert {key: value.shape for key, value in adapted.items()} == {
        key: value.shape for key, value in ours.state_dict().items()
    }
    return ours, theirs


def test_the_first_pass_is_torchvisions(pair: tuple[TwoStage, Any]) -> None:
    ours, theirs = pair
    x = torch.randn(2, 3, *SIZE)
    with torch.inference_mode():
        maps = theirs.backbone(x)
        objectness, offsets = theirs.rpn.head(list(maps.values()))
        parts = ours.parts(x)
        row = ours(x)
    wanted = [*maps.values(), *objectness, *offsets]
    assert all(
        torch.allclose(got, want, rtol=1e-4, atol=1e-5) for got, want in zip(parts.values(), wanted, strict=True)
    )
    assert torch.equal(row, torch.cat([part.flatten(1) for part in parts.values()], dim=1))


def test_between_the_passes_is_torchvisions(pair: tuple[TwoStage, Any]) -> None:
    """Levels come apart as they were put together; proposals, heads and moved boxes are the same."""
    ours, theirs = pair
    x, picture = torch.randn(1, 3, *SIZE), (90, 121)
    head, between = second_pass(ours)
    assert isinstance(head, BoxHead) and between.bins == 7 and between.samples == 2
    with torch.inference_mode():
        row = ours(x)[0]
        maps = theirs.backbone(x)
        wanted, _ = theirs.rpn(ImageList(x, [picture]), maps)
        boxes, sure = between.proposals(row, SIZE, picture)
    assert torch.allclose(boxes, wanted[0], atol=1e-2) and len(boxes) == len(sure)
    assert (sure.diff() <= 0).all() and len(boxes)
    levels = between.levels(row, SIZE)
    names = [name for name in maps if name in theirs.roi_heads.box_roi_pool.featmap_names]
    assert [level.name for level in levels] == names
    for level in levels:
        assert torch.allclose(level.values, maps[level.name][0], rtol=1e-4, atol=1e-5)
        assert level.stride * level.values.shape[2] == SIZE[1]
    pooled = torch.randn(3, 256, 7, 7)
    with torch.inference_mode():
        got = head(pooled)
        scores, offsets = theirs.roi_heads.box_predictor(theirs.roi_heads.box_head(pooled))
    assert torch.allclose(got, torch.cat([scores, offsets], 1), rtol=1e-4, atol=1e-5)
    box = torch.tensor([10.0, 20.0, 60.0, 50.0])
    moved = between.moved(offsets, box)
    assert torch.allclose(moved, theirs.roi_heads.box_coder.decode(offsets, [box.expand(3, 4)]))


def test_the_serving_network_is_left_as_it_was() -> None:
    ours = seeded("fasterrcnn_mobilenet_v3_large_320_fpn")
    before = {key: tensor.clone() for key, tensor in ours.state_dict().items()}
    _, between = second_pass(ours)
    with torch.inference_mode():
        between.proposals(ours(torch.randn(1, 3, *SIZE))[0], SIZE, SIZE)
    assert all(torch.equal(before[key], tensor) for key, tensor in ours.state_dict().items())
    assert not ours.training and not any(tensor.is_meta for tensor in ours.state_dict().values())


def test_only_detectors_of_two_passes_have_a_second() -> None:
    with pytest.raises(TypeError, match="two passes"):
        second_pass(torch.nn.Identity())


@pytest.mark.parametrize(
    ("name", "giga"),
    [
        ("fasterrcnn_resnet50_fpn", 134.38),
        ("fasterrcnn_resnet50_fpn_v2", 280.371),
        ("maskrcnn_resnet50_fpn_v2", 333.577),
    ],
)
def test_multiply_adds_are_torchvisions(name: str, giga: float) -> None:
    """Of MobileNet's it counts no region, for untrained it keeps none; of Mask R-CNN's first, no mask."""
    entry = models().get(name)
    assert count(lambda: entry.build(91), entry.card.input).macs == pytest.approx(giga * 1e9, rel=1e-4)


@pytest.mark.parametrize("name", DETECTORS)
def test_weights_are_described_as_published(name: str) -> None:
    entry = models().get(name)
    theirs = torchvision.models.get_model_weights(name).DEFAULT
    (ours,) = entry.published
    assert ours.url == theirs.url and ours.categories == tuple(theirs.meta["categories"])
    assert ours.categories[0] == "__background__" and ours.card.domain == "photographs"
    assert ours.file.endswith(f"-{ours.sha256}.pth") and ours.card.metrics["map"] == pytest.approx(
        theirs.meta["_metrics"]["COCO-val2017"]["box_map"] / 100
    )


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize("size", [(300, 451), (97, 640), (700, 333)])
def test_pictures_are_prepared_as_torchvision_does(name: str, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (*size, 3), np.uint8)
    with torch.device("meta"):
        theirs = torchvision.models.get_model(name, weights=None, weights_backbone=None).eval()
    images, _ = theirs.transform([F.to_tensor(Image.fromarray(pixels))])
    preparation = models().get(name).published[0].preparation
    assert isinstance(preparation, WholePicture)
    ours = preparation.batch(Frame(pixels))
    assert torch.equal(ours, images.tensors)
    assert preparation.sizes(size) == (tuple(images.image_sizes[0]), tuple(images.tensors.shape[-2:]))
    assert preparation.windows(Frame(pixels)).tolist() == [[0, 0, size[1], size[0]]]


def test_what_no_detector_can_see_is_refused() -> None:
    with pytest.raises(Mistake, match="1 crop"):
        WholePicture().batch(Frame(np.zeros((50, 50, 3), np.uint8)), 10)
    with pytest.raises(Mistake, match="too narrow"):
        WholePicture().batch(Frame(np.zeros((1, 2000, 3), np.uint8)))


def test_new_names_stay_and_counters_go() -> None:
    state: dict[str, Tensor] = {
        "rpn.head.conv.0.0.weight": torch.zeros(1),
        "backbone.bn.num_batches_tracked": torch.zeros(1),
    }
    assert list(with_new_names(state)) == ["rpn.head.conv.0.0.weight"]


def test_a_file_of_ones_own_with_old_names_and_other_classes_serves(tmp_path: Path) -> None:
    name = "fasterrcnn_mobilenet_v3_large_320_fpn"
    torch.manual_seed(1)
    mine = models().get(name).build(5).eval()
    path = tmp_path / "mine.pth"
    torch.save({old_name(key): tensor for key, tensor in mine.state_dict().items()}, path)
    engine = LocalEngine("cpu", models())
    network = engine.network(name, engine.adopt(name, str(path)))
    assert network.categories == tuple(f"class {i}" for i in range(5)) and network.domain == "unknown"
    x = torch.randn(1, 3, *SIZE)
    with torch.inference_mode():
        assert torch.allclose(network.module(x), mine(x), atol=1e-5)
    path.write_bytes(b"")
    with pytest.raises(BadWeights):
        engine.adopt(name, str(path))
    engine.close()
