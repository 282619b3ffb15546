"""A visitor drags a box over numbers: what the page says is what the engine says, to the last decimal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from explorer.drawing.roi import Board
from explorer.engine.engine import LocalEngine
from explorer.records.roi import Box, Roi, RoiShift
from explorer.records.roi_features import RoiFeatures
from explorer.records.roi_presets import PRESETS, Preset
from explorer.sources.matrix import matrix_of
from explorer.sources.open import open_picture
from explorer.tabs.page import FIRST
from explorer.tabs.roi_settings import LECTURE, box_of
from tests.browser.conftest import Watched, address, expect_address, opened, rare, seen_at

pytestmark = pytest.mark.browser

WINDOWS = ((1440, 900), (1280, 720), (390, 844))
METHODS = ("pool", "align", "align_max", "warp")
MOVED = ((30, 17), (-11, 23))
"""How far a hand drags the box, and then its lower right corner, in pixels of the page."""

Visit = Callable[..., Page]


@pytest.fixture
def visit(desk: BrowserContext, url: str) -> Iterator[Visit]:
    """Open the tab with these settings; afterwards nothing has gone wrong unseen."""
    pages = []

    def go(width: int = 1440, height: int = 900, panes: int = 2, **settings: str) -> Page:
        watched = Watched(seen_at(desk, width, height))
        pages.append(watched)
        query = "".join(f"&roi.{key}={quote(text)}" for key, text in settings.items())
        opened(watched.page, f"{url}?tab=roi{query}")
        watched.page.wait_for_function("count => Fovea.main.panes.length === count", arg=panes)
        return watched.page

    yield go
    for watched in pages:
        assert not watched.errors and watched.hosts == {"127.0.0.1"}


def numbers(place: Locator) -> list[float]:
    found: list[float] = place.locator("data").evaluate_all("all => all.map(one => Number(one.value))")
    return found


def typed(page: Page) -> Box:
    return box_of(page.locator("#roi-box").locator("input, textarea").input_value())


def until(what: Callable[[], Any], wanted: Any) -> None:
    """Wait for a value that the page takes a moment to show."""
    end = time.monotonic() + 15
    while what() != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert what() == wanted


def tells(page: Page, engine: LocalEngine, question: Roi) -> None:
    """The four tables say exactly what the engine answers."""
    said = engine.run(question).as_json()
    for name in METHODS:
        wanted = [value for row in said[name] for value in row]
        until(lambda name=name: numbers(page.get_by_test_id(f"roi-{name}")), wanted)


def asked(box: Box, bins: int = 2, samples: int = 0, aligned: bool = False, matrix: str = LECTURE) -> Roi:
    return Roi(matrix_of(matrix), box, bins, samples, 1.0, aligned)


def at(page: Page, x: float, y: float, pane: int) -> tuple[float, float]:
    place = page.evaluate("([x, y, pane]) => Fovea.main.toPage(x, y, pane)", [x, y, pane])
    return place["x"], place["y"]


def drag(page: Page, cells: tuple[float, float], by: tuple[float, float], pane: int) -> tuple[float, float]:
    """Take hold of a place, in cells, and let go of it elsewhere; how far that was, in cells."""
    page.evaluate("document.querySelector('#stage').scrollIntoView()")
    board = Board.on(open_picture(FIRST).size, (8, 8))
    x, y = at(page, *board.point(*cells), pane)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0], y + by[1], steps=8)
    page.mouse.up()
    scale = page.evaluate("Fovea.main.scale()")
    return by[0] / scale / board.width, by[1] / scale / board.height


def dragged(page: Page, engine: LocalEngine, pane: int) -> None:
    """The box, then its lower right corner, each by a part of a cell: what comes is what the hand did."""
    x0, y0, x1, y1 = typed(page)
    right, down = drag(page, (x0 + 0.2 * (x1 - x0), y0 + 0.3 * (y1 - y0)), MOVED[0], pane)
    until(lambda: abs(typed(page)[0] - x0 - right) < 0.01, True)
    assert typed(page) == pytest.approx((x0 + right, y0 + down, x1 + right, y1 + down), abs=0.01)
    x0, y0, x1, y1 = typed(page)
    right, down = drag(page, (x1, y1), MOVED[1], pane)
    until(lambda: abs(typed(page)[2] - x1 - right) < 0.01, True)
    assert typed(page) == pytest.approx((x0, y0, x1 + right, y1 + down), abs=0.01)
    tells(page, engine, asked(typed(page)))
    board = Board.on(open_picture(FIRST).size, (8, 8))
    drawn = [pytest.approx(board.pixels(typed(page)), abs=0.05)] * 2  # a thousandth of a cell, which is not sent again
    until(lambda: page.evaluate("Fovea.main.drags().map(one => one.box)"), drawn)


@pytest.mark.parametrize(("width", "height"), [WINDOWS[0], *(rare(*size) for size in WINDOWS[1:])])
def test_a_dragged_box_gives_the_engines_numbers(visit: Visit, engine: LocalEngine, width: int, height: int) -> None:
    page = visit(width, height, box="2.5,2.5,5.5,5.5")
    tells(page, engine, asked((2.5, 2.5, 5.5, 5.5)))
    dragged(page, engine, 0)


@pytest.mark.long
def test_so_it_does_in_full_screen_and_in_the_other_pane(visit: Visit, engine: LocalEngine) -> None:
    page = visit(box="2.5,2.5,5.5,5.5")
    page.get_by_test_id("fullscreen").click()
    page.wait_for_function("() => document.fullscreenElement !== null && Fovea.main.height > innerHeight / 2")
    page.wait_for_timeout(200)
    dragged(page, engine, 1)


def picked_up(page: Page, engine: LocalEngine, part: str, pane: int) -> None:
    """On the picture: the box, then its lower right corner; the page has the engine's numbers of where the hand was."""
    frame = open_picture(FIRST)
    field = page.locator("#roi-region").locator("input, textarea")
    page.evaluate("document.querySelector('#stage').scrollIntoView()")

    def is_drawn() -> None:
        drawn = [pytest.approx(box_of(field.input_value()), abs=0.06)] * 4
        until(lambda: page.evaluate("Fovea.main.drags().map(one => one.box)"), drawn)

    for i, by in enumerate(MOVED):
        is_drawn()
        x0, y0, x1, y1 = box_of(field.input_value())
        place = (x0 + 0.2 * (x1 - x0), y0 + 0.3 * (y1 - y0)) if i == 0 else (x1, y1)
        x, y = at(page, *place, pane)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + by[0], y + by[1], steps=6)
        page.mouse.up()
        scale = page.evaluate("Fovea.main.scale()")
        right, down = by[0] / scale, by[1] / scale
        wanted = (x0 + right * (i == 0), y0 + down * (i == 0), x1 + right, y1 + down)
        until(lambda w=wanted: box_of(field.input_value()) == pytest.approx(w, abs=0.11), True)
    box = box_of(field.input_value())
    asked = RoiFeatures(engine.keep(frame), "tiny", box, "random", bins=3)
    answer = engine.run(asked)
    for name, values in (("pool", answer.poolings.pool), ("align", answer.poolings.align)):
        values = values.values if name == "pool" else values.average
        until(lambda name=name: numbers(page.get_by_test_id(f"roi-{name}")), pytest.approx(values.ravel().tolist()))
    sides = [value for row in zip(box, answer.rounded, answer.moved, strict=True) for value in row]
    until(lambda: numbers(page.get_by_test_id("roi-sides")), pytest.approx(sides, abs=1e-3))
    expect(page.get_by_test_id("roi-channel")).to_have_text(str(answer.channel))
    is_drawn()
    expect_address(page, **{"roi.part": part, "roi.region": field.input_value()})


ON_PICTURE = {"part": "pictures", "network": "tiny:random", "cells": "3", "region": "60, 50, 250, 190"}


@pytest.mark.parametrize(("width", "height"), [WINDOWS[2], *(rare(*size) for size in WINDOWS[:2])])
def test_on_the_picture_too(visit: Visit, engine: LocalEngine, width: int, height: int) -> None:
    page = visit(width, height, panes=4, **ON_PICTURE)
    picked_up(page, engine, "pictures", 1)


@pytest.mark.long
def test_on_the_picture_in_full_screen(visit: Visit, engine: LocalEngine) -> None:
    page = visit(panes=4, **ON_PICTURE)
    page.get_by_test_id("fullscreen").click()
    page.wait_for_function("() => document.fullscreenElement !== null && Fovea.main.height > innerHeight / 2")
    page.wait_for_timeout(200)
    picked_up(page, engine, "pictures", 2)


def test_numbers_pasted_from_a_table_are_answered(visit: Visit, engine: LocalEngine) -> None:
    page = visit(box="0.25,0.125,2.75,2.5")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#roi-own > button").click()
    field = page.locator("#roi-matrix textarea")
    field.click()
    page.keyboard.press("Control+a")
    page.evaluate("navigator.clipboard.writeText('1;2;3\\n4;5,5;6\\n7;8;9')")
    page.keyboard.press("Control+v")
    tells(page, engine, asked((0.25, 0.125, 2.75, 2.5), matrix="1,2,3\n4,5.5,6\n7,8,9"))


@pytest.mark.long
@pytest.mark.parametrize(
    "preset", [PRESETS[1], *(rare(preset) for preset in PRESETS[2:])], ids=lambda preset: preset.name
)
def test_a_worked_example_is_exact(visit: Visit, preset: Preset) -> None:
    page = visit(bins="5", aligned="true", matrix="1,2\n3,4")
    page.locator("#roi-preset input").click()
    page.get_by_role("option", name=preset.name, exact=True).click()
    expect(page.get_by_test_id("roi-met")).to_contain_text("exactly the lecture’s answer")
    wanted = [value for row in preset.answer for value in row]
    until(lambda: numbers(page.get_by_test_id(f"roi-{preset.method}")), wanted)
    page.wait_for_timeout(1000)  # what the other controls tell of their new values changes nothing
    assert numbers(page.get_by_test_id(f"roi-{preset.method}")) == wanted
    expect(page.get_by_test_id("roi-met")).to_be_visible()
    assert typed(page) == preset.box
    expect(page.locator("#roi-aligned input")).not_to_be_checked()
    expect_address(page, **{"roi.bins": "2", "roi.samples": str(preset.samples), "roi.matrix": ""})


def test_a_clicked_bin_is_written_out_and_so_is_one_that_is_chosen(visit: Visit, engine: LocalEngine) -> None:
    page = visit(box="1.3,2.4,6.6,6.9")
    expect(page.locator("#roi-sums h3")).to_have_text("The bin in row 0, column 0")
    board = Board.on(open_picture(FIRST).size, (8, 8))
    page.mouse.click(*at(page, *board.point(7.4, 7.5), 0))  # in RoI Pool's rounded box, outside of the true one
    expect(page.locator("#roi-sums h3")).to_have_text("The bin in row 1, column 1")
    answer = engine.run(asked((1.3, 2.4, 6.6, 6.9)))
    assert numbers(page.get_by_test_id("roi-sum-pool")) == [0.6]
    assert numbers(page.get_by_test_id("roi-sum-align"))[-1] == answer.as_json()["align"][1][1]
    expect_address(page, **{"roi.bin": "1,1"})
    page.mouse.click(*at(page, *board.point(3.0, 6.5), 1))  # in RoI Align's pane
    expect(page.locator("#roi-sums h3")).to_have_text("The bin in row 1, column 0")
    page.locator("#roi-bin input").click()
    page.get_by_role("option", name="0, 1", exact=True).click()
    expect(page.locator("#roi-sums h3")).to_have_text("The bin in row 0, column 1")
    expect(page.get_by_test_id("roi-pool").locator("[aria-current=true]")).to_have_text("0.6")


def test_bad_text_is_a_sentence_and_nothing_is_lost(visit: Visit, engine: LocalEngine) -> None:
    page = visit(box="1.3,2.4,6.6,6.9")
    tells(page, engine, asked((1.3, 2.4, 6.6, 6.9)))
    page.locator("#roi-own > button").click()
    field = page.locator("#roi-matrix textarea")
    expect(field).to_be_visible()
    field.fill("1,2,3\n4,five,6")
    expect(page.locator("#roi-said")).to_contain_text("'five' in line 2")
    expect(field).to_have_value("1,2,3\n4,five,6")
    assert page.evaluate("Fovea.main.panes.length") == 2
    tells(page, engine, asked((1.3, 2.4, 6.6, 6.9)))
    field.fill("1;2;3\n4;5,5;6\n7;8;9")
    tells(page, engine, asked((1.3, 2.4, 6.6, 6.9), matrix="1,2,3\n4,5.5,6\n7,8,9"))
    expect_address(page, **{"roi.matrix": "1,2,3\n4,5.5,6\n7,8,9"})
    corners = page.locator("#roi-box").locator("input, textarea")
    corners.fill("6,2,1,7")
    corners.press("Enter")
    expect(page.locator("#roi-said")).to_contain_text("ends before it begins")
    corners.press("End")
    for _ in "1,7":
        corners.press("Backspace")
    corners.press_sequentially("7,7")
    expect(page.locator("#roi-said")).not_to_contain_text("before it begins")
    page.locator("#roi-again").click()  # the answer to what was typed may still be on its way
    tells(page, engine, asked((6, 2, 7, 7)))
    expect(field).to_have_value(LECTURE)


@pytest.mark.long
def test_a_matrix_too_long_for_a_link_is_said_to_stay(visit: Visit) -> None:
    page = visit()
    page.locator("#roi-own > button").click()
    page.locator("#roi-matrix textarea").fill("\n".join([",".join(["0.125"] * 12)] * 9))
    expect(page.locator("#roi-unlinked")).to_contain_text("stays on this page only")
    expect_address(page, **{"roi.matrix": ""})


SETTINGS = {
    "part": "numbers",
    "box": "0.25, 0.125, 2.75, 2.5",
    "bins": "3",
    "samples": "2",
    "aligned": "true",
    "bin": "2,1",
    "axis": "y",
    "matrix": "1,2,3\n4,5.5,6\n-.25,8,9",
}


def test_a_link_restores_everything(visit: Visit, engine: LocalEngine) -> None:
    page = visit(**SETTINGS)
    box: Box = (0.25, 0.125, 2.75, 2.5)
    tells(page, engine, asked(box, 3, 2, True, SETTINGS["matrix"]))
    wanted = {f"roi.{key}": text for key, text in SETTINGS.items()}
    expect_address(page, **wanted)
    assert wanted.items() <= address(page).items()
    expect(page.locator("#note")).to_be_hidden()
    expect(page.locator("#roi-sums h3")).to_have_text("The bin in row 2, column 1")
    page.locator("#roi-own > button").click()
    expect(page.locator("#roi-matrix textarea")).to_have_value(SETTINGS["matrix"])
    page.wait_for_timeout(500)  # that it is seen now changes nothing
    tells(page, engine, asked(box, 3, 2, True, SETTINGS["matrix"]))
    expect_address(page, **wanted)


@pytest.mark.long
def test_the_shift_test_draws_the_engines_curves(visit: Visit, engine: LocalEngine) -> None:
    page = visit(part="shift", box="0.4,0.3,3.3,3.9", axis="y", bin="1,1")
    made = engine.run(RoiShift(asked((0.4, 0.3, 3.3, 3.9)), axis="y"))
    page.wait_for_selector("#roi-chart .js-plotly-plot")
    drawn = page.evaluate("document.querySelector('#roi-chart .js-plotly-plot').data.map(one => [...one.y])")
    methods = ("pool", "warp", "align")
    assert drawn == [made.curves[method][:, 1, 1].tolist() for method in methods]
    said = numbers(page.get_by_test_id("roi-jumps"))
    assert said[1::2] == pytest.approx([made.jumps[method] for method in methods])
    expect(page.locator("#roi-results")).to_be_hidden()
    page.get_by_label("to the right").check()
    across = engine.run(RoiShift(asked((0.4, 0.3, 3.3, 3.9))))
    until(lambda: numbers(page.get_by_test_id("roi-jumps"))[5], pytest.approx(across.jumps["align"]))
    page.get_by_label("On numbers").check()
    tells(page, engine, asked((0.4, 0.3, 3.3, 3.9)))
    expect(page.locator("#roi-chart")).to_be_hidden()
