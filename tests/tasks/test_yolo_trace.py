"""What YOLO tells of how it came to its boxes is what it answers, and the arithmetic of a cell adds up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torchvision.ops import box_iou

from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake
from explorer.models.darknet.decode import decode
from explorer.records.cell import Cell, CellBoxes
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.records.trace import NOBODY, Round
from explorer.tasks.yolo_trace import judged, trace
from tests.models.darknet.files import YOLO, cfg, planned, spread, written

BODY = "convolutional filters=8 size=3 pad=1 batch_normalize=1 activation=leaky"
DOWN = "maxpool size=2 stride=2"
TO_HEAD = "convolutional filters=14 size=1 activation=linear"
LIKE = {
    "v1": (BODY, DOWN, "connected output=126 activation=linear", "detection side=3 num=2 classes=4 coords=4 sqrt=1"),
    "v2": (BODY, DOWN, TO_HEAD, "region classes=2 num=2 anchors=1,1,2,.5 softmax=1"),
    "v3": (BODY, TO_HEAD, YOLO, "route layers=-3", DOWN, TO_HEAD, YOLO.replace("mask=1,2", "mask=0,3")),
    "v4": (
        *(BODY, DOWN, "convolutional filters=14 size=1 activation=logistic"),
        f"{YOLO} scale_x_y=2 new_coords=1",
    ),
}
ANCHORS = {"v1": [[]], "v2": [[[1, 1], [2, 0.5]]], "v3": [[[3, 4], [5, 6]], [[1, 2], [7, 8]]], "v4": [[[3, 4], [5, 6]]]}
SIDES = {"v1": [3], "v2": [4], "v3": [8, 4], "v4": [4]}
FRAME = Frame(np.random.default_rng(0).integers(0, 256, (60, 96, 3), np.uint8))
"""A pixel of the networks' 8 x 8 is 12 wide and 7.5 high here."""
SCORE = 0.02
VERSIONS = list(LIKE)
SOME = {"v1": 0.1, "v2": 0.3, "v3": 0.2, "v4": 0.1}
"""A score that some boxes reach and others do not."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEngine]:
    made = LocalEngine("cpu")
    for name, sections in LIKE.items():
        folder = tmp_path_factory.mktemp(name)
        (folder / f"{name}.cfg").write_text(cfg(*sections))
        weights = written(folder, spread(planned(*sections)) * (0.4 if name == "v1" else 1))
        assert made.bring(str(folder / f"{name}.cfg"), str(weights)) == name
    yield made
    made.close()


def traced(engine: LocalEngine, version: str, **changed: object) -> tuple[Detections, Round]:
    asked = Detect(engine.keep(FRAME), version, **{"score": SCORE, "trace": True} | changed)  # type: ignore[arg-type]
    answer = engine.run(asked)
    assert answer.trace is not None
    (only,) = answer.trace.rounds
    return answer, only


def cells(engine: LocalEngine, version: str, **changed: object) -> list[CellBoxes]:
    return [
        engine.run(Cell(engine.keep(FRAME), version, level, i // side, i % side, **{"score": SCORE} | changed))  # type: ignore[arg-type]
        for level, side in enumerate(SIDES[version])
        for i in range(side**2)
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("iou", [None, 0.0, 0.2])
def test_what_stays_is_what_is_answered_in_the_same_order(engine: LocalEngine, version: str, iou: float | None) -> None:
    answer, one = traced(engine, version, iou=iou)
    contest = one.contest
    inside = np.clip(contest.boxes[contest.stays], 0, np.asarray([96, 60, 96, 60], np.float32))
    there = (inside[:, 2:] > inside[:, :2]).all(1)
    assert np.array_equal(inside[there], answer.boxes)
    assert np.array_equal(contest.scores[contest.stays][there], answer.scores)
    assert np.array_equal(contest.labels[contest.stays][there], answer.labels)
    assert one.stages[-1].left == len(answer.scores) > 2 and one.stages[-2].left == len(contest.stays)
    assert one.stages[2].left == len(contest.scores) > len(contest.stays)
    untraced = engine.run(Detect(engine.keep(FRAME), version, score=SCORE, iou=iou))
    assert untraced.trace is None and np.array_equal(untraced.boxes, answer.boxes) and untraced.cached


@pytest.mark.parametrize("version", VERSIONS)
def test_who_suppressed_whom(engine: LocalEngine, version: str) -> None:
    contest = traced(engine, version, iou=0.1)[1].contest
    boxes = torch.from_numpy(contest.boxes)
    shared = box_iou(boxes, boxes).numpy()
    gone = np.flatnonzero(contest.by != NOBODY)
    assert len(gone) and contest.iou == 0.1 and np.array_equal(contest.groups, contest.labels)
    for i in gone:
        winner = contest.by[i]
        assert winner in contest.stays and contest.labels[winner] == contest.labels[i]
        assert contest.overlaps[i] == pytest.approx(shared[winner, i]) and contest.overlaps[i] > 0.1
    assert not contest.overlaps[contest.stays].any()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_map_for_each_head_shows_the_best_of_each_cell(engine: LocalEngine, version: str) -> None:
    _, one = traced(engine, version)
    assert [level.name for level in one.levels] == [f"{side} x {side}" for side in SIDES[version]]
    told = cells(engine, version)
    for number, level in enumerate(one.levels):
        assert level.place == (0, 0, 96, 60)
        wanted = np.asarray(ANCHORS[version][number], np.float32).reshape(-1, 2)
        wanted = wanted * (8 / SIDES[version][number] if version == "v2" else 1) * [12, 7.5]
        assert np.allclose(level.priors, wanted) and len(level.priors) == len(wanted)
        whose = [cell for cell in told if cell.level == level.name]
        best = [float(cell.scores.max()) for cell in whose]
        assert level.scores.ravel().tolist() == best and len(set(best)) > len(best) // 2
        assert level.labels.ravel().tolist() == [int(cell.labels[cell.scores.argmax()]) for cell in whose]
    assert one.stages[0].left == sum(len(cell.scores) for cell in told)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_cells_numbers_lead_to_its_boxes(engine: LocalEngine, version: str) -> None:
    for cell in cells(engine, version):
        assert cell.sum == ("yolo cell" if version == "v1" else "yolo anchor")
        side = int(cell.level.split(" ")[0])
        assert cell.stride == (8 / side, 8 / side) and cell.to_picture == (12, 7.5)
        across, down = 96 / side, 60 / side
        left, top = cell.column * across, cell.row * down
        assert cell.place == pytest.approx((left, top, left + across, top + down))
        assert (cell.prior[:, :2] == [cell.column, cell.row]).all()
        if version == "v1":
            assert (cell.prior[:, 2:] == 8).all()
        centre = (cell.moved[:, :2] + cell.prior[:, :2]) * cell.stride
        sides = cell.moved[:, 2:] * cell.prior[:, 2:]
        inputs = np.concatenate([centre - sides / 2, centre + sides / 2], 1)
        assert np.allclose(cell.inputs, inputs, rtol=1e-4, atol=1e-4)
        assert np.allclose(cell.boxes, cell.inputs * (cell.to_picture * 2), rtol=1e-4, atol=1e-4)
        products = cell.objectness[:, None] * cell.classes
        assert np.allclose(cell.scores, products.max(1).clip(0, 1), atol=1e-6)
        assert cell.labels.tolist() == products.argmax(1).tolist()


def sigmoid(values: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(values, np.float64)))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_read_leads_to_what_moves(engine: LocalEngine, version: str) -> None:
    for cell in cells(engine, version):
        xy, wh = cell.read[:, :2], cell.read[:, 2:]
        if version == "v1":
            within, factor, classes = xy, wh**2, cell.read_classes
            assert np.array_equal(cell.objectness, cell.read_object)
        elif version == "v4":
            within, factor, classes = 2 * xy - 0.5, (2 * wh) ** 2, cell.read_classes
            assert np.array_equal(cell.objectness, cell.read_object)
        else:
            within, factor, classes = sigmoid(xy), np.exp(wh), sigmoid(cell.read_classes)
            assert np.allclose(cell.objectness, sigmoid(cell.read_object), atol=1e-5)
            if version == "v2":
                classes = np.exp(cell.read_classes) / np.exp(cell.read_classes).sum(1, keepdims=True)
        assert np.allclose(cell.moved, np.concatenate([within, factor], 1), rtol=1e-4, atol=1e-4)
        assert np.allclose(cell.classes, classes, atol=1e-5)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_became_of_every_box_of_every_cell(engine: LocalEngine, version: str) -> None:
    """Counted over all cells, fates are the stages' differences; each winner is told by its score."""
    answer, one = traced(engine, version, score=SOME[version], iou=0.1)
    left = [stage.left for stage in one.stages]
    told = [
        (fate, cell, i)
        for cell in cells(engine, version, score=SOME[version], iou=0.1)
        for i, fate in enumerate(cell.fates)
    ]
    assert sum(f"does not score above {SOME[version]}" in fate for fate, *_ in told) == left[0] - left[1] > 0
    assert sum("not among the best" in fate for fate, *_ in told) == left[1] - left[2] == 0
    assert sum("suppressed by" in fate for fate, *_ in told) == left[2] - left[3] > 0
    assert sum("outside the picture" in fate for fate, *_ in told) == left[3] - left[4]
    answered = {fate: cell.scores[i] for fate, cell, i in told if "answered" in fate}
    wanted = {f"answered, number {i} of {left[4]}": score for i, score in enumerate(answer.scores, 1)}
    assert answered == wanted
    for place in np.flatnonzero(one.contest.by != NOBODY):
        at = one.contest.level[place], one.contest.row[place], one.contest.column[place]
        cell = engine.run(Cell(engine.keep(FRAME), version, *map(int, at), score=SOME[version], iou=0.1))
        fate = cell.fates[one.contest.anchor[place]]
        winner = one.contest.scores[one.contest.by[place]]
        assert f"of {winner:.3f} (IoU {one.contest.overlaps[place]:.2f})" in fate and cell.cached


def test_more_than_are_compared_and_what_lies_outside() -> None:
    """2,048 boxes of one score, in every cell a small one and one at the picture's left edge."""
    many = planned("convolutional filters=14 size=1", f"{YOLO} scale_x_y=2", width=32, height=32)
    raw = torch.zeros(1, 14, 32, 32)
    raw[:, 4] = torch.linspace(3, 2, 1024).view(32, 32)
    raw[:, 0, :, 0], raw[:, 2:4] = -9, -9.0
    candidates = decode(many, [raw], (32, 32))
    found = judged(candidates, 0.0, 0.5, 1000)
    left = [stage.left for stage in trace(found).rounds[0].stages]
    assert left[:4] == [2048, 2048, 1000, 1000] and left[4] == 1000 - 32
    assert len(trace(replace(found, most=5)).rounds[0].contest.scores) == 1000
    assert judged(candidates, 0.0, 0.5, 5).verdict.met.tolist() == found.verdict.met[:5].tolist()


def test_boxes_of_two_classes_never_suppress_each_other() -> None:
    """Moved apart by the largest coordinate, as torchvision's batched_nms has it, these two would lie on each other."""
    made = planned("convolutional filters=14 size=1", YOLO, width=8, height=8)
    candidates = decode(made, [torch.zeros(1, 14, 8, 8)], (8, 8))
    boxes = torch.tensor([[4.0, 4, 8, 8], [-5.0, -5, -1, -1], [-5.0, -5, 1, 1]])
    labels, scores = torch.tensor([0, 1, 1]), torch.tensor([0.9, 0.8, 0.7])
    three = {name: getattr(candidates, name)[:3] for name in ("head", "row", "column", "anchor")}
    found = judged(replace(candidates, boxes=boxes, labels=labels, scores=scores, **three), 0.1, 0.5, 9)
    assert found.contest.by.tolist() == [NOBODY, NOBODY, NOBODY] and found.there.tolist() == [0, 2]


@pytest.mark.parametrize(("at", "word"), [((2, 0, 0), "2 maps"), ((1, 4, 0), "4 rows"), ((0, 0, 8), "8 columns")])
def test_cells_that_are_not_there(engine: LocalEngine, at: tuple[int, int, int], word: str) -> None:
    with pytest.raises(Mistake, match=word):
        engine.run(Cell(engine.keep(FRAME), "v3", *at))


def test_what_is_no_number_says_so() -> None:
    made = planned("convolutional filters=14 size=1", YOLO, width=2, height=2)
    raw = torch.zeros(1, 14, 2, 2)
    raw[:, 2, 0, 0] = raw[:, 4, 0, 1] = torch.nan
    found = judged(decode(made, [raw], (20, 20)), 0.1, 0.5, 9)
    (level,) = trace(found).rounds[0].levels
    assert np.isfinite(level.scores).all() and len(found.contest.scores) == 8 - 2


@pytest.fixture(scope="module")
def fastest(real: Path) -> Iterator[LocalEngine]:
    made = LocalEngine("cpu")
    path = real / "darknet" / "yolo-fastest-1.1"
    made.bring(f"{path}.cfg", f"{path}.weights")
    yield made
    made.close()


@pytest.mark.real
def test_the_cell_that_finds_the_person(real: Path, fastest: LocalEngine) -> None:
    """.985; worked out anew, with what its cfg says: anchors 115,73 and 119,199 and 242,238, no scale."""
    from explorer.sources.open import open_picture

    frame = open_picture(str(real / "photos" / "person.jpg"))
    picture, model = fastest.keep(frame), "yolo-fastest-1.1"
    answer = fastest.run(Detect(picture, model, score=0.25, trace=True))
    assert answer.trace is not None
    (one,) = answer.trace.rounds
    assert one.levels[0].name == "10 x 10" and one.levels[1].name == "20 x 20"
    best = one.contest
    assert answer.names[best.labels[0]] == "person" and best.scores[0] == pytest.approx(0.985, abs=0.002)
    assert np.array_equal(best.scores[best.stays], answer.scores)
    level, row, column, anchor = (int(which[0]) for which in (best.level, best.row, best.column, best.anchor))
    cell = fastest.run(Cell(picture, model, level, row, column, score=0.25))
    assert cell.cached and cell.fates[anchor] == f"answered, number 1 of {len(answer.scores)}"
    tx, ty, tw, th = cell.read[anchor].astype(np.float64)
    pairs = [[(115, 73), (119, 199), (242, 238)], [(12, 18), (37, 49), (52, 132)]]
    wide, high = pairs[level][anchor]
    stride, (rows, columns) = 320 / one.levels[level].rows, frame.size
    x, y = (sigmoid(tx) + column) * stride * columns / 320, (sigmoid(ty) + row) * stride * rows / 320
    w, h = np.exp(tw) * wide * columns / 320, np.exp(th) * high * rows / 320
    assert best.boxes[0].tolist() == pytest.approx([x - w / 2, y - h / 2, x + w / 2, y + h / 2], rel=1e-4, abs=1e-3)
    person = answer.names.index("person")
    score = sigmoid(cell.read_object[anchor]) * sigmoid(cell.read_classes[anchor, person])
    assert best.scores[0] == pytest.approx(float(score), abs=1e-5)
