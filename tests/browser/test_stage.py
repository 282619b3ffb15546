"""What the stage reports of hands and keys, in pixels of the original picture."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from explorer.drawing.layers import DragBox, Grid, Pane
from explorer.records.frame import Frame
from explorer.tabs.stage import shown
from tests.browser.conftest import rare
from tests.browser.stage_page import FRAME, HEIGHT, SMALL, WIDTH, WINDOWS, Bare, Opened, opened

pytestmark = pytest.mark.browser

__all__ = ["opened"]


def under_pointer(bare: Bare, x: float, y: float, ratio: float) -> tuple[float, float]:
    """The pixel that is really drawn at a point of the page, its middle: its colour says it."""
    shot = np.asarray(Image.open(io.BytesIO(bare.page.screenshot())).convert("RGB"))
    red, green, _ = shot[int(y * ratio), int(x * ratio)]
    return red + 0.5, green + 0.5


def assert_exact(bare: Bare, x: float, y: float, ratio: float) -> None:
    """A click and the read-out say the place whose pixel is drawn there, to half a pixel."""
    x, y = (int(x) + 0.5 / ratio, int(y) + 0.5 / ratio)
    drawn = under_pointer(bare, x, y, ratio)
    bare.page.mouse.click(x, y)
    told = bare.events("pick")[-1]
    slack = 0.5 + 0.5 / (bare.scale() * ratio) + 0.02
    assert (told["x"], told["y"]) == pytest.approx(drawn, abs=slack)
    text = bare.page.get_by_test_id("stage-readout").inner_text()
    assert text.startswith(f"x {told['x']:.1f}, y {told['y']:.1f} · rgb {int(told['x'])} {int(told['y'])} 77")
    assert bare.at(told["x"], told["y"]) == pytest.approx((x, y), abs=0.01)


@pytest.mark.parametrize(("width", "height", "ratio"), [WINDOWS[0], WINDOWS[2], *(rare(*WINDOWS[i]) for i in (1, 3))])
def test_clicks_and_hover_are_exact_at_every_zoom_and_in_full_screen(
    opened: Opened, width: int, height: int, ratio: float
) -> None:
    bare = opened(width, height, ratio)
    bare.show(SMALL)
    page, canvas = bare.page, bare.page.get_by_test_id("stage-canvas")
    assert page.evaluate("() => Fovea.main.canvas.width") == round(canvas.bounding_box()["width"] * ratio)
    for x, y in ((1, 2), (55.3, 43.6), (108, 86)):
        assert_exact(bare, *bare.at(x, y), ratio)
    before = bare.scale()
    page.mouse.move(*bare.at(70, 60))
    for _ in range(8):
        page.mouse.wheel(0, -120)
    page.wait_for_function("before => Fovea.main.scale() > 2 * before", arg=before)
    assert bare.at(70, 60) == pytest.approx(bare.at(*_of(bare, *bare.at(70, 60))), abs=0.01)
    assert_exact(bare, *bare.at(70, 60), ratio)
    start = bare.at(70, 60)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 40, start[1] + 25, steps=4)
    page.mouse.up()
    assert bare.at(70, 60) == pytest.approx((start[0] + 40, start[1] + 25), abs=0.01)
    assert len(bare.events("pick")) == 4  # dragging is not picking
    assert_exact(bare, start[0] + 10, start[1] + 10, ratio)
    page.get_by_test_id("fullscreen").click()
    page.wait_for_function("() => document.fullscreenElement !== null && Fovea.main.height > innerHeight / 2")
    page.wait_for_timeout(100)
    box = canvas.bounding_box()
    assert box["width"] >= width - 40
    assert_exact(bare, box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6, ratio)
    page.get_by_test_id("fit").click()
    assert_exact(bare, *bare.at(100, 20), ratio)


def _of(bare: Bare, x: float, y: float) -> tuple[float, float]:
    place = bare.page.evaluate("([x, y]) => Fovea.main.toPicture(x, y)", [x, y])
    return place["x"], place["y"]


def test_places_are_of_the_original_where_the_preview_is_smaller(opened: Opened) -> None:
    bare = opened()
    content = json.loads(shown(FRAME)) | {"size": [2 * HEIGHT, 2 * WIDTH]}
    bare.page.evaluate("content => Fovea.main.setPicture(content)", content)
    x, y = bare.at(401, 301)
    bare.page.mouse.click(x, y)
    told = bare.events("pick")[-1]
    assert (told["x"], told["y"]) == pytest.approx((401, 301), abs=0.01)
    expect(bare.page.get_by_test_id("stage-readout")).to_contain_text("x 401.0, y 301.0 · rgb 200 150 77")


def test_a_pixel_is_one_flat_square_once_it_is_three_css_pixels_wide(opened: Opened) -> None:
    bare = opened()
    bare.show()
    bare.page.evaluate("() => Fovea.main.zoomAt(100)")
    left, top = bare.at(124, 100)
    right, bottom = bare.at(125, 101)
    assert right - left > 20
    shot = np.asarray(Image.open(io.BytesIO(bare.page.screenshot())).convert("RGB"))
    square = shot[int(top) + 2 : int(bottom) - 2, int(left) + 2 : int(right) - 2].reshape(-1, 3)
    assert np.unique(square, axis=0).tolist() == [[124, 100, 77]]


DRAGS = [(*WINDOWS[0], 1), (*WINDOWS[2], 3)]


@pytest.mark.parametrize(
    ("width", "height", "ratio", "zoom"),
    [*DRAGS, *(rare(*window, zoom) for window in WINDOWS for zoom in (1, 3) if (*window, zoom) not in DRAGS)],
)
def test_a_box_is_dragged_to_a_fraction_of_a_pixel(
    opened: Opened, width: int, height: int, ratio: float, zoom: float
) -> None:
    bare = opened(width, height, ratio)
    bare.show(FRAME, Pane(layers=(DragBox("region", (100.25, 80.5, 150.0, 120.0), "drag"),)))
    bare.page.evaluate("zoom => Fovea.main.zoomAt(zoom)", zoom)
    mouse, scale = bare.page.mouse, bare.scale()
    for (x, y), wanted in (
        ((150.0, 120.0), [100.25, 80.5, 150 + 13 / scale, 120 + 7 / scale]),
        ((115.0, 100.0), [100.25 + 13 / scale, 80.5 + 7 / scale, 150 + 26 / scale, 120 + 14 / scale]),
    ):
        start = bare.at(x, y)
        mouse.move(*start)
        mouse.down()
        mouse.move(start[0] + 13, start[1] + 7, steps=5)
        mouse.up()
        bare.page.evaluate("() => Fovea.main.hands.gate.open()")
        assert bare.events("drag")[-1]["box"] == pytest.approx(wanted, abs=0.01)
    assert bare.events("pick") == []


def test_the_server_gets_one_box_at_a_time_and_always_the_last(opened: Opened) -> None:
    bare = opened()
    pane = Pane(layers=(DragBox("region", (100, 80, 150, 120), "drag"),))
    bare.show(FRAME, pane)
    bare.page.evaluate("() => { window.clearTimeout = window.setTimeout = () => 0 }")  # only answers open the gate
    x, y = bare.at(110, 100)
    bare.page.mouse.move(x, y)
    bare.page.mouse.down()
    bare.page.mouse.move(x + 60, y, steps=20)
    assert len(bare.events("drag")) == 1
    bare.give(pane)
    assert len(bare.events("drag")) == 2
    last = 100 + 60 / bare.scale()
    assert bare.events("drag")[-1]["box"][0] == pytest.approx(last, abs=0.01)
    assert bare.page.evaluate("() => Fovea.main.drags()[0].box[0]") == pytest.approx(
        last, abs=0.01
    )  # stays in the hand
    bare.page.mouse.up()
    bare.give(pane)
    assert len(bare.events("drag")) == 2
    assert bare.page.evaluate("() => Fovea.main.drags()[0].box[0]") == 100  # then the server's word holds


def test_a_grid_reports_its_cell(opened: Opened) -> None:
    bare = opened()
    bare.show(FRAME, Pane(layers=(Grid("cells", 4, 5, (50, 40, 150, 120), event="cell"),)))
    bare.page.mouse.click(*bare.at(111, 75))
    told = bare.events("cell")
    assert [(one["row"], one["column"]) for one in told] == [(1, 3)]
    assert told[0]["x"] == pytest.approx(111, abs=0.5)
    bare.page.mouse.click(*bare.at(20, 20))
    assert len(bare.events("cell")) == 1 and len(bare.events("pick")) == 2


@pytest.mark.parametrize(("width", "beside"), [(1440, True), (390, False)])
def test_panes_share_their_view_and_each_says_which_it_is(opened: Opened, width: int, beside: bool) -> None:
    bare = opened(width, 900)
    bare.show(FRAME, Pane("one"), Pane("two", picture=Frame(255 - FRAME.pixels)))
    left, right = bare.at(125, 100, 0), bare.at(125, 100, 1)
    assert (left[0] < right[0] and left[1] == right[1]) is beside
    assert (left[1] < right[1] and left[0] == right[0]) is not beside
    for x, y in ((125.5, 100.5), (130.5, 95.5)):
        bare.page.mouse.click(*bare.at(x, y, 1))
        told = bare.events("pick")[-1]
        assert told["pane"] == 1
        assert (told["x"], told["y"]) == pytest.approx((x, y), abs=0.01)
        wanted = f"two · x {x}, y {y} · rgb {255 - int(x)} {255 - int(y)} 178"
        expect(bare.page.get_by_test_id("stage-readout")).to_have_text(wanted)
        bare.page.get_by_test_id("zoom-in").click()
    one, two = bare.at(125, 100, 0), bare.at(125, 100, 1)
    assert (two[0] - one[0], two[1] - one[1]) == pytest.approx((right[0] - left[0], right[1] - left[1]), abs=0.01)


def test_everything_goes_by_keyboard(opened: Opened) -> None:
    bare = opened()
    bare.show(FRAME, Pane(layers=(DragBox("region", (100, 80, 150, 120), "drag"),)))
    page, keys = bare.page, bare.page.keyboard
    canvas, readout = page.get_by_test_id("stage-canvas"), page.get_by_test_id("stage-readout")
    canvas.focus()
    fitted = bare.scale()
    keys.press("+")
    assert bare.scale() == pytest.approx(fitted * 1.25)
    keys.press("0")
    assert bare.scale() == pytest.approx(fitted)
    keys.press("Shift+ArrowRight")
    expect(readout).to_contain_text("x 126.5, y 100.5 · rgb 126 100 77")
    expect(readout).to_have_attribute("aria-live", "polite")
    keys.press("ArrowDown")
    keys.press("Enter")
    told = bare.events("pick")[-1]
    assert told["x"] == 126.5 and told["y"] > 101
    for _ in range(4):
        keys.press("+")
    before = page.evaluate("() => Fovea.main.view.x")
    keys.press("ArrowRight")
    assert page.evaluate("() => Fovea.main.view.x") > before
    page.get_by_test_id("stage-handle").focus()
    for key in ("ArrowRight", "Alt+ArrowUp", "Shift+ArrowRight", "Alt+Shift+ArrowDown"):
        keys.press(key)
        page.evaluate("() => Fovea.main.hands.gate.open()")
    assert [one["box"] for one in bare.events("drag")] == [
        [101, 80, 151, 120],
        [101, 79.9, 151, 119.9],
        [101, 79.9, 152, 119.9],
        [101, 79.9, 152, 120],
    ]
    bare.give(Pane(layers=(DragBox("region", (101, 79.9, 152, 120), "drag"),)))
    expect(page.get_by_test_id("stage-handle")).to_be_focused()
    names = page.locator("button, summary, input, canvas").evaluate_all(
        "all => all.map((one) => one.ariaLabel || one.textContent || one.labels?.[0]?.textContent)"
    )
    assert all(names)


def test_two_fingers_zoom_about_their_middle_and_one_moves(opened: Opened) -> None:
    bare = opened(390, 844, 2)
    bare.show()
    hand = bare.page.context.new_cdp_session(bare.page)
    hand.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = bare.at(100, 80)
    before = bare.scale()
    touch("touchStart", (x - 30, y), (x + 30, y))
    for apart in (40, 50, 60):
        touch("touchMove", (x - apart, y), (x + apart, y))
    touch("touchEnd", (x - 60, y))
    touch("touchMove", (x - 90, y - 20))
    touch("touchEnd")
    assert bare.scale() == pytest.approx(2 * before, rel=0.02)
    assert bare.at(100, 80) == pytest.approx((x, y), abs=1)
    touch("touchStart", (x, y))
    for moved in (5, 15, 25):
        touch("touchMove", (x + moved, y + moved / 5))
    touch("touchEnd")
    assert bare.at(100, 80) == pytest.approx((x + 25, y + 5), abs=1)
    assert not bare.events("pick")
