"""YOLO's loss: by hand, equal to the paper's sums in slow loops, and what each of them moves."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from explorer.ops.yolo_boxes import YoloBoxes
from explorer.ops.yolo_cells import cell_boxes
from explorer.ops.yolo_loss import IGNORED, NOTHING, Lambdas, YoloLoss, yolo_loss
from tests.reference import yolo_loss as slow

SIDES = st.integers(1, 4)
TERMS = "centres", "sides", "obj", "noobj", "classes"


def of_one_cell() -> tuple[YoloBoxes, Tensor, Tensor]:
    """A picture of 2 x 1 cells, 100 x 100 pixels, three classes, two boxes a cell; a thing in the lower cell.

    It is 50 pixels wide and 36 high round (50, 75). Box 0 there is 25 x 36 round the same centre: an IoU of .5. Box 1
    is 50 x 49, five pixels further left: 45 x 36 of 50 x 49 + 50 x 36 - 45 x 36 are shared.
    """
    classes = [0.0, 0.0, 0.0, 0.2, 0.7, 0.1]
    confidences = [0.1, 0.2, 0.3, 0.6]
    boxes = [0.0] * 8 + [0.5, 0.5, 0.5, 0.6, 0.45, 0.5, 0.5**0.5, 0.7]
    raw = torch.tensor([classes + confidences + boxes])
    truth = torch.zeros(1, 2, 1, 4)
    truth[0, 1, 0] = torch.tensor([0.5, 0.5, 0.5, 0.36])
    return cell_boxes(raw, (2, 1), 2, 3, (100, 100)), torch.tensor([[[NOTHING], [1]]]), truth


def test_one_cell_by_hand() -> None:
    made, labels, truth = of_one_cell()
    loss = yolo_loss(made, labels, truth)
    overlap = 45 * 36 / (50 * 49 + 50 * 36 - 45 * 36)
    assert loss.overlaps.flatten().tolist() == pytest.approx([0, 0, 0.5, overlap]) and overlap > 0.5
    assert loss.responsible.flatten().tolist() == [False, False, False, True]
    assert loss.centres.item() == pytest.approx(5 * 0.05**2)
    assert loss.sides.item() == pytest.approx(5 * 0.1**2)  # roots .7 and .6; the widths are equal
    assert loss.obj.item() == pytest.approx((0.6 - overlap) ** 2, rel=1e-4)
    assert loss.noobj.item() == pytest.approx(0.5 * (0.1**2 + 0.2**2 + 0.3**2))
    assert loss.classes.item() == pytest.approx(0.2**2 + 0.3**2 + 0.1**2)
    assert loss.total.item() == pytest.approx(sum(getattr(loss, name).item() for name in TERMS))


def test_each_lambda_weighs_its_own() -> None:
    made, labels, truth = of_one_cell()
    plain = yolo_loss(made, labels, truth, Lambdas(1, 1, 1, 1))
    heavy = yolo_loss(made, labels, truth, Lambdas(2, 3, 4, 5))
    for name, factor in zip(TERMS, (2, 2, 3, 4, 5), strict=True):
        assert getattr(heavy, name).item() == pytest.approx(factor * getattr(plain, name).item())


def test_what_does_not_count_is_neither_object_nor_none() -> None:
    made, labels, truth = of_one_cell()
    ignored = yolo_loss(made, torch.where(labels == 1, IGNORED, labels), torch.zeros_like(truth))
    assert ignored.noobj.item() == pytest.approx(0.5 * (0.1**2 + 0.2**2)) == ignored.total.item()
    assert not ignored.responsible.any()
    nothing = yolo_loss(made, torch.full_like(labels, NOTHING), torch.zeros_like(truth))
    assert nothing.total.item() == pytest.approx(0.5 * (0.1**2 + 0.2**2 + 0.3**2 + 0.6**2))


def seeded(rows: int, columns: int, boxes: int, classes: int, seed: int) -> tuple[YoloBoxes, Tensor, Tensor]:
    chance = torch.Generator().manual_seed(seed)
    raw = torch.randn(2, rows * columns * (classes + 5 * boxes), generator=chance, dtype=torch.float64) / 2
    labels = torch.randint(-2, classes, (2, rows, columns), generator=chance)
    truth = torch.rand(2, rows, columns, 4, generator=chance, dtype=torch.float64)
    return cell_boxes(raw, (rows, columns), boxes, classes, (16 * rows, 24 * columns)), labels, truth


def looped(made: YoloBoxes, labels: Tensor, truth: Tensor, item: int) -> slow.Sums:
    weigh = Lambdas()
    columns = made.read[item], made.objectness[item], made.classes[item, :, :, 0], labels[item], truth[item]
    return slow.yolo_loss(*(part.tolist() for part in columns), weigh.coord, weigh.obj, weigh.noobj, weigh.classes)


@settings(max_examples=60, deadline=None)
@given(SIDES, SIDES, SIDES, SIDES, st.integers(0, 2**20))
def test_it_is_the_papers_five_sums(rows: int, columns: int, boxes: int, classes: int, seed: int) -> None:
    made, labels, truth = seeded(rows, columns, boxes, classes, seed)
    before = labels.clone(), truth.clone()
    loss = yolo_loss(made, labels, truth)
    for item in range(2):
        wanted = looped(made, labels, truth, item)
        for name in TERMS:
            assert getattr(loss, name)[item].item() == pytest.approx(getattr(wanted, name), rel=1e-9, abs=1e-12)
        at = {(row, column): number for row, column, number in loss.responsible[item].nonzero().tolist()}
        assert at == wanted.responsible
    assert torch.equal(before[0], labels) and torch.equal(before[1], truth)


def test_confidence_learns_the_overlap_and_never_moves_the_box() -> None:
    made, labels, truth = of_one_cell()
    raw = torch.cat([made.classes[:, :, :, 0].flatten(), made.read_object.flatten(), made.read.flatten()])[None]
    raw.requires_grad_()
    loss: YoloLoss = yolo_loss(cell_boxes(raw, (2, 1), 2, 3, (100, 100)), labels, truth)
    (grown,) = torch.autograd.grad(loss.obj.sum() + loss.noobj.sum(), raw, retain_graph=True)
    assert grown[0, 6:10].abs().min() > 0 and not grown[0, 10:].any() and not grown[0, :6].any()
    (moved,) = torch.autograd.grad(loss.centres.sum() + loss.sides.sum(), raw)
    assert not moved[0, :22].any() and moved[0, 22:].any()


def test_a_box_without_a_size_and_no_pictures_are_no_numbers_less() -> None:
    empty = cell_boxes(torch.zeros(1, 8), (1, 1), 1, 3, (8, 8))
    loss = yolo_loss(empty, torch.zeros(1, 1, 1, dtype=torch.int64), torch.tensor([[[[0.5, 0.5, 0.2, 0.2]]]]))
    assert torch.isfinite(loss.total).all() and loss.responsible.all()
    none = cell_boxes(torch.zeros(0, 8), (1, 1), 1, 3, (8, 8))
    assert yolo_loss(none, torch.zeros(0, 1, 1, dtype=torch.int64), torch.zeros(0, 1, 1, 4)).total.shape == (0,)
