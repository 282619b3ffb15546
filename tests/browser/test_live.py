"""The live view in Chromium, with a camera that is not there: what is sent, drawn, counted, and let go."""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from explorer.drawing.layers import Boxes, HeatMap
from explorer.engine.engine import LocalEngine
from explorer.tabs import classify, live, words
from tests import tiny
from tests.browser.conftest import LivePages, classified, opened, shows
from tests.browser.live_page import answered
from tests.films import film
from tests.live_server import Server
from tests.serving import served

pytestmark = pytest.mark.browser


def plainly(number: int | None, said: dict[str, Any]) -> list[dict[str, Any]]:
    return [] if number is None else [answered(number)]


TRACKS = """
  const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.tracks = [];
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await get(wanted);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
"""
LET_GO = "tracks.length > 0 && tracks.every(({ readyState }) => readyState === 'ended')"


def test_pictures_are_answered_drawn_and_counted(live_pages: LivePages, live_host: Server) -> None:
    one = live_pages()
    one.starts()
    one.until("Fovea.live.counters().drawn > 5")
    found = one.counters()
    assert found["camera"] >= found["sent"] >= found["answered"] >= found["drawn"] > 5
    assert found["p95"] >= found["p50"] > 0 and found["clock"] in ("captureTime", "now") and found["seen_p50"] > 0
    assert found["network"] >= 0 and found["line"] == 0 and found["rates"]["camera"] >= found["rates"]["drawn"] > 0
    one.says("badge", f"Camera on: pictures go to {live_host.host} and are not kept")
    one.says("state", "Live")
    for name in ("camera", "sent", "answered", "drawn", "p50", "p95", "network"):
        expect(one.page.get_by_test_id(f"live-{name}")).to_have_text(re.compile(r"\d"))
    shows(one.page, "live camera, 640 by 480 pixels")
    one.press("stop")
    assert not one.counters()["running"]
    expect(one.page.get_by_test_id("live-badge")).to_have_count(0)


def test_bars_follow_a_networks_answer(live_pages: LivePages) -> None:
    one = live_pages()
    one.asks("classify", network="tiny:random")
    one.starts()
    bars = one.page.get_by_test_id("live-lines").locator("li")
    expect(bars).to_have_count(len(tiny.CLASSES))
    one.says("model", "tiny, ")
    shares = [int(text.rstrip("%")) for text in bars.locator("output").all_text_contents()]
    assert shares == sorted(shares, reverse=True) and abs(sum(shares) - 100) <= 2
    one.asks("picture")
    expect(bars).to_have_count(0)


def test_boxes_lie_over_the_video_when_their_answer_comes(live_pages: LivePages) -> None:
    boxes = np.asarray([[100, 100, 300, 260], [400, 50, 500, 150]], np.float32)
    layer = Boxes(
        "found", boxes, ("dog", "cat"), np.asarray([0.9, 0.2], np.float32), colours=((255, 0, 255),), score=0.5
    )

    def speaks(number: int | None, said: dict[str, Any]) -> list[dict[str, Any]]:
        return [] if number is None else [answered(number, [layer.as_json()], view="detect")]

    one = live_pages(answer=speaks)
    one.asks("detect")
    one.starts()
    expect(one.page.get_by_test_id("stage-count")).to_have_text("1 of 2 shown")
    expect(one.page.get_by_test_id("layer")).to_have_text("found")
    edge = """() => {
      const at = Fovea.main.toPage(200, 100.5), box = Fovea.main.canvas.getBoundingClientRect();
      const side = Fovea.main.canvas.width / box.width, read = Fovea.main.canvas.getContext('2d');
      const [x, y] = [(at.x - box.x) * side, (at.y - box.y) * side];
      return [-2, -1, 0, 1, 2].map((down) => [...read.getImageData(x, y + down, 1, 1).data.slice(0, 3)]);
    }"""
    assert [255, 0, 255] in one.page.evaluate(edge)
    one.page.get_by_test_id("score").fill("0.1")
    expect(one.page.get_by_test_id("stage-count")).to_have_text("2 of 2 shown")
    one.page.mouse.move(*one.page.evaluate("() => Object.values(Fovea.main.toPage(200, 180))"))
    expect(one.page.get_by_test_id("stage-readout")).to_contain_text("dog 90%")
    one.page.get_by_test_id("zoom-in").click()
    assert one.page.evaluate("Fovea.main.view.zoom") > 1
    drawn = one.counters()["drawn"]
    one.until(f"Fovea.live.counters().drawn > {drawn + 3}")
    assert one.page.evaluate("Fovea.main.view.zoom") > 1


def test_maps_are_drawn_in_the_order_of_their_pictures(live_pages: LivePages) -> None:
    heat = HeatMap("evidence", np.arange(12, dtype=np.float32).reshape(3, 4), "logit", 0, 11)

    def speaks(number: int | None, said: dict[str, Any]) -> list[dict[str, Any]]:
        return [] if number is None else [answered(number, [heat.as_json()], view="dense")]

    one = live_pages(answer=speaks)
    one.asks("dense")
    one.starts()
    one.until("Fovea.live.counters().drawn > 2 && Fovea.main.panes[0].layers[0]?.bitmap")
    expect(one.page.get_by_test_id("stage-scale")).to_be_visible()


def test_never_more_than_two_are_on_their_way_and_a_lost_one_is_not_waited_for(live_pages: LivePages) -> None:
    numbers: list[int] = []

    def speaks(number: int | None, said: dict[str, Any]) -> list[dict[str, Any]]:
        if number is not None:
            numbers.append(number)
        return [answered(number)] if number is not None and number > 4 else []

    one = live_pages(answer=speaks)
    one.press("start")
    one.until("Fovea.live.counters().sent >= 2")
    assert one.page.evaluate(
        """() => {
      const pace = new Fovea.LivePace();
      const before = [pace.wait(1000, 0), pace.wait(1000, 2), pace.patience()];
      pace.sent(1000);
      pace.answered(20, 2, 30);
      pace.answered(20, 8, 30);
      return [...before, pace.gap, pace.wait(1010, 1), pace.wait(1100, 1), pace.patience()];
    }"""
    ) == [0, math.inf, 250, 25, 15, 0, 1000]
    one.until("Fovea.live.counters().drawn > 0")
    assert numbers == sorted(set(numbers)) and numbers[:5] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("leave", ["stop", "tab", "hidden"])
def test_the_light_is_off_at_once_when_the_view_is_left(live_pages: LivePages, leave: str) -> None:
    one = live_pages(TRACKS, plainly)
    one.starts()
    scripts = {
        "stop": "document.querySelector('[data-testid=live-stop]').click()",
        "tab": "Fovea.page.choose('classify')",
        "hidden": """Object.defineProperty(document, 'hidden', { value: true });
          document.dispatchEvent(new Event('visibilitychange'))""",
    }
    took = one.page.evaluate(
        f"() => {{ const began = performance.now(); {scripts[leave]}; return [{LET_GO}, performance.now() - began]; }}"
    )
    assert took[0] and took[1] < 200
    expect(one.page.get_by_test_id("live-badge")).to_have_count(0)
    assert one.page.evaluate("Fovea.main.screen") is None
    expect(one.page.get_by_test_id("live-start")).to_be_visible()


def test_a_broken_socket_opens_again(live_pages: LivePages) -> None:
    turns = iter(range(1000))

    def speaks(number: int | None, said: dict[str, Any]) -> list[dict[str, Any]]:
        if number is None:
            return []
        return [answered(number)] if next(turns) != 3 else [{"bye": "The server stops."}, {"close": 1001}]

    one = live_pages(answer=speaks)
    one.press("start")
    one.until("document.querySelector('[data-testid=live-trouble]').textContent.includes('The server stops')")
    one.says("state", "trying again in")
    one.until("Fovea.live.counters().reconnects === 1 && Fovea.live.counters().drawn > 5")
    one.says("state", "Live")
    expect(one.page.get_by_test_id("live-trouble")).to_have_text("")


def test_the_server_goes_and_comes_back(live_pages: LivePages, live_host: Server) -> None:
    one = live_pages()
    one.starts()
    live_host.sockets.close()
    one.says("state", "trying again in")
    one.until("Fovea.live.counters().reconnects > 0")
    before = one.counters()["drawn"]
    one.until(f"Fovea.live.counters().drawn > {before + 2}")


def test_no_round_corners_lie_over_a_video(live_pages: LivePages) -> None:
    one = live_pages(answer=plainly)
    corners = "getComputedStyle(document.querySelector('.fovea-stage .view')).borderRadius"
    one.starts()
    assert one.page.evaluate(corners) == "0px"
    one.press("stop")
    one.until(f"{corners} === '8px'")


def test_what_cannot_be_asked_is_said_and_asked_anew_when_it_is_another(live_pages: LivePages) -> None:
    one = live_pages()
    one.asks("classify", network="tinny")
    one.press("start")
    one.says("trouble", "tinny")
    assert one.counters()["drawn"] == 0 and one.counters()["camera"] > 0
    one.asks("picture")
    one.until("Fovea.live.counters().drawn > 0")
    expect(one.page.get_by_test_id("live-trouble")).to_have_text("")


def test_held_pictures_are_those_that_were_answered(live_pages: LivePages) -> None:
    one = live_pages(answer=plainly)
    one.page.get_by_test_id("live-hold").check()
    one.page.evaluate("""() => {
      const show = Fovea.LiveScreen.prototype.answer;
      window.seen = [];
      Fovea.LiveScreen.prototype.answer = function (panes, source) {
        show.call(this, panes, source);
        if (source) seen.push([source === Fovea.main.picture.source, source.width, source.height]);
      };
    }""")
    one.starts()
    one.until("seen.length > 3")
    assert all(found == [True, 640, 480] for found in one.page.evaluate("seen"))


def test_a_frozen_picture_is_the_one_that_was_seen(live_pages: LivePages) -> None:
    one = live_pages(TRACKS, plainly)
    one.page.get_by_test_id("live-size").select_option("320x240")
    one.page.get_by_test_id("live-mirror").uncheck()
    one.press("start")
    one.until("Fovea.main.picture?.width === 320")
    one.press("freeze")
    one.says("state", "Frozen")
    assert one.page.evaluate(LET_GO)
    (url,) = one.page.evaluate("snaps")
    picture = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
    assert picture.size == (320, 240) and picture.format == "JPEG"
    one.page.evaluate("Fovea.page.moved(JSON.stringify({ picture: '', id: 'x' }))")
    assert one.page.evaluate("Fovea.main.screen") is None
    one.press("start")
    one.until("Fovea.live.counters().running && Fovea.live.counters().answered > 2")


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_mirror_shows_the_other_side(live_pages: LivePages, mirrored: bool) -> None:
    glass = """mirrored => {
      const video = Object.assign(document.createElement('canvas'), { width: 4, height: 2 });
      Object.assign(video, { videoWidth: 4, videoHeight: 2 }).getContext('2d').fillStyle = '#fff';
      video.getContext('2d').fillRect(0, 0, 1, 2);
      const { context } = new Fovea.LiveGlass(video, { width: 640, height: 480 }, mirrored).take(video);
      return [...context.getImageData(0, 0, 4, 1).data].filter((_, i) => i % 4 === 0).map((v) => v > 99);
    }"""
    row = live_pages(answer=plainly).page.evaluate(glass, mirrored)
    assert row == ([False, False, False, True] if mirrored else [True, False, False, False])


def test_the_stage_is_recorded_in_the_browser(live_pages: LivePages) -> None:
    one = live_pages(answer=plainly)
    one.starts()
    one.press("record")
    expect(one.page.get_by_test_id("live-record")).to_contain_text("Stop recording")
    one.page.wait_for_timeout(1500)
    with one.page.expect_download() as download:
        one.press("record")
    assert Path(download.value.path()).stat().st_size > 500 and download.value.suggested_filename.endswith(".webm")


def test_a_video_file_is_played_here_and_again_from_its_start(live_pages: LivePages, tmp_path: Path) -> None:
    one = live_pages()
    file = film(tmp_path / "mine.webm", codec="libvpx", size=(120, 160))
    one.page.get_by_test_id("live-picker").set_input_files(file)
    one.until("Fovea.live.counters().drawn > 12")
    shows(one.page, "live from mine.webm, 160 by 120 pixels")
    one.says("badge", "single pictures go to")
    one.press("stop")
    (tmp_path / "bad.mp4").write_bytes(b"no video at all")
    one.page.get_by_test_id("live-picker").set_input_files(tmp_path / "bad.mp4")
    one.says("trouble", "cannot play bad.mp4")
    one.says("trouble", "whole video")


def fails(name: str) -> str:
    """A script that makes the browser's camera fail in this way."""
    return f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{name}'))"


NO_ANSWER = """
  navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
  const wait = window.setTimeout;
  window.setTimeout = (what, ms, ...more) => wait(what, ms === 15000 ? 50 : ms, ...more);
"""
UNPLUGGED = TRACKS + "setInterval(() => tracks.forEach((track) => track.dispatchEvent(new Event('ended'))), 400);"
FRAMED = "Object.defineProperty(document, 'permissionsPolicy', { value: { allowsFeature: () => false } });"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (fails("NotAllowedError"), "refused"),
        (fails("NotFoundError"), "none"),
        (fails("NotReadableError"), "busy"),
        (UNPLUGGED, "unplugged"),
        (NO_ANSWER, "late"),
        ("Object.defineProperty(window, 'isSecureContext', { value: false });", "insecure"),
        (FRAMED, "framed"),
    ],
)
def test_seven_troubles_with_a_camera_have_seven_sentences(live_pages: LivePages, script: str, reason: str) -> None:
    one = live_pages(script, plainly)
    one.press("start")
    one.says("trouble", words.SOURCES[f"camera_{reason}"])
    expect(one.page.get_by_test_id("live-start")).to_be_visible()
    expect(one.page.get_by_test_id("live-badge")).to_have_count(0)
    if reason == "unplugged":
        return
    one.page.get_by_test_id("camera-open").click()
    expect(one.page.get_by_test_id("camera").get_by_role("alert")).to_have_text(words.SOURCES[f"camera_{reason}"])


def test_a_late_yes_leaves_no_light_on(live_pages: LivePages) -> None:
    slow = TRACKS.replace("return stream;", "await new Promise((go) => wait(go, 400)); return stream;")
    short = "const wait = window.setTimeout; window.setTimeout = (f, ms) => wait(f, ms === 15000 ? 50 : ms);"
    one = live_pages(short + slow, plainly)
    one.press("start")
    one.says("trouble", words.SOURCES["camera_late"])
    one.until(LET_GO)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("gradio")))
        engine = LocalEngine("cpu", tiny.registry())
        with served(engine, (classify, live)) as url:
            yield url
        engine.close()


def test_on_the_page_a_frozen_picture_is_classified_and_a_choice_ends_the_view(chrome: Browser, whole: str) -> None:
    context = chrome.new_context(permissions=["camera"])
    page = context.new_page()
    page.add_init_script(TRACKS)
    opened(page, f"{whole}?tab=live&classify.networks=%5B%22tiny:random%22%5D")
    expect(page.get_by_test_id("live-start")).to_be_visible()
    expect(page.get_by_test_id("live-counts")).to_be_hidden()  # there is nothing to count yet
    page.get_by_test_id("live-start").click()
    page.wait_for_function("() => Fovea.live.counters().drawn > 2")
    expect(page.get_by_test_id("live-counts")).to_be_visible()
    shows(page, "live camera")
    page.locator("#live-view").get_by_label("Classify").check()
    page.locator("#live-network input").click()
    page.get_by_role("option", name="tiny, never trained").click()
    expect(page.get_by_test_id("live-lines").locator("li")).to_have_count(len(tiny.CLASSES))
    page.get_by_test_id("live-freeze").click()
    shows(page, "webcam, 640 by 480")
    page.get_by_role("tab", name="Classify").click()
    classified(page, "webcam")
    page.get_by_role("tab", name="Live").click()
    page.get_by_test_id("live-start").click()
    page.wait_for_function("() => Fovea.live.counters().running && Fovea.live.counters().drawn > 2")
    page.get_by_test_id("sample:coffee").click()
    shows(page, "coffee")
    page.wait_for_function(f"() => {LET_GO}")
    expect(page.get_by_test_id("live-badge")).to_have_count(0)
    context.close()
