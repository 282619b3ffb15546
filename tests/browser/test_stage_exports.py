"""What the stage gives away as a file."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from explorer.drawing.layers import Boxes, Grid, Pane, Texts
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
