"""The RoI tab on pictures: the page shows what the engine answers of a network's map and of a detector's head."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest

from explorer.asking import Asking, Chosen
from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake
from explorer.models.registry import models
from explorer.records.frame import Frame
from explorer.records.roi_features import RoiFeatures
from explorer.records.roi_head import RoiHead
from explorer.tabs import roi
from explorer.tabs.roi_settings import Settings, box_text
from explorer.tabs.roi_shown import EVENTS, MOVED, chosen_for, shown
from explorer.tabs.stage import layers, seen, stage
from explorer.tabs.wiring import Bench

FRAME = Frame(np.random.default_rng(3).integers(0, 256, (133, 190, 3)).astype(np.uint8), domain="photographs")
DETECTOR = "fasterrcnn_mobilenet_v3_large_320_fpn"
ON_PICTURES = Settings("pictures", network="street_alexnet", region="31.5, 20.25, 118, 97.3", cells=3, samples=2)
INTO_HEAD = Settings("heads", detector=f"{DETECTOR}:random", region="31.5, 20.25, 118, 97.3")


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", models())
    yield made
    made.close()


def table(html: str, name: str) -> list[list[float]]:
    body = re.findall(rf'<table [^>]*data-testid="roi-{name}".*?</table>', html)[0]
    return [[float(one) for one in re.findall(r'<data value="([^"]+)"', row)] for row in body.split("<tr>")[1:]]


def output(html: str, name: str) -> str:
    return str(re.findall(rf'<output data-testid="roi-{name}">([^<]*)', html)[0])


def panes(view: Any) -> list[Any]:
    return list(json.loads(seen(view))["panes"])


def test_every_control_reaches_the_engine(engine: LocalEngine) -> None:
    settings = Settings("pictures", "", "", 2, 2, True, "2,1", "x", "street_alexnet", "8", "17", "10 20 100 90", 3)
    made = shown(engine, FRAME, settings, one=Chosen("street_alexnet"))
    asked = RoiFeatures(engine.keep(FRAME), "street_alexnet", (10, 20, 100, 90), "", "8", 3, 2, 17, True)
    answer = engine.run(asked)
    assert table(made.results, "pool") == answer.as_json()["pool"]
    assert table(made.results, "align") == answer.as_json()["align"]
    assert np.allclose(table(made.results, "difference"), answer.difference)
    assert output(made.verdict, "channel") == "17" and "as chosen" in made.verdict
    assert output(made.verdict, "scale") == "0.125" and "features.13" in made.verdict
    sides = table(made.verdict, "sides")[1:]
    assert np.allclose(np.transpose(sides), [answer.box, answer.rounded, answer.moved], atol=1e-3)
    assert "row 2, column 1" in made.sums and made.region == "10, 20, 100, 90"
    told = panes(made.view)
    assert len(told) == 4 and {layer.get("event") for pane in told for layer in pane["layers"]} - {None, ""} == set(
        EVENTS
    )
    (heat,) = (layer for layer in told[0]["layers"] if layer["kind"] == "heat")
    assert heat["size"] == list(answer.roi.matrix.shape) and heat["place"] == [
        0,
        0,
        8 * heat["size"][1],
        8 * heat["size"][0],
    ]
    drags = [layer["box"] for pane in told for layer in pane["layers"] if layer["kind"] == "drag"]
    assert drags == [[10, 20, 100, 90]] * 4


def test_where_nothing_is_chosen_the_strongest_channel_of_the_last_map_is_shown(engine: LocalEngine) -> None:
    made = shown(engine, FRAME, ON_PICTURES, one=Chosen("street_alexnet", why="because"))
    answer = engine.run(RoiFeatures(engine.keep(FRAME), "street_alexnet", (31.5, 20.25, 118, 97.3), samples=2, bins=3))
    assert output(made.verdict, "channel") == str(answer.channel) and "answers most in the box" in made.verdict
    assert '<p class="badge">because</p>' in made.verdict
    assert float(output(made.verdict, "moved")) == pytest.approx(abs(answer.moved).max(), abs=1e-3)


def test_both_poolings_scores_stand_side_by_side(engine: LocalEngine) -> None:
    made = shown(engine, FRAME, INTO_HEAD, one=Chosen(DETECTOR, "random"))
    answer = engine.run(RoiHead(engine.keep(FRAME), DETECTOR, (31.5, 20.25, 118, 97.3), "random"))
    rows = table(made.results, "scores")[1:]
    assert np.allclose(rows, [[answer.pool.scores[i], answer.align.scores[i]] for i in answer.top(6)])
    assert output(made.results, "level") == "P5" and "only level" in made.results
    assert output(made.verdict, "change") == f"{100 * answer.largest_change:.2f}"
    assert "never trained" in made.verdict and "__background__" not in made.verdict + made.results
    told = panes(made.view)
    assert [pane["title"].partition(":")[0] for pane in told] == ["RoI Pool", "RoI Align"]
    assert {layer.get("event") for pane in told for layer in pane["layers"]} - {None, ""} == {MOVED}
    assert [number for _, number, _ in made.proposals] == [str(i + 1) for i in range(20)]
    assert made.proposals[4][2] == box_text(tuple(float(round(side, 1)) for side in answer.proposals[4].astype(float)))


def test_a_box_that_is_nowhere_on_this_picture_makes_room_for_one_that_is() -> None:
    size = 100, 200
    first = Settings("pictures").on_picture(size)
    assert first == (42, 27, 128, 78)
    assert Settings("pictures", region="500, 10, 600, 50").on_picture(size) == first
    assert Settings("pictures", region="190, 10, 600, 50").on_picture(size) == (190, 10, 600, 50)
    with pytest.raises(Mistake, match="four numbers"):
        Settings("pictures", region="1, 2").on_picture(size)


@pytest.mark.parametrize("text", ["-1", "x", "1.5", "²", "1 2"])
def test_a_channel_that_is_no_number_is_a_sentence(text: str) -> None:
    with pytest.raises(Mistake, match="no channel"):
        Settings(channel=text).wanted_channel()
    assert Settings(channel=" ").wanted_channel() == -1 and Settings(channel=" 12").wanted_channel() == 12


def test_with_no_trained_detector_here_one_never_trained_answers_and_says_so(engine: LocalEngine, hub: Path) -> None:
    asking = Asking(engine, "detect")
    one = chosen_for(engine, asking, FRAME, Settings("heads"))
    assert (
        one.weights == "random"
        and DETECTOR in one.why
        and "no trained detector is here" in one.why
        and "78 MB" in one.why
    )
    wanted = chosen_for(engine, asking, FRAME, Settings("heads"), fetching=True)
    assert (wanted.model, wanted.weights) == (DETECTOR, "COCO_V1") and not wanted.why
    hub.mkdir(parents=True)
    for name in ("fasterrcnn_mobilenet_v3_large_fpn", "maskrcnn_resnet50_fpn"):
        (hub / models().get(name).published[0].file).write_bytes(b"")
    best = chosen_for(engine, asking, FRAME, Settings("heads"))
    assert (best.model, best.weights) == ("maskrcnn_resnet50_fpn", "COCO_V1")
    named = chosen_for(engine, asking, FRAME, INTO_HEAD)
    assert (named.model, named.weights) == (DETECTOR, "random")


class Page:
    """The tab's panel, and what its handlers would give the page."""

    def __init__(self, engine: LocalEngine) -> None:
        with gr.Blocks() as self.demo:
            bench = Bench(gr.State(None), layers(), stage(EVENTS))
            self.panel = roi.build(engine, bench)

    def asked(self, settings: Settings, frame: Frame | None = FRAME) -> list[dict[str, Any]]:
        given: Any = gr.Request(session_hash="me")
        order = [*Settings.__dataclass_fields__]
        steps = list(self.panel.ask.fn(given, frame, "", *(getattr(settings, name) for name in order)))
        assert all(set(step) <= set(self.panel.ask.outputs) for step in steps)
        return [{part.elem_id: value for part, value in step.items()} for step in steps]


def test_who_waits_for_a_network_is_told_and_who_comes_back_is_not(engine: LocalEngine) -> None:
    page = Page(engine)
    other = Frame(FRAME.pixels[:, ::-1].copy())
    waiting, answer = page.asked(ON_PICTURES, other)
    assert "looks at the whole picture" in waiting["roi-said"] and "layers" not in waiting
    assert "street_alexnet" in answer["roi-said"] and answer["roi-region"]["value"] == "31.5, 20.25, 118, 97.3"
    (again,) = page.asked(ON_PICTURES, other)
    assert again["roi-results"] == answer["roi-results"]


def test_each_part_shows_its_own_controls(engine: LocalEngine) -> None:
    page = Page(engine)
    areas = {
        "numbers": {"roi-on-matrix", "roi-own", "roi-bins", "roi-on-numbers", "roi-sampling", "roi-summing"},
        "pictures": {"roi-on-pictures", "roi-cells", "roi-region", "roi-on-numbers", "roi-sampling", "roi-summing"},
        "heads": {"roi-into-head", "roi-region", "roi-on-numbers"},
        "shift": {"roi-on-matrix", "roi-own", "roi-bins", "roi-shift-test", "roi-sampling"},
    }
    for part, settings in (
        ("numbers", Settings()),
        ("pictures", ON_PICTURES),
        ("heads", INTO_HEAD),
        ("shift", Settings("shift")),
    ):
        got = page.asked(settings)[-1]
        visible = {name for name, value in got.items() if isinstance(value, dict) and value.get("visible") is True}
        assert visible - {None} == areas[part], part


def test_weights_that_are_missing_can_be_fetched_from_here(engine: LocalEngine, hub: Path) -> None:
    got = Page(engine).asked(Settings("heads", detector="maskrcnn_resnet50_fpn"))[-1]
    assert "not on this machine" in got["roi-said"] and got["roi-fetch"]["visible"] and "layers" not in got
    got = Page(engine).asked(Settings("pictures", network="resnet50"))[-1]
    assert "103 MB" in got["roi-said"] and got["roi-fetch"]["visible"]


def test_what_cannot_be_asked_is_a_sentence_and_nothing_is_lost(engine: LocalEngine) -> None:
    page = Page(engine)
    for settings, words in (
        (Settings("pictures", network="street_alexnet", region="1,2"), "four numbers"),
        (Settings("pictures", network="street_alexnet", channel="999"), "channels 0 to 95"),
        (Settings("pictures", network="street_alexnet", layer="32"), "no map called"),
        (Settings("pictures", network="street_alexnet", channel="<b>"), "no channel"),
    ):
        got = page.asked(settings)[-1]
        assert words in got["roi-said"] and "<b>" not in got["roi-said"] and "layers" not in got
    assert "Choose a picture" in page.asked(ON_PICTURES, None)[-1]["roi-said"]
