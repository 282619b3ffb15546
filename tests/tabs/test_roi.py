"""The RoI tab asks what its controls say and shows what the engine answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np
import pytest

from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake
from explorer.records.frame import Frame
from explorer.records.roi import RoiShift
from explorer.records.roi_presets import MATRIX, PRESETS, Preset
from explorer.sources.matrix import matrix_of, text_of
from explorer.tabs import roi, roi_page, roi_shown
from explorer.tabs.roi_controls import controls, offers
from explorer.tabs.roi_settings import LECTURE, LONGEST_LINK, Settings, box_of, box_text
from explorer.tabs.roi_shown import EVENTS
from explorer.tabs.stage import layers, nothing, seen, stage
from explorer.tabs.wiring import Bench
from tests import tiny

FRAME = Frame(np.zeros((300, 450, 3), np.uint8))


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry())
    yield made
    made.close()


def table(html: str, name: str) -> list[list[float]]:
    """The numbers of one of the small tables."""
    body = re.findall(rf'<table data-testid="roi-{name}".*?</table>', html)[0]
    return [[float(one) for one in re.findall(r'<data value="([^"]+)"', row)] for row in body.split("<tr>")[1:]]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_the_lectures_answers_are_exact(engine: LocalEngine, preset: Preset) -> None:
    settings = Settings(box=box_text(preset.box), samples=preset.samples)
    assert settings.preset() == preset
    made = roi_shown.shown(engine, FRAME, settings)
    assert table(made.results, preset.method) == [list(row) for row in preset.answer]
    assert "exactly the lecture’s answer" in made.verdict


def test_anything_else_is_no_example() -> None:
    first = Settings()
    assert first.preset() == PRESETS[0] and np.array_equal(first.question.matrix, np.array(MATRIX, np.float32))
    for other in (
        Settings(box="1, 2, 7, 7.001"), Settings(bins=3), Settings(samples=1), Settings(aligned=True),
        Settings(matrix=LECTURE.replace(".8", ".7", 1)),
    ):  # fmt: skip
        assert other.preset() is None


def test_every_control_reaches_the_engine(engine: LocalEngine) -> None:
    settings = Settings("numbers", "1,2,3\n4,5,6\n7,8,9", "0.25 0.5 2.5 2.75", 3, 2, True, "2,1")
    question, answer = settings.question, roi_shown.run(engine, settings.question)
    assert (question.box, question.bins, question.samples, question.aligned) == ((0.25, 0.5, 2.5, 2.75), 3, 2, True)
    made = roi_shown.shown(engine, FRAME, settings)
    for name in ("pool", "align", "warp", "align_max"):
        assert table(made.results, name) == answer.as_json()[name]
    assert "row 2, column 1" in made.sums and made.chart is None
    told = json.loads(seen(made.view))
    assert [pane["title"][:9] for pane in told["panes"]] == ["RoI Pool:", "RoI Align"]
    events = {layer.get("event") for pane in told["panes"] for layer in pane["layers"]} - {None, ""}
    assert events == set(EVENTS)


@pytest.mark.parametrize("axis", ["x", "y"])
def test_the_shift_test_is_the_engines(engine: LocalEngine, axis: Any) -> None:
    settings = Settings("shift", box="0.4,0.3,3.3,3.9", bin="1,1", axis=axis)
    made = roi_shown.shown(engine, FRAME, settings)
    wanted = engine.run(RoiShift(settings.question, 64, 1 / 16, axis))
    for line, method in zip(made.chart.data, ("pool", "warp", "align"), strict=True):
        assert list(line.y) == wanted.curves[method][:, 1, 1].tolist() and len(line.y) == 65
    assert not made.results and not made.sums
    said = [float(one) for one in re.findall(r'<data value="([^"]+)"', made.jumps)]
    assert said[1::2] == pytest.approx([wanted.jumps[method] for method in ("pool", "warp", "align")])


@pytest.mark.parametrize("text", ["1,2,7,7", "1 2 7 7", " [1; 2; 7; 7] ", "1.0,2,7e0,7\n"])
def test_a_box_is_read_as_people_write_it(text: str) -> None:
    assert box_of(text) == (1, 2, 7, 7)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(box="1,2,7"), "four numbers"),
        (Settings(box=""), "four numbers"),
        (Settings(box="a,b,c,d"), "four numbers"),
        (Settings(box="1,2,nan,7"), "four numbers"),
        (Settings(box="7,2,1,7"), "ends before it begins"),
        (Settings(matrix="1,2\n3"), "1 numbers in line 2"),
        (Settings(matrix="1,x"), "'x' in line 1"),
        (Settings(matrix=""), "empty"),
        (Settings(matrix="\n".join(["1," * 64 + "1"] * 2)), "2 by 65"),
    ],
)
def test_bad_text_is_a_sentence(settings: Settings, words: str) -> None:
    with pytest.raises(Mistake, match=re.escape(words)):
        _ = settings.question


def test_a_wiped_out_number_is_the_default() -> None:
    nothing: Any = None
    assert (Settings(bins=nothing).bins, Settings(samples=nothing).samples) == (2, 0)


def test_a_chosen_bin_that_is_gone_is_the_last_one() -> None:
    assert Settings(bins=7, bin="6,2").chosen == (6, 2) and Settings(bins=3, bin="6,1").chosen == (2, 1)


def test_a_matrix_travels_in_a_link_exactly_or_not_at_all() -> None:
    assert Settings().kept() == "" and len(LECTURE) <= LONGEST_LINK
    rng = np.random.default_rng(3)
    mine = rng.normal(size=(5, 4)).astype(np.float32)
    kept = Settings(matrix=text_of(mine)).kept()
    assert 0 < len(kept) <= LONGEST_LINK and np.array_equal(matrix_of(kept), mine)
    assert Settings(matrix="0.5;1\n-0,25;2").kept() == ".5,1\n-.25,2"
    assert Settings(matrix=text_of(rng.random((12, 12), np.float32))).kept() == ""


def test_the_bins_on_offer_are_those_a_link_wants(engine: LocalEngine) -> None:
    assert len(offers(engine, {})["bin"]) == 4
    assert [value for _, value in offers(engine, {"bins": "3"})["bin"]][:4] == ["0,0", "0,1", "0,2", "1,0"]
    for bad in ("1", "8", "x", "-3", "2.5", "²"):
        assert len(offers(engine, {"bins": bad})["bin"]) == 4
    assert len(offers(engine, {"bins": "3", "part": "pictures"})["bin"]) == 49
    assert len(offers(engine, {"cells": "5", "part": "pictures"})["bin"]) == 25


def test_networks_and_detectors_are_offered_trained_and_not(engine: LocalEngine) -> None:
    found = offers(engine, {})
    assert [value for _, value in found["network"]] == ["", "tiny", "tiny:random", "bare:random"]
    assert [value for _, value in found["detector"]] == [""]
    every = LocalEngine("cpu")
    values = [value for _, value in offers(every, {})["detector"]]
    assert "maskrcnn_resnet50_fpn" in values and "fasterrcnn_resnet50_fpn:random" in values
    assert not [value for value in values if "rcnn" not in value and value]  # only those with a head that takes boxes
    every.close()


ORDER = (
    "part", "matrix", "box", "bins", "samples", "aligned", "bin", "axis", "network", "layer", "channel", "region",
    "cells", "detector",
)  # fmt: skip


def opened(engine: LocalEngine, frame: Frame | None, linked: str, settings: Settings) -> dict[str, Any]:
    """What the page gets last when the tab is asked, by the names of its parts."""
    with gr.Blocks():
        bench = Bench(gr.State(None), layers(), stage(EVENTS))
        panel = roi.build(engine, bench)
    given: Any = gr.Request(session_hash="me")
    for got in panel.ask.fn(given, frame, linked, *(getattr(settings, name) for name in ORDER)):
        assert set(got) <= set(panel.ask.outputs)
    return {part.elem_id: value for part, value in got.items()}


def test_without_a_picture_it_says_what_to_do(engine: LocalEngine) -> None:
    got = opened(engine, None, "", Settings())
    assert "Choose a picture" in got["roi-said"] and got["layers"] == nothing and "roi-results" not in got


def test_a_links_matrix_takes_the_lectures_place_and_nobody_elses(engine: LocalEngine) -> None:
    got = opened(engine, FRAME, "1,2\n3,4", Settings(box="0,0,1,1"))
    assert got["roi-matrix"] == "1,2\n3,4" == got["roi-mine"] and table(got["roi-results"], "pool")[1][1] == 4
    got = opened(engine, FRAME, "1,2\n3,4", Settings(matrix="5,6\n7,8", box="0,0,1,1"))
    assert "roi-matrix" not in got and got["roi-mine"] == "5,6\n7,8"


def test_after_bad_text_the_last_answer_stays(engine: LocalEngine) -> None:
    got = opened(engine, FRAME, "", Settings(matrix="1,<b>"))
    assert "&lt;b&gt;" in got["roi-said"] and "<b>" not in got["roi-said"]
    assert not {"layers", "roi-results", "roi-sums", "roi-mine", "roi-matrix"} & set(got)


def test_an_answer_that_another_overtook_is_not_shown(engine: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    with gr.Blocks():
        parts = controls()
        page = roi_page.Page(engine, Bench(gr.State(None), layers(), stage(EVENTS)), parts)
    begun, inner = roi_page.shown, []

    def overtaken(*asked: Any) -> Any:
        monkeypatch.setattr(roi_page, "shown", begun)
        inner.append(page.answered(FRAME, Settings(), "me"))
        return begun(*asked)

    monkeypatch.setattr(roi_page, "shown", overtaken)
    assert list(page.answered(FRAME, Settings(), "me")) == [parts.said]
    assert parts.tables in inner[0]
