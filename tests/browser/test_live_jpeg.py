"""A live picture's message shows what the camera gave, whichever way its pixels were come by."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import LivePages

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 64, 48
CORNERS = (40, 90, 140, 190)
"""Grey levels: left and right above, left and right below."""
MESSAGE = """async ({ width, height, levels, init, shape }) => {
  const planes = new Uint8Array((width * height * 3) / 2).fill(128, width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    planes[i] = 16 + (levels[(x < width / 2 ? 0 : 1) + (y < height / 2 ? 0 : 2)] * 219) / 255;
  }
  const colorSpace = { matrix: 'smpte170m', primaries: 'bt709', transfer: 'bt709', fullRange: false };
  const form = { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0, colorSpace };
  const jpeg = new Fovea.LiveJpeg();
  const bytes = await jpeg.direct(new VideoFrame(planes, { ...form, ...init }), 0x01020304, shape);
  jpeg.close();
  return [...bytes];
}"""
IN_WORKER = """
  const Plain = window.Blob;
  window.Blob = class extends Plain {
    constructor(parts, options) {
      super(options?.type === 'text/javascript' ? [`%s;`, ...parts] : parts, options);
    }
  };
"""
NOT_DRAWN = "OffscreenCanvasRenderingContext2D.prototype.drawImage = () => {}"
NOT_READ = "VideoFrame.prototype.copyTo = async () => { throw new DOMException('', 'NotSupportedError'); }"
PLANES_ONLY = """
  const { allocationSize, copyTo } = VideoFrame.prototype;
  VideoFrame.prototype.allocationSize = function () { return allocationSize.call(this); };
  VideoFrame.prototype.copyTo = function (to) { return copyTo.call(this, to); }
"""


def corners(live_pages: LivePages, script: str, init: dict[str, Any] | None = None, **shape: Any) -> list[float]:
    """Grey levels of what is sent, in the order of CORNERS; script: run in the worker first."""
    page = live_pages(IN_WORKER % script if script else "").page
    wanted = {"width": WIDTH, "height": HEIGHT, "mirrored": False, **shape}
    given = {"width": WIDTH, "height": HEIGHT, "levels": CORNERS, "init": init or {}, "shape": wanted}
    message = bytes(page.evaluate(MESSAGE, given))
    assert message[:4] == b"\x01\x02\x03\x04"
    with Image.open(io.BytesIO(message[4:])) as picture:
        assert picture.format == "JPEG" and picture.size == (wanted["width"], wanted["height"])
        pixels = np.asarray(picture.convert("L")).astype(float)
    rows, columns = (np.array_split(np.arange(side), 4) for side in pixels.shape)
    return [float(pixels[np.ix_(rows[y], columns[x])].mean()) for y in (0, 3) for x in (0, 3)]


@pytest.mark.parametrize("script", [NOT_DRAWN, NOT_READ, PLANES_ONLY], ids=["read", "drawn", "planes only"])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_frame_is_sent_as_it_is_seen(live_pages: LivePages, script: str, mirrored: bool) -> None:
    left_above, right_above, left_below, right_below = CORNERS
    seen = (right_above, left_above, right_below, left_below) if mirrored else CORNERS
    assert corners(live_pages, script, mirrored=mirrored) == pytest.approx(seen, abs=5)


def test_a_smaller_picture_is_drawn(live_pages: LivePages) -> None:
    assert corners(live_pages, "", width=WIDTH // 2, height=HEIGHT // 2) == pytest.approx(CORNERS, abs=5)


def test_a_turned_frame_is_sent_upright(live_pages: LivePages) -> None:
    assert corners(live_pages, "", init={"rotation": 180}) == pytest.approx(CORNERS[::-1], abs=5)
