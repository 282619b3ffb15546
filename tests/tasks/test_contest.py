"""Boxes that met in NMS, as a record."""

from __future__ import annotations

import torch
from torchvision.ops import batched_nms

from explorer.tasks.contest import best_first, contest


def test_equals_keep_the_order_that_nms_gave_them() -> None:
    """Numbers 3 and 0 stay and score the same, as does 1, which goes."""
    scores = torch.tensor([0.5, 0.5, 0.9, 0.5, 0.7])
    order, stays = best_first(scores, torch.tensor([2, 3, 0]))
    assert order.tolist() == [2, 4, 3, 0, 1] and stays.tolist() == [True, False, True, True, False]
    empty = torch.zeros(0)
    assert [part.tolist() for part in best_first(empty, empty.long())] == [[], []]


def test_the_boxes_that_stay_are_those_that_nms_kept() -> None:
    made = torch.Generator().manual_seed(2)
    corners = torch.rand(300, 2, generator=made) * 50
    boxes = torch.cat([corners, corners + 20], 1)
    scores = (torch.rand(300, generator=made) * 20).round() / 20  # many are equal
    labels = torch.randint(0, 3, (300,), generator=made)
    kept = batched_nms(boxes, scores, labels, 0.4)
    order, stays = best_first(scores, kept)
    places = torch.arange(1200).view(300, 4)
    one = contest(boxes[order], scores[order], labels[order], labels[order], places[order], stays, 0.4)
    assert one.row[one.stays].tolist() == (kept * 4 + 1).tolist() and one.iou == 0.4
    gone = one.by >= 0
    assert gone.any() and (one.overlaps[gone] > 0.4).all() and (one.groups[one.by[gone]] == one.groups[gone]).all()
    assert torch.equal(torch.from_numpy(one.boxes), boxes[order]) and one.scores.dtype == "float32"
    assert [one.level[0], one.row[0], one.column[0], one.anchor[0]] == places[order[0]].tolist()
