"""The Detect tab asks detectors, opens their cells, replays their suppression, and judges them where truth is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torchvision.ops import batched_nms

from explorer.asking import Asking
from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake
from explorer.records.detect import Detect
from explorer.records.frame import Frame
from explorer.records.truth import Truth
from explorer.tabs import detect, detect_answers, detect_steps
from explorer.tabs.detect_answers import BEFORE, CELLS, JUDGED, STEPS, Held, Settings
from tests.models.darknet.files import YOLO, cfg, planned, spread, written

SECTIONS = (
    *("convolutional filters=8 size=3 pad=1 batch_normalize=1 activation=leaky",),
    "convolutional filters=14 size=1 activation=linear",
    *(YOLO, "route layers=-3", "maxpool size=2 stride=2", "convolutional filters=14 size=1 activation=linear"),
    YOLO.replace("mask=1,2", "mask=0,3"),
)
TRUTH = Truth(np.asarray([[10, 10, 60, 50]], np.float32), ("person",), np.asarray([True]), "a test")
FRAME = Frame(np.random.default_rng(0).integers(0, 256, (60, 96, 3), np.uint8), "noise", truth=TRUTH)


def brought(folder: Path) -> LocalEngine:
    """An engine with a network of two heads, 8 x 8 and 4 x 4 cells of two anchors each."""
    (folder / "own.cfg").write_text(cfg(*SECTIONS))
    made = LocalEngine("cpu")
    made.bring(str(folder / "own.cfg"), str(written(folder, spread(planned(*SECTIONS)))))
    return made


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEngine]:
    made = brought(tmp_path_factory.mktemp("yolo"))
    yield made
    made.close()


def stepped(engine: LocalEngine, settings: Settings, frame: Frame | None = FRAME, own: Any = None) -> dict[str, Any]:
    """What every output has in the end."""
    found: dict[str, Any] = {}
    truth = detect_answers.truth_of(frame, own)
    for update in detect_steps.steps(engine, Asking(engine, "detect"), frame, truth, settings, "v"):
        found |= update
    return found


def layers(found: dict[str, Any]) -> list[dict[str, Any]]:
    """All layers of all panes, as the stage gets them."""
    return [layer for pane in json.loads(found["layers"])["panes"] for layer in pane["layers"]]


def test_controls_become_settings_and_what_was_wiped_out_is_the_default() -> None:
    found = Settings.of(["a", "b", "c", "d"], "cells", "2", "3,4", "5", "1", 7, -8)
    assert found == Settings(("a", "b", "c"), "cells", 2, "3,4", 5, 1, 7, -8)
    assert Settings.of(None, "nothing", None, None, "x", None, None, None) == Settings()


def test_the_owners_network_answers_when_nobody_chose_and_its_boxes_are_the_engines(engine: LocalEngine) -> None:
    found = stepped(engine, Settings())
    answer = engine.run(Detect(engine.keep(FRAME), "own"))
    (drawn,) = layers(found)
    assert drawn["total"] == len(answer.scores) > 3 and drawn["score"] == detect_answers.SHOWN_SCORE
    assert np.allclose(drawn["boxes"], answer.boxes, atol=0.006)
    assert 'data-testid="found-own"' in found["said"] and "all boxes" in found["funnel"]


def test_before_suppression_the_stage_has_what_torchvision_would_suppress(engine: LocalEngine) -> None:
    (drawn,) = layers(stepped(engine, Settings(view=BEFORE)))
    answer = engine.run(Detect(engine.keep(FRAME), "own", trace=True))
    assert answer.trace is not None and drawn["iou"] == pytest.approx(0.45)
    boxes, scores, groups = (torch.tensor(drawn[key]) for key in ("boxes", "scores", "groups"))
    kept = batched_nms(boxes, scores, groups, drawn["iou"])
    assert len(kept) == len(answer.trace.rounds[0].contest.stays) < len(boxes)


@pytest.mark.parametrize("level", [0, 1])
def test_a_cell_is_the_engines(engine: LocalEngine, level: int) -> None:
    found = stepped(engine, Settings(view=CELLS, level=level, cell="1,2"))
    held: Held = found["held"]
    cell = detect_answers.asked_cell(engine, held, held.answers[0], Settings(view=CELLS, level=level, cell="1,2"))
    assert (cell.row, cell.column) == (1, 2) and f"Row 1, column 2 of {cell.level}" in found["inside"]
    assert [one for one, _ in found["level"]["choices"]] == ["8 x 8", "4 x 4"] and found["level"]["visible"] is True
    drawn = next(layer for layer in layers(found) if layer["title"] == "what they become")
    order = np.argsort(-cell.scores, kind="stable")
    assert np.allclose(drawn["boxes"], cell.boxes[order], atol=0.006)
    assert [value for _, value in found["box"]["choices"]] == ["0", "1", "2"]


def test_without_a_click_the_surest_cell_is_open_and_one_outside_is_held_in(engine: LocalEngine) -> None:
    held = stepped(engine, Settings())["held"]
    level = detect_answers.levels(held.answers[0])[0]
    assert level.scores[detect_answers.surest_cell(level)] == level.scores.max()
    for text in ("", "1", "a,b", "1,2,3", "-1,2", "9999999,1"):
        assert detect_answers.chosen_cell(level, text) == detect_answers.surest_cell(level)
    assert detect_answers.chosen_cell(level, "900,0") == (7, 0)


def test_every_winner_has_its_step_and_the_slider_ends_with_the_last(engine: LocalEngine) -> None:
    held: Held = stepped(engine, Settings())["held"]
    contest = detect_answers.rounds(held.answers[0])[0].contest
    gone = 0
    for step in range(1, len(contest.stays) + 1):
        found = stepped(engine, Settings(view=STEPS, step=step))
        gone += int(found["inside"].split('data-testid="nms-gone" data-value="')[1].split('"')[0])
        assert found["step"]["maximum"] == len(contest.stays) and "value" not in found["step"]
    assert gone + len(contest.stays) == len(contest.scores)
    assert stepped(engine, Settings(view=STEPS, step=10_000))["step"]["value"] == len(contest.stays)


def test_a_look_asks_anew_only_where_something_else_is_asked(engine: LocalEngine) -> None:
    held, asking = stepped(engine, Settings())["held"], Asking(engine, "detect")

    def looked(frame: Frame, truth: Truth | None, settings: Settings) -> list[dict[str, Any]]:
        return list(detect_steps.looked(engine, asking, frame, truth, held, settings, "v"))

    assert all("held" not in update for update in looked(FRAME, TRUTH, Settings(view=CELLS)))
    other = replace(TRUTH, names=("dog",))
    for frame, truth, settings in (
        (replace(FRAME, pixels=FRAME.pixels[:, ::-1].copy()), TRUTH, Settings()),
        (FRAME, other, Settings()),
        (FRAME, TRUTH, Settings((held.answers[0].model,))),
    ):
        first = looked(frame, truth, settings)[0]["held"]
        assert first.answers_to(frame, truth, settings) and not held.answers_to(frame, truth, settings)


def test_truth_judges_and_ones_own_annotation_comes_first(engine: LocalEngine, tmp_path: Path) -> None:
    found = stepped(engine, Settings(view=JUDGED))
    (judged,) = found["held"].judged()
    assert f'data-value="{judged.tally(0.25).false}"' in found["inside"] and found["curve"]["visible"]
    assert {layer["title"] for layer in layers(found)} <= {"true", "false", "missed", "passed over"}
    file = tmp_path / "noise.txt"
    file.write_text("0 0.5 0.5 0.5 0.5\n")
    own = detect_answers.read_own(str(file), FRAME)
    assert not isinstance(own, str) and not file.exists()
    assert detect_answers.truth_of(FRAME, own) is own[1]
    assert detect_answers.truth_of(Frame(FRAME.pixels[::-1].copy()), own) is None
    file.write_text("nonsense")
    said = detect_answers.read_own(str(file), FRAME)
    assert isinstance(said, str) and "Traceback" not in said and not file.exists()


def test_what_cannot_be_seen_is_a_sentence(engine: LocalEngine) -> None:
    bare = Frame(FRAME.pixels, "noise")
    assert "not known" in stepped(engine, Settings(view=JUDGED), bare)["inside"]
    assert "picture" in stepped(engine, Settings(), None)["said"]
    assert "no_such" in stepped(engine, Settings(networks=("no_such",)))["said"]
    held: Held = stepped(engine, Settings())["held"]
    with pytest.raises(Mistake, match="no cells or anchors"):
        detect_answers.rounds(replace(held.answers[0], trace=None))


def test_a_moved_picture_is_asked_anew_and_has_no_truth(engine: LocalEngine) -> None:
    moved = detect_answers.shifted(FRAME, 8)
    assert moved.truth is None and np.array_equal(moved.pixels[:, 8:], FRAME.pixels[:, :-8])
    found = stepped(engine, Settings(shift=8))
    first, second = json.loads(found["layers"])["panes"]
    answer = engine.run(Detect(engine.keep(moved), "own"))
    assert first["picture"] is None and second["picture"] and second["layers"][0]["total"] == len(answer.scores)


def test_links_may_name_any_map_and_nothing_else(engine: LocalEngine) -> None:
    offered = detect._offers(engine, {"level": "1", "round": "x", "box": "2"})
    assert offered["level"] == [("0", "0"), ("1", "1")] and offered["round"] == [("0", "0")]
    assert ("own (2018)", "own") in offered["networks"] or any(value == "own" for _, value in offered["networks"])
