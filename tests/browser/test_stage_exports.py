"""What the stage gives away as a file."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from explorer.drawing.layers import (
    Arrows,
    Boxes,
    DragBox,
    Grid,
    HeatMap,
    LabelMap,
    Layer,
    Pane,
    Points,
    Texts,
)
from explorer.drawing.paint import paint
from explorer.records.frame import Frame
from tests.browser.stage_page import FRAME, HEIGHT, WIDTH, Opened, maps, opened

pytestmark = pytest.mark.browser

__all__ = ["opened"]


def test_png_has_the_originals_size_and_exact_colours(opened: Opened) -> None:
    bare = opened(390, 844, 2)
    labels, _ = maps()
    crop = Boxes("crop", np.asarray([[40.5, 60.5, 100.5, 90.5]], np.float32), colours=((255, 0, 255),))
    bare.show(FRAME, Pane(layers=(labels, crop)))
    bare.page.get_by_test_id("opacity").fill("1")
    asked = len(bare.requests)
    pixels = np.asarray(Image.open(io.BytesIO(bare.exported("png"))).convert("RGB"))
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    assert np.array_equal(pixels[:20], FRAME.pixels[:20])  # void shows the picture
    assert np.unique(pixels[20:, 125:].reshape(-1, 3), axis=0).tolist() == [[200, 10, 60]]
    assert pixels[120, 60].tolist() == [10, 200, 30]
    assert pixels[75, 40].tolist() == pixels[60, 70].tolist() == pixels[75, 100].tolist() == [255, 0, 255]
    assert pixels[75, 70].tolist() == [10, 200, 30]
    bare.page.get_by_role("button", name="classes").click()
    pixels = np.asarray(Image.open(io.BytesIO(bare.exported("png"))).convert("RGB"))
    assert np.array_equal(pixels[120:], FRAME.pixels[120:])
    assert len(bare.requests) == asked


def test_png_of_panes_has_them_side_by_side(opened: Opened) -> None:
    bare = opened()
    bare.show(FRAME, Pane("one"), Pane("two", picture=Frame(255 - FRAME.pixels)))
    pixels = np.asarray(Image.open(io.BytesIO(bare.exported("png"))).convert("RGB"))
    head = len(pixels) - HEIGHT
    assert head > 10 and pixels.shape[1] >= 2 * WIDTH
    assert np.array_equal(pixels[head:, :WIDTH], FRAME.pixels)
    assert np.array_equal(pixels[head:, -WIDTH:], 255 - FRAME.pixels)


def blocks() -> Frame:
    colours = np.random.default_rng(0).integers(90, 160, (12, 16, 3))
    return Frame(colours.repeat(40, 0).repeat(40, 1).astype(np.uint8), "blocks")


def f32(*rows: Any) -> NDArray[np.float32]:
    return np.asarray(rows, np.float32)


CLASSES = np.random.default_rng(1).choice([0, 1, 255], (24, 32)).astype(np.uint8)
VALUES = np.random.default_rng(2).random((6, 8)).astype(np.float32)
FOUND = f32([50, 60, 200.5, 300], [70, 80, 220, 310], [400, 100, 630, 470], [0, 0, 90, 40])
SAME: dict[str, tuple[Layer, int, float]] = {
    "boxes": (Boxes("b", FOUND, (), None, None, ((230, 0, 0), (190, 0, 0), (0, 90, 230), (0, 160, 0))), 40, 0.03),
    "dashed": (Boxes("b", FOUND[:1], dashed=True), 40, 0.05),
    "labels": (LabelMap("l", CLASSES, {0: "a", 1: "b"}, {0: (230, 0, 0), 1: (0, 200, 0)}), 2, 0.0),
    "heat": (HeatMap("h", VALUES, "p", 0, 1, place=(20, 30, 500, 390)), 2, 0.0),
    "smooth": (HeatMap("h", VALUES, "p", 0, 1, smooth=True), 40, 0.0),
    "grid": (Grid("g", 7, 9, (32, 16, 608, 464)), 40, 0.02),
    "points": (Points("p", f32([100, 100], [300.5, 200.5], [30, 400], [600, 20])), 40, 0.05),
    "arrows": (Arrows("a", f32([100, 100, 300, 220], [500, 400, 450, 50])), 40, 0.02),
    "drag": (DragBox("d", (100, 120, 300, 400), "moved"), 40, 0.04),
}
"""Each layer, how far a value may be off where both draw a mark, and the share of the marked that may be further off:
the edges of slanted or rounded marks are smoothed in two ways."""


@pytest.mark.parametrize("kind", SAME)
def test_the_stage_and_the_painter_draw_the_same(opened: Opened, kind: str) -> None:
    bare, frame = opened(), blocks()
    layer, off, share = SAME[kind]
    bare.show(frame, Pane(layers=(layer,)))
    staged, painted, plain = (
        pixels.astype(int)
        for pixels in (
            np.asarray(Image.open(io.BytesIO(bare.exported("png"))).convert("RGB")),
            paint(frame, Pane(layers=(layer,))).pixels,
            frame.pixels,
        )
    )
    marked = (abs(painted - plain).max(2) > 8) | (abs(staged - plain).max(2) > 8)
    assert marked.sum() > 300
    assert (abs(staged - painted).max(2) > off).sum() <= share * marked.sum()


def test_sliders_leave_the_same_boxes_with_the_same_labels_on_the_stage_and_in_the_painter(opened: Opened) -> None:
    """Letters are of two fonts, so the labels are compared by their ground: as high, and at the same corner."""
    bare, frame = opened(), blocks()
    red, green = (255, 0, 0), (0, 255, 0)
    found = Boxes("b", FOUND, ("cat", "cat", "dog", "bus"), f32(0.9, 0.8, 0.7, 0.3), np.asarray([0, 0, 1, 2]))
    layer = replace(found, colours=(red, (255, 0, 255), green, (0, 0, 255)), score=0.4, iou=0.5)
    bare.show(frame, Pane(layers=(layer,)))
    staged = np.asarray(Image.open(io.BytesIO(bare.exported("png"))).convert("RGB"))
    painted = paint(frame, Pane(layers=(layer,))).pixels
    for pixels in (staged, painted):
        assert not (pixels == (255, 0, 255)).all(2).any() and not (pixels == (0, 0, 255)).all(2).any()
    for colour in (red, green):
        spans = []
        for pixels in (staged, painted):
            y, x = np.nonzero((pixels == colour).all(2))
            spans.append((y.min(), y.max(), x.min()))
        assert np.abs(np.subtract(*spans)).max() <= 3


def test_svg_holds_the_picture_and_the_boxes(opened: Opened) -> None:
    bare = opened()
    marked = Boxes("things", np.asarray([[40, 60, 100, 90.5]], np.float32), ('<b> & "c"',), dashed=True)
    bare.show(FRAME, Pane(layers=(marked, Grid("cells", 4, 5, (50, 40, 150, 120)), Texts("words", ((9, 8, "hi"),)))))
    drawing = ET.fromstring(bare.exported("svg"))
    space = "{http://www.w3.org/2000/svg}"
    assert drawing.get("width") == str(WIDTH) and drawing.get("height") == str(HEIGHT)
    sides = ("x", "y", "width", "height")
    found = [[float(one.get(side, "nan")) for side in sides] for one in drawing.iter(f"{space}rect")]
    assert [40, 60, 60, 30.5] in found
    assert [one.text for one in drawing.iter(f"{space}text")] == ['<b> & "c"', "hi"]
    picture = next(drawing.iter(f"{space}image"))
    assert (picture.get("href") or "").startswith("data:image/png;base64,")


def test_a_clip_is_recorded(opened: Opened) -> None:
    bare = opened()
    bare.show()
    bare.page.get_by_test_id("export").click()
    bare.page.get_by_test_id("export-clip").click()
    for _ in range(5):
        bare.page.get_by_test_id("zoom-in").click()
    clip = bare.exported("clip")
    assert clip[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in clip[:64]


def test_a_clip_that_is_stopped_at_once_has_a_picture(opened: Opened) -> None:
    bare = opened()
    bare.show()
    with bare.page.expect_download() as download:
        bare.page.evaluate("() => { Fovea.exports.clip(Fovea.main); Fovea.exports.clip(Fovea.main); }")
    clip = Path(download.value.path()).read_bytes()
    assert clip[:4] == b"\x1a\x45\xdf\xa3" and b"\x1f\x43\xb6\x75" in clip  # a head and a cluster
