"""From heads to boxes on the picture: whose each is, what it scores, which stay."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torchvision
from PIL import Image

from explorer.errors import Mistake
from explorer.models.darknet.cfg import read_cfg
from explorer.models.darknet.decode import Candidates, decode, suppress
from explorer.models.darknet.heads import Detection, Region, Yolo
from explorer.models.darknet.network import Darknet
from explorer.models.darknet.plan import plan
from explorer.models.darknet.prepare import prepare
from explorer.models.darknet.yolo_v1 import yolo_v1
from explorer.ops.yolo_boxes import YoloBoxes
from explorer.records.frame import Frame
from tests.models.darknet.files import EVERY, YOLO, planned
from tests.reference import darknet as slow

PICTURE = 30, 20
"""(height, width) of a picture whose sides are scaled by 3.75 and 2.5 from the networks' 8x8."""


def every() -> tuple[Candidates, list[torch.Tensor]]:
    made = planned(*EVERY)
    torch.manual_seed(1)
    with torch.inference_mode():
        outputs = Darknet(made).eval()(torch.rand(2, 3, 8, 8))
    return decode(made, outputs, PICTURE, item=1), outputs


def test_every_head_is_read_in_its_own_way_and_all_boxes_are_one_list() -> None:
    candidates, outputs = every()
    yolo, detection, region = planned(*EVERY).head_sections
    assert isinstance(yolo, Yolo) and isinstance(detection, Detection) and isinstance(region, Region)
    found = [
        slow.yolo(outputs[0][1].numpy(), yolo.anchors, 2, (8, 8)),
        slow.detection(outputs[1][1].numpy(), 2, 2, 2),
        slow.region(outputs[2][1].numpy(), region.anchors, 2),
    ]
    assert len(candidates.boxes) == sum(len(boxes) for boxes in found) == 4 * 4 * 2 + 2 * 2 * 2 + 4 * 4 * 2
    whose = [(head, *box[:3]) for head, boxes in enumerate(found) for box in boxes]
    places = torch.stack([candidates.head, candidates.row, candidates.column, candidates.anchor], 1)
    assert [tuple(place) for place in places.tolist()] == whose
    flat = [box for boxes in found for box in boxes]
    for number, (_, _, _, (x, y, w, h), objectness, classes) in enumerate(flat):
        wanted = [(x - w / 2) * 20, (y - h / 2) * 30, (x + w / 2) * 20, (y + h / 2) * 30]
        assert candidates.boxes[number].tolist() == pytest.approx(wanted, rel=1e-4, abs=1e-3)
        products = [objectness * score for score in classes]
        assert candidates.labels[number] == int(np.argmax(products))
        assert candidates.scores[number].item() == pytest.approx(min(max(*products, 0), 1), rel=1e-4, abs=1e-6)


def test_each_candidate_is_found_in_its_heads_arithmetic() -> None:
    candidates, _ = every()
    to_picture = torch.tensor([20 / 8, 30 / 8] * 2)
    for number in range(0, len(candidates.boxes), 5):
        head: YoloBoxes = candidates.heads[int(candidates.head[number])]
        at = 0, int(candidates.row[number]), int(candidates.column[number]), int(candidates.anchor[number])
        assert torch.allclose(head.boxes[at] * to_picture, candidates.boxes[number])
        assert head.scores[at].max().clamp(0, 1) == candidates.scores[number]


def test_version_2_has_its_anchors_in_cells_that_need_not_be_square() -> None:
    """4 x 2 cells of 8 x 4 pixels: an anchor of 1 x 2 cells is 8 x 8, on a picture twice the size 16 x 16."""
    made = planned(
        "conv filters=7 stride_x=8 stride_y=4", "region classes=2 num=1 anchors=1,2 softmax=1", width=32, height=8
    )
    candidates = decode(made, [torch.zeros(1, 7, 2, 4)], (16, 64))
    assert made.layers[0].gives == (7, 2, 4)
    sides = candidates.boxes[:, 2:] - candidates.boxes[:, :2]
    assert sides.tolist() == [[16, 16]] * 8
    assert candidates.boxes[5].tolist() == [24 - 8, 12 - 8, 24 + 8, 12 + 8]
    assert candidates.scores.tolist() == [0.25] * 8


def test_boxes_may_reach_out_of_the_picture_and_are_clipped_on_demand() -> None:
    candidates, _ = every()
    assert candidates.boxes.min() < 0
    clipped = candidates.clipped
    assert clipped.min() == 0 and (clipped <= torch.tensor([20.0, 30, 20, 30])).all()
    inside = ((candidates.boxes >= 0) & (candidates.boxes <= torch.tensor([20.0, 30, 20, 30]))).all(1)
    assert inside.any() and torch.equal(clipped[inside], candidates.boxes[inside])


def made_of(boxes: list[list[float]], scores: list[float], labels: list[int]) -> Candidates:
    whose = torch.arange(len(boxes))
    tensor = torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4)
    return Candidates((100, 100), tensor, torch.tensor(scores), torch.tensor(labels), *[whose] * 4, ())


def test_suppression_is_by_class_best_first_and_above_the_score() -> None:
    """The first two overlap by 81 / 119 = .68; so do the next two, which are of two classes."""
    boxes = [[0.0, 0, 10, 10], [1, 1, 11, 11], [50, 50, 60, 60], [51, 51, 61, 61], [80, 80, 90, 90]]
    candidates = made_of(boxes, [0.6, 0.9, 0.5, 0.7, 0.25], [1, 1, 2, 3, 1])
    assert suppress(candidates).tolist() == [1, 3, 2]
    assert suppress(candidates, iou=0.7).tolist() == [1, 3, 0, 2]
    assert suppress(candidates, score=0.2).tolist() == [1, 3, 2, 4]
    assert suppress(candidates, score=0.8).tolist() == [1]
    assert suppress(candidates, most=1).tolist() == [1]
    assert suppress(candidates, score=1.0).tolist() == [] == suppress(made_of([], [], [])).tolist()


def test_a_box_that_is_no_number_never_stays() -> None:
    strange = [[float("nan")] * 4, [0, 0, float("inf"), 9], [0, 0, 9, 9]]
    assert suppress(made_of(strange, [0.9, 0.9, 0.8], [0, 0, 0])).tolist() == [2]
    assert suppress(made_of(strange, [0.9, 0.9, float("nan")], [0, 0, 0])).tolist() == []


def test_suppression_is_torchvisions_on_many_boxes() -> None:
    generator = torch.Generator().manual_seed(4)
    starts = torch.rand(500, 2, generator=generator) * 80
    boxes = torch.cat([starts, starts + 5 + torch.rand(500, 2, generator=generator) * 30], 1)
    scores, labels = torch.rand(500, generator=generator), torch.randint(0, 3, (500,), generator=generator)
    kept = suppress(made_of(boxes.tolist(), scores.tolist(), labels.tolist()), 0.1, 0.45)
    wanted: list[int] = []
    for label in range(3):
        own = ((labels == label) & (scores > 0.1)).nonzero()[:, 0]
        wanted += own[torchvision.ops.nms(boxes[own], scores[own], 0.45)].tolist()
    assert sorted(kept.tolist()) == sorted(wanted)
    assert scores[kept].tolist() == sorted(scores[kept].tolist(), reverse=True)


def test_a_network_without_heads_gives_no_boxes() -> None:
    with pytest.raises(Mistake, match=r"has no \[yolo\], \[region\] or \[detection\] head"):
        decode(planned("conv"), [torch.zeros(1, 1, 8, 8)], PICTURE)


def test_new_coords_and_scale_come_from_the_cfg() -> None:
    made = planned("conv filters=14 activation=logistic", f"{YOLO} new_coords=1 scale_x_y=2")
    (section,) = made.head_sections
    assert isinstance(section, Yolo) and section.activated and section.scale == 2
    raw = torch.full((1, 14, 8, 8), 0.5)
    raw[:, :2] = 0.75
    candidates = decode(made, [raw], (8, 8))
    assert candidates.boxes[0].tolist() == pytest.approx([1 - 1.5, 1 - 2, 1 + 1.5, 1 + 2])
    assert candidates.scores[0] == 0.25


def test_pictures_are_squashed_by_pillows_antialiased_bilinear() -> None:
    made = planned("conv", width=32, height=24)
    pixels = np.random.default_rng(0).integers(0, 256, (90, 70, 3), np.uint8)
    batch = prepare(made, Frame(pixels))
    wanted = np.asarray(Image.fromarray(pixels).resize((32, 24), Image.Resampling.BILINEAR))
    assert batch.shape == (1, 3, 24, 32) and batch.dtype == torch.float32
    apart = np.abs(batch[0].permute(1, 2, 0).numpy() * 255 - wanted)
    assert apart.max() < 1.01 and (apart > 0.01).mean() < 0.1  # a level, here and there
    with pytest.raises(Mistake, match="takes 1 channels and a picture has 3"):
        prepare(planned("conv", channels=1), Frame(pixels))


def test_yolo_v1_in_small_goes_from_a_picture_to_boxes() -> None:
    made = plan(read_cfg(yolo_v1(classes=2, side=1).replace("4096", "64")))
    torch.manual_seed(0)
    frame = Frame(np.full((40, 60, 3), 90, np.uint8))
    with torch.inference_mode():
        candidates = decode(made, Darknet(made).eval()(prepare(made, frame)), frame.size)
    assert candidates.boxes.shape == (2, 4) and candidates.anchor.tolist() == [0, 1]
    assert ((candidates.scores >= 0) & (candidates.scores <= 1)).all()
