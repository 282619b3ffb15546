"""YOLO's boxes: by hand, as slow loops over Darknet's memory have them, and with every step kept."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from explorer.ops.yolo_anchors import anchor_boxes
from explorer.ops.yolo_boxes import YoloBoxes
from explorer.ops.yolo_cells import cell_boxes
from explorer.records.frame import Size
from tests.reference import darknet as slow

SIDES = st.integers(1, 4)


def check(made: YoloBoxes, item: int, found: list[slow.Found], size: Size) -> None:
    """Every box, objectness and class is the slow loop's, at the same cell and anchor."""
    rows, columns, anchors = made.objectness.shape[1:]
    assert len(found) == rows * columns * anchors
    for row, column, n, (x, y, w, h), objectness, classes in found:
        at = item, row, column, n
        wanted = [(x - w / 2) * size[1], (y - h / 2) * size[0], (x + w / 2) * size[1], (y + h / 2) * size[0]]
        assert made.boxes[at].tolist() == pytest.approx(wanted, rel=1e-4, abs=1e-3)
        assert made.objectness[at].item() == pytest.approx(objectness, rel=1e-4, abs=1e-6)
        assert made.classes[at].tolist() == pytest.approx(classes, rel=1e-4, abs=1e-6)
        assert made.scores[at].tolist() == pytest.approx([objectness * score for score in classes], rel=1e-4, abs=1e-6)
    check_steps(made, size)


def check_steps(made: YoloBoxes, size: Size) -> None:
    """What is kept belongs together: centre = (within + cell) x stride, side = factor x prior."""
    rows, columns = made.objectness.shape[1:3]
    assert made.cell.shape == (rows, columns, 1, 2) and made.cell[-1, 0, 0].tolist() == [0, rows - 1]
    assert made.stride.tolist() == pytest.approx([size[1] / columns, size[0] / rows])
    assert torch.allclose(made.centre, (made.within + made.cell) * made.stride)
    assert torch.allclose(made.side, made.factor * made.prior)
    assert torch.allclose(made.boxes[..., :2] + made.side / 2, made.centre, rtol=1e-4, atol=1e-3)


def seeded(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


@settings(max_examples=60, deadline=None)
@given(*[SIDES] * 4, st.sampled_from([1.0, 1.05, 1.2, 2.0]))
def test_version_3_and_4_are_darknets(rows: int, columns: int, anchors: int, classes: int, scale: float) -> None:
    size = 32 * rows, 16 * columns
    priors = [(10.0 + 7 * n, 33.0 - 5 * n) for n in range(anchors)]
    raw = seeded(2, anchors * (5 + classes), rows, columns)
    before = raw.clone()
    made = anchor_boxes(raw, priors, size, scale=scale)
    for item in range(2):
        check(made, item, slow.yolo(raw[item].numpy(), priors, classes, size, scale), size)
    assert torch.equal(raw, before)


@settings(max_examples=40, deadline=None)
@given(*[SIDES] * 4)
def test_version_2_is_darknets(rows: int, columns: int, anchors: int, classes: int) -> None:
    """Anchors in cells there, in pixels of the input here."""
    size = 32 * rows, 32 * columns
    in_cells = [(1.0 + n, 2.5 - n / 2) for n in range(anchors)]
    raw = seeded(1, anchors * (5 + classes), rows, columns)
    made = anchor_boxes(raw, [(32 * w, 32 * h) for w, h in in_cells], size, softmax=True)
    check(made, 0, slow.region(raw[0].numpy(), in_cells, classes), size)


@settings(max_examples=40, deadline=None)
@given(SIDES, SIDES, SIDES)
def test_version_1_is_darknets(side: int, boxes: int, classes: int) -> None:
    size = 64 * side, 64 * side
    raw = seeded(2, side**2 * (classes + 5 * boxes)) / 2
    made = cell_boxes(raw, (side, side), boxes, classes, size)
    for item in range(2):
        check(made, item, slow.detection(raw[item].numpy(), side, boxes, classes), size)


def test_version_3_by_hand() -> None:
    """Cell (row 1, column 2) of 2 x 4, 8 pixels each: sigmoid(0) = .5, exp(ln 2) = 2, so 24 x 40 around (20, 12)."""
    raw = torch.full((1, 7, 2, 4), -10.0)
    raw[0, :, 1, 2] = torch.tensor([0, 0, math.log(2), math.log(4), 0, math.log(3), -math.log(3)])
    made = anchor_boxes(raw, [(12.0, 10.0)], (16, 32))
    at = 0, 1, 2, 0
    assert made.within[at].tolist() == [0.5, 0.5] and made.cell[1, 2, 0].tolist() == [2, 1]
    assert made.stride.tolist() == [8, 8] and made.centre[at].tolist() == [20, 12]
    assert made.factor[at].tolist() == pytest.approx([2, 4]) and made.prior.tolist() == [[12, 10]]
    assert made.boxes[at].tolist() == pytest.approx([8, -8, 32, 32])
    assert made.objectness[at].item() == 0.5 and made.classes[at].tolist() == pytest.approx([0.75, 0.25])
    assert made.scores[at].tolist() == pytest.approx([0.375, 0.125])
    assert made.read[at].tolist() == raw[0, :4, 1, 2].tolist() and made.read_object[at] == 0


def test_a_stretched_sigmoid_reaches_beyond_its_cell() -> None:
    """scale_x_y = 1.2: from -.1 to 1.1, the middle stays."""
    raw = torch.zeros(1, 6, 1, 3)
    raw[0, 0] = torch.tensor([-99.0, 0, 99])
    within = anchor_boxes(raw, [(1.0, 1.0)], (8, 24), scale=1.2).within[0, 0, :, 0, 0]
    assert within.tolist() == pytest.approx([-0.1, 0.5, 1.1], rel=1e-5)


def test_new_coords_by_hand() -> None:
    """What is read has been through the sigmoid: centre 2 x - .5 of a cell, side (2 t)^2 anchors."""
    raw = torch.tensor([0.25, 1, 0.5, 1, 0.8, 0.3, 0.6]).reshape(1, 7, 1, 1)
    made = anchor_boxes(raw, [(10.0, 20.0)], (8, 8), scale=2, activated=True)
    assert made.within.flatten().tolist() == [0, 1.5] and made.factor.flatten().tolist() == [1, 4]
    assert made.boxes.flatten().tolist() == [-5, -28, 5, 52]
    assert made.scores.flatten().tolist() == pytest.approx([0.24, 0.48])


def test_version_1_by_hand() -> None:
    """One cell, two boxes, three classes: classes first, then confidences, then boxes with roots of their sides."""
    raw = torch.tensor([[0.1, 0.2, 0.7, 0.5, 0.9, 0.5, 0.25, 0.5, 1.0, 0.1, 0.2, 0.3, 0.4]])
    made = cell_boxes(raw, (1, 1), 2, 3, (100, 200))
    assert made.objectness.flatten().tolist() == pytest.approx([0.5, 0.9])
    assert made.centre[0, 0, 0].tolist() == [pytest.approx([100, 25]), pytest.approx([20, 20])]
    assert made.side[0, 0, 0].tolist() == [pytest.approx([50, 100]), pytest.approx([18, 16])]
    assert made.scores[0, 0, 0].tolist() == [pytest.approx([0.05, 0.1, 0.35]), pytest.approx([0.09, 0.18, 0.63])]
    straight = cell_boxes(raw, (1, 1), 2, 3, (100, 200), root=False)
    assert straight.side[0, 0, 0, 0].tolist() == [100, 100]
    soft = cell_boxes(raw, (1, 1), 2, 3, (100, 200), softmax=True)
    assert soft.classes[0, 0, 0, 1].tolist() == pytest.approx(torch.tensor([0.1, 0.2, 0.7]).softmax(0).tolist())


def test_a_grid_may_be_wider_than_it_is_high() -> None:
    """2 x 3 cells of 10 x 20 pixels: the one in row 1, column 2 is the last of each part."""
    raw = torch.zeros(1, 6 * 6)
    raw[0, 5], raw[0, 11], raw[0, 32:] = 0.5, 0.8, torch.tensor([0.5, 0.25, 0.5, 1.0])
    made = cell_boxes(raw, (2, 3), 1, 1, (40, 30))
    at = 0, 1, 2, 0
    assert made.cell[1, 2, 0].tolist() == [2, 1] and made.stride.tolist() == [10, 20]
    assert made.centre[at].tolist() == [25, 25] and made.side[at].tolist() == [7.5, 40]
    assert made.scores[at].tolist() == pytest.approx([0.4]) and made.scores.count_nonzero() == 1


def test_no_picture_gives_no_boxes_and_the_dtype_stays() -> None:
    assert anchor_boxes(torch.zeros(0, 6, 2, 2), [(1.0, 1.0)], (8, 8)).boxes.shape == (0, 2, 2, 1, 4)
    assert cell_boxes(torch.zeros(0, 6), (1, 1), 1, 1, (8, 8)).boxes.shape == (0, 1, 1, 1, 4)
    assert anchor_boxes(torch.zeros(1, 6, 2, 2, dtype=torch.float64), [(1.0, 1.0)], (8, 8)).boxes.dtype == torch.float64
