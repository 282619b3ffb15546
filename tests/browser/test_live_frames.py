"""A camera's pictures come straight from its track where the browser gives them, and none is kept for long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import LivePages

pytestmark = pytest.mark.browser
FRAMES = Path(__file__).parents[2] / "assets" / "live_frames.js"
GIVEN = """
  window.given = [];
  const read = ReadableStreamDefaultReader.prototype.read;
  ReadableStreamDefaultReader.prototype.read = async function () {
    const got = await read.call(this);
    if (got.value instanceof VideoFrame) given.push(got.value);
    return got;
  };
"""
OPEN = "given.filter(({ codedWidth }) => codedWidth > 0).length"
NO_TRACK = "delete window.MediaStreamTrackProcessor;"
TURNED = "Object.defineProperty(VideoFrame.prototype, 'rotation', { get: () => 90 });"


def never(number: int | None, said: dict[str, Any]) -> list[dict[str, Any]]:
    """No answer: pictures are passed by."""
    return []


def test_pictures_are_taken_from_the_track_and_closed(live_pages: LivePages) -> None:
    one = live_pages(GIVEN)
    one.starts()
    one.until("Fovea.live.counters().drawn > 20")
    found = one.page.evaluate(f"() => [given.length, {OPEN}, Fovea.live.counters()]")
    given, still_open, counters = found
    assert given >= counters["camera"] > 20 and still_open <= 2
    assert counters["clock"] == "captureTime" and 0 < counters["p50"] - counters["seen_p50"] < 100
    one.press("stop")
    one.until(f"{OPEN} === 0")


def test_what_is_passed_by_is_closed_too(live_pages: LivePages) -> None:
    one = live_pages(GIVEN, never)
    one.press("start")
    one.until("given.length > 20")
    assert one.page.evaluate(OPEN) <= 2
    one.press("stop")
    one.until(f"{OPEN} === 0")


@pytest.mark.parametrize(("script", "given"), [(NO_TRACK, False), (TURNED, True)])
def test_the_video_element_does_where_the_track_gives_none_that_lies_right(
    live_pages: LivePages, script: str, given: bool
) -> None:
    one = live_pages(GIVEN + script)
    one.starts()
    one.until("Fovea.live.counters().drawn > 5")
    assert one.page.evaluate("given.length > 0") == given and one.page.evaluate(OPEN) == 0


NO_WORKER = """
  window.Worker = class {
    postMessage(data, transfer) {
      structuredClone(data, { transfer });
      setTimeout(() => this.onerror?.(new Event('error')));
    }
    terminate() {}
  };
"""


def test_a_picture_that_a_broken_worker_took_is_drawn_from_the_video(live_pages: LivePages) -> None:
    one = live_pages(NO_WORKER)
    one.starts()
    one.until("Fovea.live.counters().drawn > 5")


CAMERA = """({ every, ahead, slowest, missing }) => {
  const clock = new Fovea.CameraClock();
  const before = clock.of(0);
  const found = [];
  for (let i = 0; i < 60; i++) {
    const stamp = i * every;
    const took = i ? 1 + ((i * 7) % slowest) : 3 * every;  // the first one finds everything asleep
    if (i >= missing) clock.arrived(stamp + ahead + took, stamp);
    if (i % 3 === 1) clock.captured(Math.max(0, i - (i % 2)) * every + ahead);
    found.push(clock.of(stamp));
  }
  return [before === undefined, found.at(-1) - 59 * every];
}"""


@pytest.mark.parametrize("ahead", [-1774062.5, 0, 31.25])
@pytest.mark.parametrize(("every", "missing"), [(1000 / 60, 0), (1000 / 60, 3), (1000 / 30, 1)])
def test_the_cameras_clock_is_found_whichever_pictures_are_compared(
    browser: Browser, every: float, missing: int, ahead: float
) -> None:
    """missing: of the first pictures only the video element tells."""
    page = browser.new_page()
    page.add_script_tag(path=FRAMES)
    nothing_yet, found = page.evaluate(CAMERA, {"every": every, "ahead": ahead, "slowest": 12, "missing": missing})
    page.close()
    assert nothing_yet and found == pytest.approx(ahead, abs=1e-6)
