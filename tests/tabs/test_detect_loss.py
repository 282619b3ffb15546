"""The Detect tab tells what a cell costs where the picture's source knows what is in it, and only of version 1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from explorer.asking import Asking
from explorer.engine.engine import LocalEngine
from explorer.records.cell_loss import CellLoss
from explorer.records.frame import Frame
from explorer.records.truth import Truth
from explorer.sources.open import bundled
from explorer.tabs import detect_answers, detect_steps
from explorer.tabs.detect_answers import CELLS, Settings
from explorer.tabs.detect_loss import asked_losses, loss_card, sharing
from tests.street_networks import registry
from tests.traces import cell, level

MODEL = "street_yolo"
FRAME = bundled("scene:8", (120, 160))
SETTINGS = Settings((f"{MODEL}:random",), CELLS)


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", registry(MODEL))
    yield made
    made.close()


def stepped(engine: LocalEngine, settings: Settings, frame: Frame = FRAME, own: Any = None) -> dict[str, Any]:
    """What every output has in the end."""
    found: dict[str, Any] = {}
    truth = detect_answers.truth_of(frame, own)
    for update in detect_steps.steps(engine, Asking(engine, "detect"), frame, truth, settings, "v"):
        found |= update
    return found


def test_the_table_and_the_pane_are_the_engines(engine: LocalEngine) -> None:
    losses = engine.run(CellLoss(engine.keep(FRAME), MODEL, "random"))
    row, column = (int(one) for one in np.argwhere(losses.labels >= 0)[0])
    found = stepped(engine, replace(SETTINGS, cell=f"{row},{column}"))
    said = found["inside"][found["inside"].index("cell-loss") :]
    values = [float(one) for one in re.findall(r'<data value="([^"]+)">', said[: said.index("</table>")])]
    told, whole = losses.told(row, column), losses.as_json()
    assert values[:10:2] == pytest.approx(list(told["terms"].values()))
    assert values[1:10:2] == pytest.approx(list(whole["terms"].values()))
    assert values[10:] == pytest.approx([told["total"], whole["total"]])
    assert f"<b>{told['name']}</b>" in said and FRAME.truth is not None and FRAME.truth.source in found["inside"]
    panes = json.loads(found["layers"])["panes"]
    assert panes[-1]["layers"][0]["title"] == "loss of each cell" and len(panes) == 3


def test_of_a_photo_and_against_ones_own_annotation_there_is_none(engine: LocalEngine) -> None:
    bare = Frame(FRAME.pixels[::-1].copy(), "upside down")
    own = bare.id, Truth(np.asarray([[10, 10, 60, 50]], np.float32), ("person",), np.asarray([True]), "a test")
    for given in (None, own):
        found = stepped(engine, SETTINGS, bare, given)
        assert "cell-table" in found["inside"] and "loss" not in found["inside"]
        assert len(json.loads(found["layers"])["panes"]) == 2


def test_other_detectors_are_not_asked_and_a_refusal_is_a_sentence(engine: LocalEngine) -> None:
    assert asked_losses(engine, "nothing", cell()) is None and loss_card(None, cell()) == ""
    refused = asked_losses(engine, engine.keep(Frame(FRAME.pixels[:, ::-1].copy())), _of_version_1())
    assert isinstance(refused, str) and "no-loss" in loss_card(refused, cell())
    assert "&lt;" in loss_card("<", cell())


def test_things_that_share_a_cell_are_counted() -> None:
    things = np.asarray([(100, 50, 110, 60), (110, 60, 148, 98), (0, 0, 40, 40)], np.float32)
    truth = Truth(things, ("cat",) * 3, np.ones(3, bool), "a test")
    assert 'data-testid="crowded"' in sharing(level(), truth)
    assert sharing(level(), None) == "" == sharing(level(), replace(truth, counts=np.asarray([True, False, True])))


def _of_version_1() -> Any:
    return replace(cell(), sum="yolo cell", model=MODEL, weights="random")
