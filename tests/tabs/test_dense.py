"""The Dense tab asks for both ways and says how they differ."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from explorer.asking import Asking, Chosen
from explorer.engine.engine import LocalEngine
from explorer.records.frame import Frame
from explorer.tabs import dense
from explorer.tabs.dense import Settings
from tests import tiny

ONE = Chosen("tiny", "random")


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry())
    yield made
    made.close()


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(np.random.default_rng(3).integers(0, 256, (20, 31, 3)).astype(np.uint8), "noise", domain="photographs")


def test_the_march_ends_with_every_window_and_can_be_stopped(engine: LocalEngine, frame: Frame) -> None:
    maps = dense.run(engine, frame, ONE, Settings(scale=0.8))
    seen = list(dense.march(engine, frame, maps, "sliding", threading.Event()))
    assert maps.levels[0].positions == (5, 14) and maps.levels[0].scale == 0.8
    assert len(seen) > 10 and np.isnan(seen[0].levels[0].logits).any()
    assert not np.isnan(seen[-1].levels[0].logits).any() and seen[-1].method == "sliding"
    stop = threading.Event()
    stop.set()
    assert not list(dense.march(engine, Frame(frame.pixels[::-1].copy()), maps, "batched", stop))


def test_a_class_is_found_by_name_or_by_how_sure_the_network_is(engine: LocalEngine, frame: Frame) -> None:
    maps = dense.run(engine, frame, ONE, Settings())
    assert [dense.chosen_class(maps, name) for name in ("red", " Blue ")] == [1, 3]
    best = int(maps.levels[0].scores.reshape(4, -1).max(1).argmax())
    assert dense.chosen_class(maps, "") == dense.chosen_class(maps, "unicorn") == best


def test_the_panel_is_filled_and_trouble_is_a_card(engine: LocalEngine, frame: Frame) -> None:
    asking = Asking(engine, "dense")
    said, layers, chart, kinds, stop, *tables = list(dense._steps(engine, asking, frame, Settings("tiny:random"), "v"))[
        -1
    ]
    assert 'data-testid="cost-dense"' in said and '"heat"' in layers and chart["visible"] and not stop["visible"]
    assert kinds["choices"] == ["", *tiny.CLASSES] and len(tables) == 3
    trouble = list(dense._steps(engine, asking, frame, Settings("tiny:random", scale=0.4), "v"))[-1]
    assert "no room for a window" in trouble[0] and trouble[1] == "{}"
    assert "Choose a picture" in next(dense._steps(engine, asking, None, Settings(), "v"))[0]


def test_sliding_is_shown_beside_dense(engine: LocalEngine, frame: Frame) -> None:
    asking = Asking(engine, "dense")
    steps = list(dense._marching(engine, asking, frame, Settings("tiny:random"), threading.Event(), "v"))
    assert "ratio-time" in steps[-1][0] and "window by window" in steps[-1][1] and "difference" in steps[-1][1]
    assert not steps[-1][4]["visible"]


def test_every_network_is_offered_trained_or_not(engine: LocalEngine) -> None:
    offered = dense._offers(engine, {})["network"]
    assert [value for _, value in offered] == ["", "tiny", "tiny:random", "bare:random"]
