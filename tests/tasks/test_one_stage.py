"""Detection in one pass is torchvision's, end to end, on seeded weights; its trace and its cells tell how."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
import torchvision
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torchvision.models import WeightsEnum
from torchvision.transforms import functional as F

from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake
from explorer.models.one_stage import OneStage
from explorer.models.registry import models
from explorer.models.whole_picture import WholePicture
from explorer.records.cell import Cell, CellBoxes
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.records.roi_head import RoiHead
from explorer.records.trace import NOBODY, Round

LITE, VGG, RETINA, FCOS = "ssdlite320_mobilenet_v3_large", "ssd300_vgg16", "retinanet_resnet50_fpn", "fcos_resnet50_fpn"
DETECTORS = [LITE, VGG, RETINA, FCOS]
FRAMES = {
    shape: Frame(np.random.default_rng(4).integers(0, 256, (*shape, 3)).astype(np.uint8), str(shape))
    for shape in ((60, 95), (110, 70))
}
SCORE = 0.06


def spread(one: OneStage, x: Tensor) -> None:
    """Scores and offsets that differ, for as they are drawn all boxes are nearly the same."""
    head: Any = one.head
    with torch.inference_mode():
        maps, _ = one.parts(x)
    for part, wanted in ((head.classification_head, 2.5), (head.regression_head, 0.8)):
        listed = getattr(part, "module_list", None)
        lasts = [part.cls_logits if wanted > 1 else part.bbox_reg] if listed is None else list(listed)
        for last, features in zip(lasts, maps, strict=False):
            with torch.inference_mode():
                before = features if listed is not None else part.conv(features)
                deviation = float(last(before).std())
            conv = last if isinstance(last, nn.Conv2d) else last[-1]
            with torch.no_grad():
                conv.weight.mul_(wanted / deviation)


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", models())
    for name in DETECTORS:
        network = made.network(name, "random")
        if name in (RETINA, FCOS):
            network.preparation = WholePicture(128, 200)  # at 800 it takes seconds
        assert isinstance(network.module, OneStage) and isinstance(network.preparation, WholePicture)
        spread(network.module, network.preparation.batch(FRAMES[60, 95]))
    yield made
    made.close()


@pytest.fixture(scope="module")
def theirs(engine: LocalEngine) -> dict[str, Any]:
    """torchvision's own, with the same weights, read by its own code as it reads the files it publishes."""
    made = {}
    for name in DETECTORS:
        state = {key: tensor.clone() for key, tensor in engine.network(name, "random").module.state_dict().items()}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(WeightsEnum, "get_state_dict", lambda *_, state=state, **__: state)
            model = torchvision.models.get_model(name, weights="COCO_V1").eval()
        if name in (RETINA, FCOS):
            model.transform.min_size, model.transform.max_size = (128,), 200
        made[name] = model
    return made


def wanted(model: Any, frame: Frame, score: float, iou: float | None) -> dict[str, Tensor]:
    usual = model.score_thresh, model.nms_thresh
    model.score_thresh, model.nms_thresh = score, usual[1] if iou is None else iou
    with torch.inference_mode():
        (found,) = model([F.to_tensor(Image.fromarray(frame.pixels))])
    model.score_thresh, model.nms_thresh = usual
    return dict(found)


@pytest.mark.parametrize("model", DETECTORS)
def test_the_same_things_are_found(engine: LocalEngine, theirs: dict[str, Any], model: str) -> None:
    for frame, score, iou in ((FRAMES[60, 95], SCORE, None), (FRAMES[110, 70], 0.2, 0.2)):
        found = engine.run(Detect(engine.keep(frame), model, "random", score, iou=iou))
        want = wanted(theirs[model], frame, score, iou)
        assert 3 < len(found.scores) == len(want["scores"]) and (found.scores > score).all()
        assert np.allclose(found.scores, want["scores"], atol=1e-4)
        same = found.labels == want["labels"].numpy()
        assert np.allclose(found.boxes[same], want["boxes"].numpy()[same], atol=0.02)
        swapped = np.flatnonzero(~same)  # only where scores are as good as equal
        assert len(swapped) <= 2 and (np.diff(found.scores[swapped]) > -1e-5).all()


@pytest.mark.parametrize("model", [LITE, FCOS])
def test_a_moved_threshold_runs_nothing(engine: LocalEngine, model: str) -> None:
    picture = engine.keep(FRAMES[60, 95])
    engine.run(Detect(picture, model, "random", SCORE))
    counts = []
    for iou in (0.0, 0.3, None):
        found = engine.run(Detect(picture, model, "random", 0.3, iou=iou, trace=True))
        assert found.cached and found.trace is not None
        counts.append(found.trace.rounds[0].stages[3].left)
    none = engine.run(Detect(picture, model, "random", 1.0, trace=True))
    assert counts[0] < counts[1] < counts[2] and none.boxes.shape == (0, 4) and none.trace is not None
    assert [stage.left for stage in none.trace.rounds[0].stages[1:]] == [0, 0, 0, 0]


def traced(engine: LocalEngine, model: str, score: float = SCORE) -> tuple[Detections, Round]:
    found = engine.run(Detect(engine.keep(FRAMES[60, 95]), model, "random", score, trace=True))
    assert found.trace is not None and len(found.trace.rounds) == 1
    return found, found.trace.rounds[0]


@pytest.mark.parametrize("model", DETECTORS)
def test_a_trace_leads_to_the_answer(engine: LocalEngine, model: str) -> None:
    found, told = traced(engine, model)
    network = engine.network(model, "random")
    contest, kept = told.contest, told.contest.stays[: network.module.rules.kept]
    assert np.array_equal(contest.boxes[kept], found.boxes) and np.array_equal(contest.scores[kept], found.scores)
    assert np.array_equal(contest.labels[kept], found.labels)
    left = [stage.left for stage in told.stages]
    things = 90 if model in (LITE, VGG) else 91
    each = [level.scores.size * max(len(level.priors), 1) for level in told.levels]
    assert left[0] == sum(each) * things
    assert left[2:] == [len(contest.scores), len(contest.stays), len(found.scores)]
    assert left[1] >= left[2] > left[3] > 3 and (contest.scores > SCORE).all()
    assert told.name == network.card.family and contest.iou == network.module.rules.iou
    assert set(contest.level.tolist()) <= set(range(len(told.levels))) and len(set(contest.level.tolist())) > 2
    for i in np.flatnonzero(contest.by != NOBODY)[:50]:
        assert contest.labels[contest.by[i]] == contest.labels[i] and contest.overlaps[i] > contest.iou


@pytest.mark.parametrize("model", DETECTORS)
def test_maps_lie_where_their_cells_do(engine: LocalEngine, model: str) -> None:
    """Where pictures are padded the maps reach past them; SSD's of 38 cells of 8 pixels past 300."""
    _, told = traced(engine, model)
    height, width = 60, 95
    covers = [level.place for level in told.levels]
    assert all(place[:2] == (0, 0) for place in covers)
    if model == LITE:
        assert all(place[2:] == pytest.approx((width, height)) for place in covers)
        assert [level.rows for level in told.levels] == [20, 10, 5, 3, 2, 1]
    elif model == VGG:
        assert covers[0][2:] == pytest.approx((width * 304 / 300, height * 304 / 300))
        assert told.levels[0].priors[0] == pytest.approx((0.07 * width, 0.07 * height), rel=1e-4)
    else:  # 60 x 95 to 126 x 200, padded to 128 x 224
        assert covers[0][2:] == pytest.approx((224 / 200 * width, 128 / 126 * height))
        assert [len(level.priors) for level in told.levels] == [9 if model == RETINA else 0] * 5
        assert [(level.name, level.rows) for level in told.levels[:2]] == [("P3", 16), ("P4", 8)]


def arithmetic(cell: CellBoxes, weights: tuple[float, ...]) -> NDArray[np.float32]:
    """From raw numbers to boxes in pixels of the input."""
    if cell.sum == "distance":
        unit = {"P3": 8, "P4": 16, "P5": 32, "P6": 64, "P7": 128}[cell.level]
        assert np.allclose(cell.moved, cell.read * unit, rtol=1e-4) and (cell.prior[:, 2:] == 0).all()
        centre = cell.prior[:, :2]
        return np.concatenate([centre - cell.moved[:, :2], centre + cell.moved[:, 2:]], 1)
    scaled = cell.read / np.asarray(weights)
    grown = np.exp(np.minimum(scaled[:, 2:], np.log(1000 / 16)))
    assert np.allclose(cell.moved, np.concatenate([scaled[:, :2], grown], 1), rtol=1e-4, atol=1e-5)
    centre = cell.prior[:, :2] + cell.moved[:, :2] * cell.prior[:, 2:]
    half = cell.prior[:, 2:] * cell.moved[:, 2:] / 2
    return np.concatenate([centre - half, centre + half], 1)


def asked(engine: LocalEngine, model: str, level: int, row: int, column: int, score: float = SCORE) -> CellBoxes:
    return engine.run(Cell(engine.keep(FRAMES[60, 95]), model, level, row, column, "random", score))


@pytest.mark.parametrize("model", DETECTORS)
def test_a_cells_numbers_follow_from_each_other(engine: LocalEngine, model: str) -> None:
    _, told = traced(engine, model)
    for level, row, column in ((0, 3, 7), (2, 1, 0), (len(told.levels) - 1, 0, 0)):
        cell = asked(engine, model, level, row, column)
        assert cell.sum == ("distance" if model == FCOS else "anchor") and cell.cached
        inputs = arithmetic(cell, (10, 10, 5, 5) if model in (LITE, VGG) else (1, 1, 1, 1))
        assert np.allclose(cell.inputs, inputs, rtol=1e-4, atol=1e-3)
        assert np.allclose(cell.boxes, cell.inputs * (cell.to_picture * 2), rtol=1e-4, atol=1e-3)
        raw = cell.read_classes
        if model in (LITE, VGG):
            assert np.allclose(cell.classes, np.exp(raw) / np.exp(raw).sum(1, keepdims=True), atol=1e-5)
            best = cell.classes[:, 1:].max(1)
        else:
            assert np.allclose(cell.classes, 1 / (1 + np.exp(-raw)), atol=1e-5)
            best = cell.classes.max(1)
        if model == FCOS:
            assert np.allclose(cell.objectness, 1 / (1 + np.exp(-cell.read_object)), atol=1e-5)
            best = np.sqrt(best * cell.objectness)
        else:
            assert np.isnan(cell.objectness).all() and np.isnan(cell.read_object).all()
        assert np.allclose(cell.scores, best, atol=1e-4)
        spot = told.levels[level]
        assert spot.scores[row, column] == cell.scores.max() and spot.name == cell.level
        assert spot.labels[row, column] == cell.labels[cell.scores.argmax()]
        x0, y0, x1, y1 = spot.place
        step = (x1 - x0) / spot.columns, (y1 - y0) / spot.rows
        corner = column * step[0], row * step[1]
        assert cell.place == pytest.approx((*corner, corner[0] + step[0], corner[1] + step[1]), abs=1e-4)
        if model != FCOS:
            assert np.allclose(spot.priors, cell.prior[:, 2:] * cell.to_picture, rtol=1e-3)


@pytest.mark.parametrize("model", DETECTORS)
def test_a_cell_tells_what_became_of_its_boxes(engine: LocalEngine, model: str) -> None:
    found, told = traced(engine, model)
    contest, seen = told.contest, set()
    for i in range(len(contest.scores)):
        kind = "suppressed" if contest.by[i] != NOBODY else "answered"
        if kind in seen:
            continue
        at = int(contest.level[i]), int(contest.row[i]), int(contest.column[i])
        cell, anchor = asked(engine, model, *at), int(contest.anchor[i])
        if cell.labels[anchor] != contest.labels[i]:
            continue
        seen.add(kind)
        assert cell.scores[anchor] == contest.scores[i]
        height, width = found.size
        clipped = np.clip(cell.boxes[anchor], 0, [width, height, width, height])
        assert np.allclose(clipped, contest.boxes[i], atol=1e-2)
        rank = np.flatnonzero(contest.stays == i)
        if kind == "answered":
            assert cell.fates[anchor].startswith(f"answered, number {rank[0] + 1:,} of {len(found.scores):,}")
        else:
            assert f"{contest.scores[contest.by[i]]:.3f} (IoU {contest.overlaps[i]:.2f})" in cell.fates[anchor]
    assert seen == {"suppressed", "answered"}
    high = asked(engine, model, 0, 0, 0, score=1.0)
    assert set(high.fates) == {"left out, for it does not score above 1"}


def test_those_beyond_the_best_of_their_map_are_told(engine: LocalEngine) -> None:
    found, told = traced(engine, RETINA, score=0.001)
    assert told.stages[1].left > told.stages[2].left and told.stages[3].left > told.stages[4].left == 300
    fates = [fate for row in range(6) for fate in asked(engine, RETINA, 0, row, 5, score=0.001).fates]
    assert any(fate.startswith("left out, for it is not among the best 1,000 of its map") for fate in fates)
    assert len(found.scores) == 300


def test_what_cannot_be_asked(engine: LocalEngine) -> None:
    with pytest.raises(Mistake, match="has 6 maps"):
        asked(engine, LITE, 6, 0, 0)
    with pytest.raises(Mistake, match="20 rows and 20 columns"):
        asked(engine, LITE, 0, 20, 0)
    with pytest.raises(Mistake, match="no head that takes boxes"):
        engine.run(RoiHead(engine.keep(FRAMES[60, 95]), LITE, (0.0, 0.0, 30.0, 30.0), "random"))
