"""The Dense tab's boxes: shown for networks that have them, and what the engine says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from explorer.asking import Asking
from explorer.drawing.dense_boxes import boxes_card, boxes_view
from explorer.engine.engine import LocalEngine
from explorer.records.frame import Frame
from explorer.records.localize import Localize
from explorer.streetscape.render import render
from explorer.tabs import dense_answers, dense_steps
from explorer.tabs.dense_answers import Settings
from tests.street_networks import registry

FRAME = Frame(render(5, (100, 120)).picture, domain="streetscape")
SETTINGS = Settings("street_overfeat:random", boxes=True)


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", registry("street_overfeat", "street_alexnet"))
    yield made
    made.close()


def stepped(engine: LocalEngine, settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for update in dense_steps.steps(engine, Asking(engine, "dense"), FRAME, settings, (), "v"):
        found |= update
    return found


def test_boxes_are_on_the_stage_where_they_are_wanted_and_the_network_has_them(engine: LocalEngine) -> None:
    found = stepped(engine, SETTINGS)
    assert found["what"]["visible"] and found["regressor"]["visible"]
    assert "boxes-merged" in found["boxes"] and '"boxes"' in found["layers"] and '"heat"' not in found["layers"]
    maps = stepped(engine, replace(SETTINGS, boxes=False))
    assert maps["what"]["visible"] and maps["regressor"]["visible"] == "hidden" and maps["boxes"] == ""
    assert '"heat"' in maps["layers"]
    without = stepped(engine, Settings("street_alexnet:random", boxes=True))
    assert without["what"]["visible"] == "hidden" and without["boxes"] == "" and '"heat"' in without["layers"]


def test_sliding_shows_maps(engine: LocalEngine) -> None:
    import threading

    asking = Asking(engine, "dense")
    updates = list(dense_steps.marching(engine, asking, FRAME, SETTINGS, (), threading.Event(), "v"))
    assert updates[0] == {"what": "maps"} and '"heat"' in [u["layers"] for u in updates if "layers" in u][-1]


@pytest.mark.parametrize("regressor", [True, False])
def test_the_view_and_the_card_say_what_the_engine_says(engine: LocalEngine, regressor: bool) -> None:
    asked = Localize(engine.keep(FRAME), "street_overfeat", "random", score=0.12, regressor=regressor)
    answer = engine.run(asked)
    before, after = boxes_view(answer, asked).panes
    candidates = answer.candidates
    assert before.layers[0].boxes is (candidates.boxes if regressor else candidates.windows)  # type: ignore[attr-defined]
    assert len(after.layers[0].boxes) == len(answer.detections.scores) > 0  # type: ignore[attr-defined]
    card = boxes_card(answer, asked)
    for name, value in (
        ("positions", answer.positions), ("candidates", candidates.total), ("merged", len(answer.detections.scores)),
    ):  # fmt: skip
        assert f'data-testid="boxes-{name}" data-value="{value}"' in card
    assert "never trained" in card


def test_one_scale_alone_is_not_enough_for_boxes(engine: LocalEngine) -> None:
    held = dense_answers.Held(engine.keep(FRAME), SETTINGS.asked, (stepped(engine, SETTINGS)["held"].dense,))
    _, six = dense_answers.boxed(engine, held, SETTINGS)
    _, two = dense_answers.boxed(engine, held, replace(SETTINGS, scales=(0.8, 1.0)))
    assert "at scales 0.79, 1.2" in six and "at scales 0.8, 1," in two
