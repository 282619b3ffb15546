"""The Dense tab asks for both ways, at several scales, and at one place for a third; it says how they differ."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from explorer.asking import Asking, Chosen
from explorer.engine.engine import LocalEngine
from explorer.records.dense import difference
from explorer.records.frame import Frame
from explorer.tabs import dense, dense_answers, dense_steps
from explorer.tabs.dense_answers import Held, Settings
from explorer.tabs.stage import seen
from tests import tiny

ONE = Chosen("tiny", "random")
TINY = Settings("tiny:random")


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry())
    yield made
    made.close()


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(np.random.default_rng(3).integers(0, 256, (20, 31, 3)).astype(np.uint8), "noise", domain="photographs")


def stepped(engine: LocalEngine, frame: Frame | None, settings: Settings, folded: Sequence[str] = ()) -> dict[str, Any]:
    """What every output has in the end."""
    found: dict[str, Any] = {}
    for update in dense_steps.steps(engine, Asking(engine, "dense"), frame, settings, folded, "v"):
        found |= update
    return found


def marched(engine: LocalEngine, frame: Frame, settings: Settings) -> list[dict[str, Any]]:
    asking = Asking(engine, "dense")
    return list(dense_steps.marching(engine, asking, frame, settings, (), threading.Event(), "v"))


def test_the_march_ends_with_every_window_and_can_be_stopped(engine: LocalEngine, frame: Frame) -> None:
    maps = dense_answers.run(engine, frame, ONE, Settings(scales=(0.8, 1.0)))
    seen = list(dense_answers.march(engine, frame, maps, "sliding", threading.Event()))
    assert maps.levels[0].positions == (5, 14) and [level.scale for level in maps.levels] == [0.8, 1.0]
    assert len(seen) > 10 and np.isnan(seen[0].levels[0].logits).any() and len(seen[0].levels) == 1
    assert not np.isnan(seen[-1].levels[1].logits).any() and seen[-1].method == "sliding"
    stop = threading.Event()
    stop.set()
    assert not list(dense_answers.march(engine, Frame(frame.pixels[::-1].copy()), maps, "batched", stop))


def test_a_class_a_scale_and_a_place_are_found(engine: LocalEngine, frame: Frame) -> None:
    maps = dense_answers.run(engine, frame, ONE, Settings(scales=(0.7, 1.4)))
    assert [dense_answers.chosen_class(maps, name) for name in ("red", " Blue ")] == [1, 3]
    best = int(np.max([level.scores.reshape(4, -1).max(1) for level in maps.levels], axis=0).argmax())
    assert dense_answers.chosen_class(maps, "") == dense_answers.chosen_class(maps, "unicorn") == best
    assert [dense_answers.chosen_level(maps, text) for text in ("0.7", "1.4", "2", "")] == [0, 1, 0, 0]
    x0, y0, x1, y1 = maps.windows(1)[3, 7]
    at = f"{(x0 + x1) / 2:.2f},{(y0 + y1) / 2:.2f}"
    assert dense_answers.chosen_cell(maps, 1, at) == (3, 7)
    assert dense_answers.chosen_cell(maps, 1, "") is dense_answers.chosen_cell(maps, 1, "<b>,2") is None
    assert dense_answers.chosen_cell(maps, 0, "999,0") == (0, maps.levels[0].positions[1] - 1)


def test_controls_that_were_wiped_out_have_their_defaults() -> None:
    found = Settings.of(None, None, "fine", [1, 0.5], None, "batched", "maps", True, None)
    assert found == Settings("", "", True, (0.5, 1.0), "", "batched")
    found = Settings.of("a", "b", "coarse", None, "1", "sliding", "boxes", False, "3,4")
    assert found == Settings("a", "b", False, (), "1", boxes=True, regressor=False, at="3,4")


def test_the_panel_is_filled_and_trouble_is_a_card(engine: LocalEngine, frame: Frame) -> None:
    found = stepped(engine, frame, TINY)
    assert 'data-testid="cost-dense"' in found["said"] and '"heat"' in found["layers"] and found["chart"]["visible"]
    assert not found["stop"]["visible"] and found["shown"]["visible"] == "hidden" and found["table"] == ""
    assert [value for _, value in found["kinds"]["choices"]] == ["", *tiny.CLASSES]
    assert "place-table" in found["place"] and "cause-padded" in found["why"]
    assert found["flip"] == found["one"] == ""  # nobody has opened them
    for settings, says in ((Settings("tiny:random", scales=(0.4,)), "no room for a window"), (
        Settings("tiny:random", scales=()), "one to 6 different scales"
    )):  # fmt: skip
        trouble = stepped(engine, frame, settings)
        assert says in trouble["said"] and trouble["layers"] == "{}" and trouble["held"] is None
        assert trouble["place"] == trouble["why"] == trouble["table"] == ""
    assert "Choose a picture" in stepped(engine, None, Settings())["said"]


def test_parts_that_are_open_are_computed_too(engine: LocalEngine, frame: Frame) -> None:
    found = stepped(engine, frame, TINY, ("flip", "one"))
    assert "flip-table" in found["flip"] and "averages-apart" in found["one"]
    assert "one-crops-1" in found["one"] and "one-crops-10" in found["one"]


def test_several_scales_have_a_table_and_one_of_them_the_stage(engine: LocalEngine, frame: Frame) -> None:
    found = stepped(engine, frame, replace(TINY, scales=(0.7, 1.0, 1.4), shown="1.4"), ("one",))
    assert [value for _, value in found["shown"]["choices"]] == ["0.7", "1", "1.4"]
    assert found["shown"]["value"] == "1.4" and found["shown"]["visible"] is True
    assert found["table"].count("data-testid=") == 4 and "mean of 3 scales" in found["one"]
    (heat, *_), = (pane["layers"] for pane in json.loads(found["layers"])["panes"])  # fmt: skip
    assert heat["size"] == list(found["held"].dense.levels[2].positions)


def test_sliding_is_shown_beside_dense(engine: LocalEngine, frame: Frame) -> None:
    steps = marched(engine, frame, replace(TINY, scales=(0.8, 1.0)))
    last = steps[-1]
    assert "ratio-time" in last["said"] and "window by window" in last["layers"] and "difference" in last["layers"]
    assert not last["stop"]["visible"] and "why-agree" in last["why"] and "slid" in last["table"]
    one, both = last["held"].found
    assert one.method == "sliding" and len(one.levels) == len(both.levels) == 2
    assert difference(one, both).max_abs > 1e-3  # it is padded


def test_looking_elsewhere_keeps_the_windows_that_were_slid(engine: LocalEngine, frame: Frame) -> None:
    held = marched(engine, frame, TINY)[-1]["held"]
    asking = Asking(engine, "dense")
    settings = replace(TINY, at="15,10", kind="red")
    first, _, *more = list(dense_steps.looked(engine, asking, frame, held, settings, (), "v"))
    assert "window by window" in first["layers"] and "score of red" in first["layers"] and "chosen" in first["layers"]
    assert "why-agree" in first["why"] and first["held"] is held
    row, column = held.dense.cell(15, 10)
    assert f"Row {row}, column {column}:" in more[0]["place"]
    found = dense_answers.place(engine, held, settings)
    slid = held.found[0].levels[0].logits[:, row, column]
    assert np.allclose(found.logits[0], slid, atol=1e-6) and np.allclose(found.logits[2], slid, atol=1e-6)
    other = Frame(frame.pixels[:, ::-1].copy(), "other", domain="photographs")
    anew = list(dense_steps.looked(engine, asking, other, held, settings, (), "v"))
    assert anew[-1].keys() == {"one"} and anew[0]["held"].picture == other.id and "difference" not in anew[0]["layers"]
    finer = replace(settings, scales=(0.8,))  # its answer was overtaken by this look, and is given here
    anew = list(dense_steps.looked(engine, asking, frame, held, finer, (), "v"))
    assert [level.scale for level in anew[0]["held"].dense.levels] == [0.8]


def test_with_no_place_chosen_it_is_where_the_class_is_surest(engine: LocalEngine, frame: Frame) -> None:
    maps = dense_answers.run(engine, frame, ONE, Settings())
    found = dense_answers.place(engine, Held(frame.id, Settings().asked, (maps,)), Settings(kind="green"))
    scores = maps.levels[0].scores[2]
    assert scores[found.row, found.column] == scores.max()
    view = seen(dense_answers.view_of(Held(frame.id, Settings().asked, (maps,)), Settings(kind="green")))
    assert "dense_cell" in view and "chosen" not in view


def test_every_network_is_offered_and_the_scales_that_a_link_wants(engine: LocalEngine) -> None:
    offered = dense._offers(engine, {})
    assert [value for _, value in offered["network"]] == ["", "tiny", "tiny:random", "bare:random"]
    for text, scales in (("[1,0.5]", ["0.5", "1"]), ("[3]", ["1"]), ("7", ["1"]), ("[[1]]", ["1"]), ("{", ["1"])):
        assert [value for _, value in dense._offers(engine, {"scales": text})["shown"]] == scales
