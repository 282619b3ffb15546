"""YOLO's loss: by hand, equal to the paper's sums in slow loops, and what each of them moves."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from explorer.ops.yolo_boxes import YoloBoxes
from explorer.ops.yolo_cells import cell_boxes
from explorer.ops.yolo_loss import Lambdas, YoloLoss, yolo_loss
from explorer.records.cell_loss import IGNORED, NOTHING, TERMS
from tests.reference import yolo_loss as slow

SIDES = st.integers(1, 4)


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
    upper, lower = loss.terms[0, :, :, 0].T.tolist()
    assert upper == pytest.approx([0, 0, 0, 0.5 * (0.1**2 + 0.2**2), 0])
    assert lower[:2] == pytest.approx([5 * 0.05**2, 5 * 0.1**2])  # roots .7 and .6; the widths are equal
    assert lower[2] == pytest.approx((0.6 - overlap) ** 2, rel=1e-4)
    assert lower[3:] == pytest.approx([0.5 * 0.3**2, 0.2**2 + 0.3**2 + 0.1**2])
    assert loss.of_terms[0].tolist() == pytest.approx([a + b for a, b in zip(upper, lower, strict=True)])
    assert loss.total.item() == pytest.approx(sum(upper) + sum(lower))


def test_each_lambda_weighs_its_own() -> None:
    made, labels, truth = of_one_cell()
    plain = yolo_loss(made, labels, truth, Lambdas(1, 1, 1, 1)).of_terms[0]
    heavy = yolo_loss(made, labels, truth, Lambdas(2, 3, 4, 5)).of_terms[0]
    assert Lambdas(2, 3, 4, 5).each == (2, 2, 3, 4, 5) and Lambdas().each == (5, 5, 1, 0.5, 1)
    for light, heavier, factor in zip(plain.tolist(), heavy.tolist(), (2, 2, 3, 4, 5), strict=True):
        assert heavier == pytest.approx(factor * light) and light > 0


def test_what_does_not_count_is_neither_object_nor_none() -> None:
    made, labels, truth = of_one_cell()
    ignored = yolo_loss(made, torch.where(labels == 1, IGNORED, labels), torch.zeros_like(truth))
    assert ignored.noobj.flatten().tolist() == pytest.approx([0.5 * (0.1**2 + 0.2**2), 0])
    assert ignored.noobj.sum() == ignored.total.item() and not ignored.responsible.any()
    nothing = yolo_loss(made, torch.full_like(labels, NOTHING), torch.zeros_like(truth))
    assert nothing.total.item() == pytest.approx(0.5 * (0.1**2 + 0.2**2 + 0.3**2 + 0.6**2))


def seeded(rows: int, columns: int, boxes: int, classes: int, seed: int) -> tuple[YoloBoxes, Tensor, Tensor]:
    chance = torch.Generator().manual_seed(seed)
    raw = torch.randn(2, rows * columns * (classes + 5 * boxes), generator=chance, dtype=torch.float64) / 2
    labels = torch.randint(-2, classes, (2, rows, columns), generator=chance)
    truth = torch.rand(2, rows, columns, 4, generator=chance, dtype=torch.float64)
    return cell_boxes(raw, (rows, columns), boxes, classes, (16 * rows, 24 * columns)), labels, truth


def looped(made: YoloBoxes, labels: Tensor, truth: Tensor, item: int) -> dict[tuple[int, int], slow.Sums]:
    weigh = Lambdas()
    columns = made.read[item], made.objectness[item], made.classes[item, :, :, 0], labels[item], truth[item]
    return slow.yolo_loss(*(part.tolist() for part in columns), weigh.coord, weigh.obj, weigh.noobj, weigh.classes)


@settings(max_examples=60, deadline=None)
@given(SIDES, SIDES, SIDES, SIDES, st.integers(0, 2**20))
def test_every_cell_adds_what_it_adds_to_the_papers_five_sums(
    rows: int, columns: int, boxes: int, classes: int, seed: int
) -> None:
    made, labels, truth = seeded(rows, columns, boxes, classes, seed)
    before = labels.clone(), truth.clone()
    loss = yolo_loss(made, labels, truth)
    for item in range(2):
        wanted = looped(made, labels, truth, item)
        for (row, column), sums in wanted.items():
            own = [getattr(sums, name) for name in TERMS]
            assert loss.terms[item, :, row, column].tolist() == pytest.approx(own, rel=1e-9, abs=1e-12)
            named = [getattr(loss, name)[item, row, column].item() for name in TERMS]
            assert named == loss.terms[item, :, row, column].tolist()
            assert loss.overlaps[item, row, column].tolist() == pytest.approx(sums.overlaps or [0] * boxes, abs=1e-12)
            responsible = [] if sums.responsible is None else [sums.responsible]
            assert loss.responsible[item, row, column].nonzero()[:, 0].tolist() == responsible
        whole = [sum(getattr(sums, name) for sums in wanted.values()) for name in TERMS]
        assert loss.of_terms[item].tolist() == pytest.approx(whole, rel=1e-9, abs=1e-12)
        assert loss.total[item].item() == pytest.approx(sum(whole), rel=1e-9)
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
