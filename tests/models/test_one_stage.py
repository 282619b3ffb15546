"""Detectors of one pass are torchvision's: their parts, their published files, where their boxes begin, their input."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from PIL import Image
from torch import Tensor, nn
from torchvision.models.detection.image_list import ImageList
from torchvision.transforms import functional as F

from explorer.engine.engine import LocalEngine
from explorer.errors import BadWeights
from explorer.models.one_stage import OneStage, after_pass
from explorer.models.one_stage_verdict import judge
from explorer.models.registry import models
from explorer.models.whole_picture import WholePicture
from explorer.ops.arithmetic import count
from explorer.records.detect import Detect
from explorer.records.frame import Frame

DETECTORS = [card.name for card in models().cards("detect") if card.family in ("SSD", "RetinaNet", "FCOS")]
SMALL = "ssdlite320_mobilenet_v3_large"


def light(name: str, classes: int = 91) -> OneStage:
    """Of shapes alone."""
    with torch.device("meta"):
        made = models().get(name).build(classes).eval()
    assert isinstance(made, OneStage)
    return made


def published(name: str) -> nn.Module:
    with torch.device("meta"):
        made = torchvision.models.get_model(name, weights=None, weights_backbone=None)
    assert isinstance(made, nn.Module)
    return made.eval()


def shapes(state: dict[str, Tensor]) -> dict[str, torch.Size]:
    """Fixed normalisation counts no batches."""
    return {key: tensor.shape for key, tensor in state.items() if not key.endswith("num_batches_tracked")}


def test_these_are_the_five() -> None:
    assert sorted(DETECTORS) == [
        "fcos_resnet50_fpn",
        "retinanet_resnet50_fpn",
        "retinanet_resnet50_fpn_v2",
        "ssd300_vgg16",
        SMALL,
    ]


@pytest.mark.parametrize("name", DETECTORS)
def test_parts_and_their_order_are_torchvisions(name: str) -> None:
    ours, theirs = light(name), published(name)
    assert shapes(ours.state_dict()) == shapes(theirs.state_dict())
    rules = ours.rules
    assert (rules.candidates, rules.iou, rules.kept) == (
        theirs.topk_candidates,
        theirs.nms_thresh,
        theirs.detections_per_img,
    )
    frozen = re.compile(r"FrozenBatchNorm2d\(\d+, eps=\S+\)|BatchNorm2d\(.*\)")  # published ones do not train theirs
    said = [frozen.sub("normalised", repr(part)) for part in (ours.backbone, theirs.backbone)]
    assert said[0] == said[1] and repr(ours.head) == repr(theirs.head)


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
    cost = count(lambda: entry.build(91), entry.card.input)
    assert cost.params == theirs.meta["num_params"]
    assert cost.macs == pytest.approx(theirs.meta["_ops"] * 1e9, rel=1e-3)


OLD = (  # what torchvision's files of before 2022 call these parts
    (r"^(backbone\.fpn\.(?:inner|layer)_blocks\.\d+)\.0\.", r"\1."),
    (r"^(head\.\w+_head\.conv)\.(\d)\.0\.", lambda found: f"{found[1]}.{int(found[2]) * 2}."),
)


def test_files_with_old_names_fit_and_new_names_stay() -> None:
    for name, olds in (("retinanet_resnet50_fpn", OLD), ("fcos_resnet50_fpn", OLD[:1])):
        wanted = light(name).state_dict()
        old = {}
        for key, tensor in wanted.items():
            for pattern, to in olds:
                key = re.sub(pattern, to, key)  # type: ignore[call-overload]
            old[key] = tensor
        assert set(old) != set(wanted)
        adapt = models().get(name).adapt
        assert shapes(adapt(old)) == shapes(adapt(wanted)) == shapes(wanted)
        assert list(adapt({"backbone.bn.num_batches_tracked": torch.zeros(1)})) == []


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize("size", [(300, 451), (700, 333)])
def test_pictures_are_prepared_as_torchvision_does(name: str, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (*size, 3), np.uint8)
    images, _ = published(name).transform([F.to_tensor(Image.fromarray(pixels))])
    preparation = models().get(name).published[0].preparation
    assert isinstance(preparation, WholePicture)
    assert torch.equal(preparation.batch(Frame(pixels)), images.tensors)
    assert preparation.sizes(size) == (tuple(images.image_sizes[0]), tuple(images.tensors.shape[-2:]))


def test_what_is_squashed_may_be_as_narrow_as_it_likes() -> None:
    preparation = models().get(SMALL).published[0].preparation
    assert preparation.batch(Frame(np.zeros((1, 2000, 3), np.uint8))).shape == (1, 3, 320, 320)


@pytest.mark.parametrize("name", DETECTORS)
def test_boxes_begin_where_torchvisions_do(name: str) -> None:
    """Also in a network that was built of shapes, as those are that a file's weights are put into."""
    one = light(name)
    size = (300, 300) if name.startswith("ssd") else (160, 224)
    _, after = after_pass(one)
    maps, parts = one.parts(torch.empty(1, 3, *size, device="meta"))
    features = [torch.zeros(part.shape) for part in maps]
    (wanted,) = published(name).anchor_generator(ImageList(torch.zeros(1, 3, *size), [size]), features)
    numbers = sum(part.numel() for part in parts.values())
    read = after.read(torch.arange(numbers, dtype=torch.float32), size, size)
    assert torch.equal(read.start, wanted) and read.finite
    assert [(grid.rows, grid.columns) for grid in read.grids] == [tuple(part.shape[-2:]) for part in maps]
    last = read.grids[-1]
    assert read.places[-1].tolist() == [len(maps) - 1, last.rows - 1, last.columns - 1, last.anchors - 1]
    assert len(read.offsets) == len(read.start) == len(read.logits) == len(read.places)
    firsts = {"cls_logits": read.logits, "bbox_regression": read.offsets, "bbox_ctrness": read.centres}
    at = 0.0
    for name_of_part, part in parts.items():
        first = firsts[name_of_part]
        assert first is not None and float(first.flatten()[0]) == at
        at += part.numel()


@pytest.mark.parametrize("name", DETECTORS)
def test_a_cells_boxes_lie_around_its_corner_or_its_centre(name: str) -> None:
    """torchvision's anchors are centred on the corner of a cell, SSD's default boxes on its centre."""
    one = light(name)
    size = (300, 300) if name.startswith("ssd") else (160, 224)
    _, after = after_pass(one)
    parts = one.parts(torch.empty(1, 3, *size, device="meta"))[1]
    read = after.read(torch.zeros(sum(part.numel() for part in parts.values())), size, size)
    strides = torch.tensor([grid.stride for grid in read.grids])[read.places[:, 0]]
    within = 0.5 if name.startswith("ssd") else 0.0
    wanted = (read.places[:, [2, 1]] + within) * strides
    centres = (read.start[:, :2] + read.start[:, 2:]) / 2
    assert (centres - wanted).abs().max() <= 0.5 + 1e-3  # anchors are rounded to whole pixels


def test_the_serving_network_is_left_as_it_was() -> None:
    torch.manual_seed(3)
    ours = models().get(SMALL).build(4).eval()
    before = {key: tensor.clone() for key, tensor in ours.state_dict().items()}
    _, after = after_pass(ours)
    x = torch.randn(2, 3, 320, 320)
    with torch.inference_mode():
        rows = ours(x)
    assert rows.shape == (2, len(after.read(rows[0], (320, 320), (320, 320)).start) * (4 + 4))
    assert all(torch.equal(before[key], tensor) for key, tensor in ours.state_dict().items())
    assert not ours.training and not any(tensor.is_meta for tensor in ours.state_dict().values())


def test_what_is_no_number_competes_for_nothing() -> None:
    one = light(SMALL, 3)
    _, after = after_pass(one)
    size = (320, 320)
    parts = one.parts(torch.empty(1, 3, *size, device="meta"))[1]
    row = torch.randn(sum(part.numel() for part in parts.values()), generator=torch.Generator().manual_seed(1)) * 3
    read = after.read(row, size, size)
    usual = judge(after, read, 0.5)
    assert len(usual.found) > 3
    best = int(usual.met[usual.found[0]]) // 3
    offsets, logits = read.offsets.clone(), read.logits.clone()
    offsets[best, 2] = float("nan")
    logits[best + 1] = float("inf")
    broken = replace(read, offsets=offsets, logits=logits)
    left = judge(after, broken, 0.5)
    assert not broken.finite and torch.isfinite(left.boxes).all() and torch.isfinite(left.scores).all()
    assert not {best, best + 1} & set((left.met // 3).tolist())


def test_only_detectors_of_one_pass_have_an_after() -> None:
    with pytest.raises(TypeError, match="one pass"):
        after_pass(torch.nn.Identity())


def test_a_file_of_ones_own_with_other_classes_serves(tmp_path: Path) -> None:
    torch.manual_seed(1)
    theirs = torchvision.models.get_model(SMALL, weights=None, weights_backbone=None, num_classes=5).eval()
    path = tmp_path / "mine.pth"
    torch.save(theirs.state_dict(), path)
    engine = LocalEngine("cpu", models())
    network = engine.network(SMALL, engine.adopt(SMALL, str(path)))
    assert network.categories == tuple(f"class {i}" for i in range(5)) and network.domain == "unknown"
    frame = Frame(np.random.default_rng(4).integers(0, 256, (120, 175, 3)).astype(np.uint8), "noise")
    found = engine.run(Detect(engine.keep(frame), SMALL, "mine.pth", 0.15))
    with torch.inference_mode():
        wanted = theirs([F.to_tensor(Image.fromarray(frame.pixels))])[0]
    enough = wanted["scores"] > 0.15
    assert len(found.scores) > 3 and np.allclose(found.scores, wanted["scores"][enough], atol=1e-4)
    path.write_bytes(b"")
    with pytest.raises(BadWeights):
        engine.adopt(SMALL, str(path))
    engine.close()
