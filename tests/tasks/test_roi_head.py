"""One box through both poolings into one head: torchvision's own heads on the same features, seeded, not trained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
import torchvision
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.transform import resize_boxes

from explorer.engine.engine import LocalEngine
from explorer.engine.network import Network
from explorer.errors import Mistake
from explorer.models.registry import models
from explorer.models.whole_picture import WholePicture
from explorer.records.frame import Frame
from explorer.records.roi import Box
from explorer.records.roi_head import HeadAnswers, RoiHead

MODEL = "fasterrcnn_mobilenet_v3_large_320_fpn"
BOX: Box = (20.5, 31.0, 97.0, 118.75)


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    """The first one's scores are spread out: as it is drawn it says nearly the same of everything."""
    made = LocalEngine("cpu", models())
    faint = made.network(MODEL, "random").module
    with torch.no_grad():
        faint.roi_heads.box_predictor.cls_score.weight.mul_(30)
        faint.roi_heads.box_predictor.cls_score.bias[0] += 6  # so it mostly says background
        faint.backbone.fpn.layer_blocks[0][0].weight.mul_(1e6)
    made.network("maskrcnn_resnet50_fpn", "random").preparation = WholePicture(260, 600)  # at 800 it takes seconds
    yield made
    made.close()


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(np.random.default_rng(3).integers(0, 256, (133, 190, 3)).astype(np.uint8), "noise")


def asked(engine: LocalEngine, frame: Frame, box: Box = BOX, model: str = MODEL) -> HeadAnswers:
    return engine.run(RoiHead(engine.keep(frame), model, box, "random"))


def theirs(engine: LocalEngine, frame: Frame, boxes: list[Box], model: str) -> dict[str, Any]:
    """torchvision's roi_heads on torchvision's maps, with RoI Align and with RoI Pool in its place."""
    network = engine.network(model, "random")
    two, preparation = network.module, network.preparation
    size, _ = preparation.sizes(frame.size)
    with torch.inference_mode():
        x = preparation.batch(frame)
        maps = two.backbone(x)
        given = resize_boxes(torch.tensor(boxes), frame.size, size)
        align = two.roi_heads.box_roi_pool(maps, [given], [size])
        proposals, _ = two.rpn(ImageList(x, [size]), maps)
        mapper = two.roi_heads.box_roi_pool.map_levels
        levels = mapper([given])
        pooled = []
        names = [name for name in maps if name in two.roi_heads.box_roi_pool.featmap_names]
        for box, level in zip(given, levels, strict=True):
            roi = torch.cat([torch.zeros(1), box])[None]
            scale = two.roi_heads.box_roi_pool.scales[level]
            pooled.append(torchvision.ops.roi_pool(maps[names[level]], roi, 7, scale)[0])
        pool = torch.stack(pooled)
        both = {}
        for way, values in (("align", align), ("pool", pool)):
            logits, offsets = two.roi_heads.box_predictor(two.roi_heads.box_head(values))
            moved = two.roi_heads.box_coder.decode(offsets, [given])
            both[way] = (values, logits, moved)
        return both | {"levels": levels, "proposals": resize_boxes(proposals[0], size, frame.size)}


BOXES: list[Box] = [BOX, (3, 4, 20, 26), (0, 0, 190, 133), (60.2, 10, 171.7, 100)]


@pytest.mark.parametrize("model", [MODEL, "maskrcnn_resnet50_fpn"])
def test_both_poolings_lead_where_torchvision_leads(engine: LocalEngine, frame: Frame, model: str) -> None:
    """Boxes that meet several levels of the pyramid."""
    wanted = theirs(engine, frame, BOXES, model)
    met, said = set(), set()
    for i, box in enumerate(BOXES):
        answer = asked(engine, frame, box, model)
        assert answer.chosen == wanted["levels"][i]
        met.add(answer.map.level)
        said |= {answer.pool.best, answer.align.best}
        for way in ("align", "pool"):
            values, logits, moved = (part[i] for part in wanted[way])
            one = getattr(answer, way)
            assert np.allclose(one.logits, logits, rtol=1e-3, atol=1e-3)
            assert np.allclose(one.scores, logits.softmax(0), atol=1e-4)
            assert one.scores.sum() == pytest.approx(1, abs=1e-5)
            place = resize_boxes(moved[one.thing][None], answer.input, answer.size)[0]
            assert np.allclose(one.box, place, atol=0.05)
            told = answer.poolings.align.average if way == "align" else answer.poolings.pool.values
            assert np.allclose(told[0], values[answer.channel], rtol=1e-3, atol=1e-4 * float(values.abs().max()))
        apart = float((wanted["pool"][0][i] - wanted["align"][0][i]).abs().mean() / wanted["align"][0][i].abs().mean())
        assert answer.apart == pytest.approx(apart, rel=1e-3)
        assert answer.largest_change > 1e-6
    assert len(met) == (1 if model == MODEL else 3) and (0 in said) == (model == MODEL)
    assert np.allclose(answer.proposals, wanted["proposals"], atol=0.05) and len(answer.sure) > 0
    assert (np.diff(answer.sure) <= 0).all()


def test_a_box_that_moves_runs_the_first_pass_no_more(
    engine: LocalEngine, frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Frame(frame.pixels[::-1].copy())
    asked(engine, other)
    shapes: list[tuple[int, ...]] = []
    forward = Network.forward

    def watched(self: Network, items: torch.Tensor, precision: Any) -> torch.Tensor:
        shapes.append(tuple(items.shape))
        return forward(self, items, precision)

    monkeypatch.setattr(Network, "forward", watched)
    again = asked(engine, other, (21, 30, 90, 100))
    assert shapes == [(2, 256, 7, 7)] and again.cached
    assert asked(engine, other, (21, 30, 90, 100)).cached and len(shapes) == 1


def test_what_is_told_of_the_pyramid_and_the_picture(engine: LocalEngine, frame: Frame) -> None:
    answer = asked(engine, frame)
    assert answer.input == (320, 457) and answer.size == (133, 190)
    x = 457 / 190
    assert answer.given == pytest.approx((20.5 * x, 31 * 320 / 133, 97 * x, 118.75 * 320 / 133))
    assert [one.stride for one in answer.maps] == [32, 32] and answer.map.level == 5
    assert answer.pool.rounded.tolist() == pytest.approx(
        [(answer.poolings.pool.box[i] + i // 2) * 32 / (x if i % 2 == 0 else 320 / 133) for i in range(4)],
        rel=1e-5,
    )
    assert answer.align.rounded.tolist() == pytest.approx(BOX, abs=1e-3)
    assert answer.names[0] == "__background__" and answer.weights == "random"
    assert any("never trained" in note for note in answer.notes)
    told = answer.as_json()
    assert {"pool", "align", "align_max", "edges", "model", "scale", "channel", "scores"} <= set(told)
    assert [row["align"] for row in told["scores"]] == [float(answer.align.scores[i]) for i in answer.top(5)]


def test_what_cannot_be_asked_is_a_sentence(engine: LocalEngine, frame: Frame) -> None:
    for box in ((200, 0, 300, 50), (5, 5, 5, 9)):
        with pytest.raises(Mistake, match="no part of the picture"):
            asked(engine, frame, box)
    with pytest.raises(Mistake, match="no head that takes boxes"):
        asked(engine, frame, model="resnet18")
    with pytest.raises(Mistake, match="channels 0 to 255"):
        engine.run(RoiHead(engine.keep(frame), MODEL, BOX, "random", 256))
