"""Detection in two passes is torchvision's, end to end, on seeded weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.transform import resize_boxes
from torchvision.ops import box_iou

from explorer.engine.engine import LocalEngine
from explorer.engine.network import Network
from explorer.models.registry import models
from explorer.models.whole_picture import WholePicture
from explorer.records.detect import Detect
from explorer.records.frame import Frame

SMALL, LARGE = "fasterrcnn_mobilenet_v3_large_320_fpn", "maskrcnn_resnet50_fpn"


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    """MobileNet's scores are spread out, for as it is drawn it says nearly the same of everything."""
    made = LocalEngine("cpu", models())
    faint = made.network(SMALL, "random").module
    with torch.no_grad():
        faint.roi_heads.box_predictor.cls_score.weight.mul_(30)
        for block in faint.backbone.fpn.layer_blocks:
            block[0].weight.mul_(1e6)
    made.network(LARGE, "random").preparation = WholePicture(260, 600)  # at 800 it takes seconds
    yield made
    made.close()


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(np.random.default_rng(4).integers(0, 256, (120, 175, 3)).astype(np.uint8), "noise")


def theirs(network: Network, frame: Frame, score: float) -> dict[str, Any]:
    """As torchvision's GeneralizedRCNN.forward goes."""
    two, preparation = network.module, network.preparation
    assert isinstance(preparation, WholePicture)
    size, _ = preparation.sizes(frame.size)
    usual = two.roi_heads.score_thresh
    two.roi_heads.score_thresh = score
    mask, two.roi_heads.mask_head = two.roi_heads.mask_head, None
    with torch.inference_mode():
        x = preparation.batch(frame)
        maps = two.backbone(x)
        proposals, _ = two.rpn(ImageList(x, [size]), maps)
        (found,), _ = two.roi_heads(maps, proposals, [size])
    two.roi_heads.score_thresh, two.roi_heads.mask_head = usual, mask
    return found | {"boxes": resize_boxes(found["boxes"], size, frame.size)}


@pytest.mark.parametrize(("model", "score"), [(SMALL, 0.02), (LARGE, 0.05), (LARGE, 0.3)])
def test_the_same_things_are_found(engine: LocalEngine, frame: Frame, model: str, score: float) -> None:
    network = engine.network(model, "random")
    wanted = theirs(network, frame, score)
    found = engine.run(Detect(engine.keep(frame), model, "random", score))
    assert 3 < len(found.scores) == len(wanted["scores"]) <= 100
    assert np.allclose(found.scores, wanted["scores"], atol=1e-4) and (found.scores >= score).all()
    assert found.labels.tolist() == wanted["labels"].tolist() and 0 not in found.labels
    assert np.allclose(found.boxes, wanted["boxes"], atol=0.1)
    assert network.module.roi_heads.score_thresh == 0.05
    again = engine.run(Detect(engine.keep(frame), model, "random", 0.5))
    apart = engine.run(Detect(engine.keep(frame), model, "random", score, iou=0.0))
    for label in set(apart.labels.tolist()):
        boxes = torch.from_numpy(apart.boxes[apart.labels == label])
        assert apart.cached and (box_iou(boxes, boxes) - torch.eye(len(boxes))).max() < 1e-3
    assert network.module.roi_heads.nms_thresh == 0.5
    assert again.cached and len(again.scores) == (found.scores >= 0.5).sum()


def test_another_overlap_runs_nothing_and_leaves_what_torchvision_would(engine: LocalEngine, frame: Frame) -> None:
    network = engine.network(SMALL, "random")
    usual, counts = network.module.roi_heads.nms_thresh, []
    for iou in (0.02, 0.1, None):
        network.module.roi_heads.nms_thresh = usual if iou is None else iou
        wanted = theirs(network, frame, 0.02)
        network.module.roi_heads.nms_thresh = usual
        found = engine.run(Detect(engine.keep(frame), SMALL, "random", 0.02, iou=iou))
        assert np.allclose(found.scores, wanted["scores"], atol=1e-4)
        counts.append(len(found.scores))
    assert counts[0] < counts[1] < counts[2] and found.cached


def test_where_nothing_is_proposed_nothing_is_found(engine: LocalEngine) -> None:
    """The small one leaves proposals out that score under .05: here all of them."""
    network = engine.network("fasterrcnn_mobilenet_v3_large_fpn", "random")
    network.preparation = WholePicture(96, 200)
    with torch.no_grad():
        network.module.rpn.head.cls_logits.bias.fill_(-9)
    black = Frame(np.zeros((60, 90, 3), np.uint8))
    found = engine.run(Detect(engine.keep(black), "fasterrcnn_mobilenet_v3_large_fpn", "random"))
    assert found.boxes.shape == (0, 4) and len(found.names) == 91
