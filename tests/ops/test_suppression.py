"""Who suppressed whom, against torchvision's NMS, which only says who stays."""

from __future__ import annotations

import pytest
import torch
from torchvision.ops import batched_nms, box_iou

from explorer.ops.suppression import NOBODY, suppressed_by, suppressors


def boxes_of(count: int, seed: int) -> torch.Tensor:
    made = torch.Generator().manual_seed(seed)
    corners = torch.rand(count, 2, generator=made) * 60
    return torch.cat([corners, corners + 5 + torch.rand(count, 2, generator=made) * 40], 1)


@pytest.mark.parametrize("iou", [0.0, 0.3, 0.5, 0.7, 1.0])
@pytest.mark.parametrize("count", [1, 40, 700])
def test_who_stays_is_who_torchvision_keeps(count: int, iou: float) -> None:
    boxes = boxes_of(count, count)
    groups = torch.arange(count) % 3
    by, overlaps = suppressed_by(boxes, groups, iou)
    scores = torch.linspace(1, 0.1, count)
    stays = (by == NOBODY).nonzero()[:, 0]
    assert stays.tolist() == batched_nms(boxes, scores, groups, iou).tolist()
    for i, winner in enumerate(by.tolist()):
        if winner == NOBODY:
            assert overlaps[i] == 0
            continue
        assert winner < i and by[winner] == NOBODY and groups[winner] == groups[i]
        assert overlaps[i] == pytest.approx(float(box_iou(boxes[[winner]], boxes[[i]]))) and overlaps[i] > iou


def test_the_best_of_several_is_named() -> None:
    boxes = torch.tensor([[0.0, 0, 10, 10], [100, 0, 110, 10], [1, 0, 11, 10], [2, 0, 12, 10]])
    by, overlaps = suppressed_by(boxes, torch.zeros(4), 0.5)
    assert by.tolist() == [NOBODY, NOBODY, 0, 0]
    assert overlaps.tolist() == pytest.approx([0, 0, 9 / 11, 8 / 12])


def test_no_boxes_no_answer_and_nothing_is_changed() -> None:
    by, overlaps = suppressed_by(torch.zeros(0, 4), torch.zeros(0), 0.5)
    assert len(by) == len(overlaps) == 0
    boxes = boxes_of(30, 1)
    before = boxes.clone()
    suppressed_by(boxes, torch.zeros(30), 0.4)
    assert torch.equal(boxes, before)


@pytest.mark.parametrize("iou", [0.0, 0.3, 0.7])
@pytest.mark.parametrize("count", [0, 1, 40, 1300])
def test_who_did_it_where_it_is_known_who_stays(count: int, iou: float) -> None:
    boxes, groups = boxes_of(count, count), torch.arange(count) % 2
    by, overlaps = suppressed_by(boxes, groups, iou)
    given = boxes.clone()
    known_by, known_overlaps = suppressors(boxes, groups, by == NOBODY, iou)
    assert torch.equal(known_by, by) and torch.allclose(known_overlaps, overlaps) and torch.equal(boxes, given)


def test_an_overlap_that_is_the_limit_is_judged_as_torchvision_does() -> None:
    """3 of 10 is a little more than .3 as a float of 32 bits."""
    boxes = torch.tensor([[0.0, 0, 10, 1], [0, 0, 3, 1]])
    by, _ = suppressed_by(boxes, torch.zeros(2), 0.3)
    kept = batched_nms(boxes, torch.tensor([0.9, 0.8]), torch.zeros(2), 0.3)
    assert (by == NOBODY).nonzero()[:, 0].tolist() == kept.tolist() == [0]


def test_a_verdict_that_rounding_made_is_kept() -> None:
    """The last overlaps both that stay by less than .5 and goes all the same: the nearer one is named."""
    boxes = torch.tensor([[0.0, 0, 10, 10], [20, 0, 30, 10], [4, 0, 14, 10]])
    by, overlaps = suppressors(boxes, torch.zeros(3), torch.tensor([True, True, False]), 0.5)
    assert by.tolist() == [NOBODY, NOBODY, 0] and overlaps.tolist() == pytest.approx([0, 0, 6 / 14])
