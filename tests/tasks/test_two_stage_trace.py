"""What a detector of two passes tells of how it came to its boxes is torchvision's, step by step, on seeded weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import box_iou

from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake
from explorer.models.registry import models
from explorer.models.whole_picture import WholePicture
from explorer.records.cell import Cell, CellBoxes
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.records.trace import NOBODY

MODEL = "fasterrcnn_mobilenet_v3_large_320_fpn"
SCORE = 0.02
SIZE = 120, 175
FRAME = Frame(np.random.default_rng(4).integers(0, 256, (*SIZE, 3)).astype(np.uint8), "noise")
TO_PICTURE = np.asarray([175 / 466, 120 / 320], np.float32)
"""The picture becomes 320 x 466 pixels, and 320 x 480 with its padding: maps of 10 x 15 twice, and 5 x 8."""
GRIDS = [("0", 10, 15, 32, 32), ("1", 10, 15, 32, 32), ("pool", 5, 8, 64, 60)]
Asked = tuple[LocalEngine, str]


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    """Weights so large that scores and boxes differ, and a picture of noise."""
    made = LocalEngine("cpu", models())
    two = made.network(MODEL, "random").module
    with torch.no_grad():
        two.roi_heads.box_predictor.cls_score.weight.mul_(30)
        two.rpn.head.bbox_pred.weight.mul_(6)
        two.rpn.head.cls_logits.weight.mul_(6)
        two.rpn.head.cls_logits.bias.fill_(-2)
        for block in two.backbone.fpn.layer_blocks:
            block[0].weight.mul_(1e6)
    yield made, made.keep(FRAME)
    made.close()


@pytest.fixture(scope="module")
def answer(asked: Asked) -> Detections:
    engine, picture = asked
    return engine.run(Detect(picture, MODEL, "random", SCORE, trace=True))


@pytest.fixture(scope="module")
def theirs(asked: Asked, answer: Detections) -> dict[str, Any]:
    """What torchvision's own RPN makes of the same weights, and what its filter is given on the way."""
    network = asked[0].network(MODEL, "random")
    two, preparation = network.module, network.preparation
    assert isinstance(preparation, WholePicture)
    picture, padded = preparation.sizes(SIZE)
    assert picture == (320, 466) and padded == (320, 480)
    given: dict[str, Any] = {}
    filter_proposals = two.rpn.filter_proposals
    two.rpn.filter_proposals = lambda *all_: given.update(boxes=all_[0][0], logits=all_[1]) or filter_proposals(*all_)
    with torch.inference_mode():
        x = preparation.batch(FRAME)
        maps = two.backbone(x)
        images = ImageList(x, [picture])
        (proposals,), _ = two.rpn(images, maps)
        (anchors,) = two.rpn.anchor_generator(images, list(maps.values()))
    del two.rpn.filter_proposals
    return given | {"proposals": proposals, "anchors": anchors}


@pytest.fixture(scope="module")
def cells(asked: Asked, answer: Detections) -> list[CellBoxes]:
    """All of them, in order."""
    engine, picture = asked
    return [
        engine.run(Cell(picture, MODEL, level, row, column, "random"))
        for level, (_, rows, columns, *_) in enumerate(GRIDS)
        for row in range(rows)
        for column in range(columns)
    ]


def rounds(answer: Detections) -> Any:
    assert answer.trace is not None
    return answer.trace.rounds


def test_the_maps_and_their_anchors(answer: Detections, cells: list[CellBoxes]) -> None:
    first, second = rounds(answer)
    assert (first.name, second.name, second.levels) == ("RPN", "RoI head", ())
    assert [(level.name, level.rows, level.columns) for level in first.levels] == [one[:3] for one in GRIDS]
    told = iter(cells)
    for level, (_, rows, columns, down, across) in zip(first.levels, GRIDS, strict=True):
        wanted = 0, 0, columns * across * TO_PICTURE[0], rows * down * TO_PICTURE[1]
        assert level.place == pytest.approx(wanted) and level.place[2] > 175
        assert len(level.priors) == 15 and (level.labels == NOBODY).all()
        assert np.allclose(level.priors[5] / TO_PICTURE, [32, 32]) and np.allclose(
            level.priors[0] / TO_PICTURE, [46, 22]
        )
        best = [float(next(told).scores.max()) for _ in range(rows * columns)]
        assert level.scores.ravel().tolist() == best and len(set(best)) > 30


def test_what_the_second_pass_gets_is_torchvisions(asked: Asked, answer: Detections, theirs: dict[str, Any]) -> None:
    first, second = rounds(answer)
    left = [stage.left for stage in first.stages]
    assert left[0] == len(theirs["anchors"]) == 15 * (150 + 150 + 40) and left[1] == left[2] == 3 * 150
    assert left[2] >= left[3] >= left[4] > left[5] > left[6] == len(theirs["proposals"]) == 150
    boxes = first.contest.boxes[first.contest.stays][:150] / np.tile(TO_PICTURE, 2)
    assert np.allclose(boxes, theirs["proposals"], atol=0.02)
    assert second.stages[0].left == 150 * 90


def test_the_rpns_contest_is_map_by_map(answer: Detections) -> None:
    contest = rounds(answer)[0].contest
    assert contest.iou == 0.7 and np.array_equal(contest.groups, contest.level) and (contest.labels == NOBODY).all()
    assert len(contest.scores) == rounds(answer)[0].stages[4].left and (contest.scores >= 0.05).all()
    boxes = torch.from_numpy(contest.boxes)
    shared = box_iou(boxes, boxes).numpy()
    gone = np.flatnonzero(contest.by != NOBODY)
    assert len(gone) > 10
    for i, winner in zip(gone, contest.by[gone], strict=True):
        assert contest.level[i] == contest.level[winner] and contest.by[winner] == NOBODY
        assert contest.overlaps[i] == pytest.approx(shared[winner, i], abs=1e-5) and contest.overlaps[i] > 0.7 - 1e-4


@pytest.mark.parametrize(("score", "iou"), [(SCORE, None), (SCORE, 0.05), (0.0, 0.5), (1.0, None)])
def test_the_last_step_is_the_answer(asked: Asked, score: float, iou: float | None) -> None:
    engine, picture = asked
    answer = engine.run(Detect(picture, MODEL, "random", score, iou=iou, trace=True))
    plain = engine.run(Detect(picture, MODEL, "random", score, iou=iou))
    last = rounds(answer)[1]
    stays = last.contest.stays[:100]
    assert np.allclose(last.contest.boxes[stays], plain.boxes, rtol=1e-6) and plain.trace is None
    assert np.array_equal(last.contest.scores[stays], plain.scores)
    assert np.array_equal(last.contest.labels[stays], plain.labels)
    left = [stage.left for stage in last.stages]
    assert left[4] == len(plain.scores) == len(answer.scores) and left[3] == len(last.contest.stays)
    assert left[2] == len(last.contest.scores) and left[0] == 150 * 90
    assert last.contest.iou == (0.5 if iou is None else iou) and np.array_equal(
        last.contest.groups, last.contest.labels
    )
    assert left[4] == min(left[3], 100) and (left[4] == 0) == (score == 1)
    if iou == 0.05:
        gone = np.flatnonzero(last.contest.by != NOBODY)
        assert len(gone) and (last.contest.overlaps[gone] > 0.05 - 1e-4).all()


def test_a_things_cell_is_that_of_its_proposal(asked: Asked, answer: Detections) -> None:
    """Its region, cut out alone, gives the same score."""
    first, last = (one.contest for one in rounds(answer))
    network = asked[0].network(MODEL, "random")
    preparation = network.preparation
    assert isinstance(preparation, WholePicture)
    two = network.module
    stays = first.stays[:150]
    whose = [
        next(i for i in stays if all(part(first)[i] == part(last)[k] for part in PLACE))
        for k in range(len(last.scores))
    ]
    with torch.inference_mode():
        maps = two.backbone(preparation.batch(FRAME))
        regions = torch.from_numpy(first.boxes[whose] / np.tile(TO_PICTURE, 2))
        pooled = two.roi_heads.box_roi_pool(maps, [regions], [(320, 466)])
        scores = two.roi_heads.box_predictor(two.roi_heads.box_head(pooled))[0].softmax(1).numpy()
    assert len(set(whose)) > 3
    assert np.allclose(scores[np.arange(len(whose)), last.labels], last.scores, atol=1e-3)


PLACE = (lambda c: c.level, lambda c: c.row, lambda c: c.column, lambda c: c.anchor)


def test_cells_are_torchvisions(cells: list[CellBoxes], theirs: dict[str, Any]) -> None:
    inputs = np.concatenate([cell.inputs for cell in cells])
    assert np.allclose(inputs, theirs["boxes"], rtol=1e-3, atol=0.02)
    assert np.allclose(np.concatenate([cell.read_object for cell in cells]), theirs["logits"].flatten(), atol=1e-3)
    prior = np.concatenate([cell.prior for cell in cells])
    corners = np.concatenate([prior[:, :2] - prior[:, 2:] / 2, prior[:, :2] + prior[:, 2:] / 2], 1)
    assert np.allclose(corners, theirs["anchors"])


def test_a_cells_numbers_lead_to_its_boxes(cells: list[CellBoxes]) -> None:
    grids = {name: (down, across) for name, _, _, down, across in GRIDS}
    for cell in cells:
        down, across = grids[cell.level]
        assert cell.sum == "anchor" and cell.stride == (across, down) and cell.names == ()
        assert cell.to_picture == pytest.approx(TO_PICTURE.tolist()) and (cell.labels == -1).all()
        left, top = cell.column * across, cell.row * down
        wide, high = cell.to_picture
        assert cell.place == pytest.approx((left * wide, top * high, (left + across) * wide, (top + down) * high))
        assert (cell.prior[:, :2] == [left, top]).all()
        assert np.allclose(cell.moved[:, :2], cell.read[:, :2], atol=1e-6)
        assert np.allclose(cell.moved[:, 2:], np.exp(cell.read[:, 2:].clip(max=np.log(1000 / 16))), rtol=1e-4)
        centre = cell.prior[:, :2] + cell.moved[:, :2] * cell.prior[:, 2:]
        sides = cell.moved[:, 2:] * cell.prior[:, 2:]
        inputs = np.concatenate([centre - sides / 2, centre + sides / 2], 1)
        assert np.allclose(cell.inputs, inputs, rtol=1e-4, atol=1e-3)
        assert np.allclose(cell.boxes, cell.inputs * np.asarray(cell.to_picture * 2), rtol=1e-4, atol=1e-4)
        assert np.allclose(cell.objectness, 1 / (1 + np.exp(-cell.read_object)), atol=1e-5)
        assert np.array_equal(cell.scores, cell.objectness)


def test_what_became_of_every_anchor(answer: Detections, cells: list[CellBoxes]) -> None:
    """Counted over all cells, fates are the differences of the stages."""
    first = rounds(answer)[0]
    left = [stage.left for stage in first.stages]
    fates = [fate for cell in cells for fate in cell.fates]
    assert sum("not among the best 150 of its map" in fate for fate in fates) == left[0] - left[1]
    assert sum("too little of it is in the picture" in fate for fate in fates) == left[2] - left[3]
    assert sum("below 0.05" in fate for fate in fates) == left[3] - left[4]
    assert sum("suppressed by a better one" in fate for fate in fates) == left[4] - left[5]
    assert sum("not among the best 150 that NMS left" in fate for fate in fates) == left[5] - left[6]
    ranks = {fate: cell.scores[i] for cell in cells for i, fate in enumerate(cell.fates) if "proposal" in fate}
    stays = first.contest.scores[first.contest.stays][:150]
    assert ranks == {f"proposal {i} of 150": score for i, score in enumerate(stays, 1)}
    gone = int(np.flatnonzero(first.contest.by != NOBODY)[0])
    begin = (0, 150, 300)[first.contest.level[gone]]
    at = begin + first.contest.row[gone] * GRIDS[first.contest.level[gone]][2] + first.contest.column[gone]
    winner = first.contest.scores[first.contest.by[gone]]
    wanted = f"suppressed by a better one of its map, of {winner:.3f} (IoU {first.contest.overlaps[gone]:.2f})"
    assert cells[at].fates[first.contest.anchor[gone]] == wanted


@pytest.mark.parametrize(("at", "word"), [((3, 0, 0), "3 maps"), ((2, 5, 0), "5 rows"), ((0, 0, 15), "15 columns")])
def test_cells_that_are_not_there(asked: Asked, at: tuple[int, int, int], word: str) -> None:
    with pytest.raises(Mistake, match=word):
        asked[0].run(Cell(asked[1], MODEL, *at, "random"))


def test_where_nothing_is_proposed_the_trace_says_where_it_went(asked: Asked) -> None:
    """The small one leaves proposals out that score under .05: here all of them."""
    engine, name = asked[0], "fasterrcnn_mobilenet_v3_large_fpn"
    network = engine.network(name, "random")
    network.preparation = WholePicture(96, 200)
    with torch.no_grad():
        network.module.rpn.head.cls_logits.bias.fill_(-9)
    black = engine.keep(Frame(np.zeros((60, 90, 3), np.uint8)))
    first, second = rounds(engine.run(Detect(black, name, "random", trace=True)))
    assert [stage.left for stage in first.stages][3:] == [first.stages[3].left, 0, 0, 0] and first.stages[3].left
    assert {stage.left for stage in second.stages} == {0} and len(second.contest.scores) == 0
    fates = engine.run(Cell(black, name, 2, 0, 0, "random")).fates
    assert {fate.split("for ")[1] for fate in fates} <= {
        "its objectness is below 0.05",
        "too little of it is in the picture",
    }


def test_a_mask_rcnn_is_traced_too(asked: Asked) -> None:
    engine, picture = asked
    name = "maskrcnn_resnet50_fpn"
    engine.network(name, "random").preparation = WholePicture(130, 300)
    answer = engine.run(Detect(picture, name, "random", trace=True))
    first, second = rounds(answer)
    assert [level.name for level in first.levels] == ["0", "1", "2", "3", "pool"]
    assert {len(level.priors) for level in first.levels} == {3}
    stays = second.contest.stays[:100]
    assert np.array_equal(second.contest.scores[stays], answer.scores) and first.stages[-1].left <= 1000
    cell = engine.run(Cell(picture, name, 1, 2, 3, "random"))
    assert cell.level == "1" and len(cell.scores) == 3 and cell.cached
