"""Average precision of one picture: by hand, and the rules by which a box hits."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from explorer.ops.average_precision import average_precision, hits


def boxes(*corners: tuple[float, float, float, float]) -> Tensor:
    return torch.tensor(corners, dtype=torch.float32).reshape(-1, 4)


A, B = (0.0, 0.0, 10.0, 10.0), (20.0, 0.0, 30.0, 10.0)


@pytest.mark.parametrize(
    ("hit", "things", "wanted"),
    [
        ([True, True], 2, 1.0),
        ([True, False], 2, 0.5),
        ([False, True], 1, 0.5),
        ([True, False, True], 2, 0.5 + 0.5 * 2 / 3),
        ([False, True, True, False], 4, 0.5 * 2 / 3),  # precision is made to fall: 1/2 becomes 2/3
        ([], 3, 0.0),
        ([], 0, 1.0),
        ([False], 0, 0.0),
    ],
)
def test_by_hand(hit: list[bool], things: int, wanted: float) -> None:
    assert average_precision(torch.tensor(hit, dtype=torch.bool), things) == pytest.approx(wanted)


def test_a_thing_is_hit_once_by_the_best_box_of_its_class() -> None:
    found = boxes((0, 0, 10, 8), A, A, B)
    hit, passed = hits(found, torch.tensor([1, 1, 2, 1]), boxes(A, B), torch.tensor([1, 1]), torch.tensor([True, True]))
    assert hit.tolist() == [True, False, False, True] and not passed.any()


def test_half_an_overlap_is_needed() -> None:
    one = torch.tensor([True])
    for right, wanted in ((20.0, True), (20.1, False)):
        assert hits(boxes((0, 0, right, 10)), torch.tensor([0]), boxes(A), torch.tensor([0]), one)[0].item() is wanted


def test_what_does_not_count_is_passed_over_by_boxes_of_its_class_that_lie_on_it() -> None:
    found = boxes((2, 2, 6, 6), (2, 2, 6, 6), (6, 0, 14, 10), (5, 0, 15, 10))
    labels = torch.tensor([3, 4, 3, 3])
    hit, passed = hits(found, labels, boxes(A), torch.tensor([3]), torch.tensor([False]))
    assert not hit.any() and passed.tolist() == [True, False, True, True]
    farther = boxes((5.1, 0, 15.1, 10))
    assert not hits(farther, torch.tensor([3]), boxes(A), torch.tensor([3]), torch.tensor([False]))[1].any()
    both = hits(boxes(A), torch.tensor([3]), boxes(A, A), torch.tensor([3, 3]), torch.tensor([True, False]))
    assert both[0].all() and not both[1].any()


def test_nothing_found_or_nothing_there() -> None:
    none = torch.zeros(0, dtype=torch.int64)
    assert hits(boxes(), none, boxes(A), torch.tensor([1]), torch.tensor([True]))[0].shape == (0,)
    assert not hits(boxes(A), torch.tensor([1]), boxes(), none, none.bool())[0].any()
