"""What the live socket is worth in a browser, against Gradio's own way to send a camera's pictures.

Both pages run in one Chromium whose camera gives 60 pictures of 640 by 480 a second, one after the other; a picture
counts when its answer is drawn, and each of them once. `client` "python" speaks to the socket without a browser.
"""

from __future__ import annotations

import base64
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from explorer.bench import live_gradio
from explorer.bench.start import PATIENCE_S, first_page
from explorer.errors import Mistake
from explorer.records.detect import Detect
from explorer.records.frame import Frame
from explorer.sources.image import read_image

if TYPE_CHECKING:
    from playwright.sync_api import Page

BETTER = "higher"
AGAINST = 'Gradio\'s Image(streaming=True, format="jpeg"), stream_every=.02, identity, in the same Chromium'
APP = Path(__file__).resolve().parents[2] / "app.py"
DETECTORS = ("street_yolo", "street_overfeat")
SETTLE_S, SECONDS, REST_S = 6.0, 10.0, 2.0
FRAMES = 60
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--use-fake-ui-for-media-stream"),
    "--use-fake-device-for-media-stream=fps=60",
)
COUNTERS = "() => Fovea.live.counters()"
READY = "() => new URLSearchParams(location.search).has('picture')"
GRAB = """async (count) => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true });
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
  await video.play();
  const grabbed = [];
  while (grabbed.length < count) {
    await new Promise((next) => video.requestVideoFrameCallback(next));
    canvas.getContext('2d').drawImage(video, 0, 0, 640, 480);
    grabbed.push(canvas.toDataURL('image/jpeg', 0.8).split(',')[1]);
  }
  stream.getTracks().forEach((track) => track.stop());
  return grabbed;
}"""


def measure(client: str = "chromium") -> tuple[list[dict[str, Any]], float]:
    """Pictures a second and milliseconds, by Chromium or a bare Python peer. Raises Mistake where there is neither."""
    if client == "python":
        from explorer.bench.live_socket import against_a_loop

        with serving(APP) as url:
            return against_a_loop(url)
    if client != "chromium":
        raise Mistake(f"bench live knows the clients chromium and python, not {client!r}: choose one.")
    with browsing() as page, serving(APP) as url:
        theirs = live_gradio.per_second(page, SETTLE_S, SECONDS)
        ours = live_row(page, url, "picture", "")
        rows = [{"how": "gradio", "per_s": theirs}, ours, *_detector(page, url)]
    return rows, ours["per_s"] / theirs


def against(client: str = "chromium") -> str:
    """What `ratio` compares with."""
    return AGAINST if client == "chromium" else "the same pictures decoded and answered in a loop with no socket"


def live_row(page: Page, url: str, view: str, model: str) -> dict[str, Any]:
    """Pictures drawn with their answer a second, and how long each took, as the page's own counters tell."""
    page.goto(f"{url}?tab=live&live.view={view}&live.network={model}")
    page.wait_for_function(READY)
    page.get_by_test_id("live-start").click()
    page.wait_for_function("() => Fovea.live.counters().drawn > 0")
    page.wait_for_timeout(SETTLE_S * 1000)
    before, began = page.evaluate(COUNTERS), time.perf_counter()
    page.wait_for_timeout(SECONDS * 1000)
    after, spent = page.evaluate(COUNTERS), time.perf_counter() - began
    page.get_by_test_id("live-stop").click()
    rates = {f"{name}_per_s": (after[name] - before[name]) / spent for name in ("camera", "sent", "answered")}
    times = {"p50_ms": after["p50"], "p95_ms": after["p95"], "clock": after["clock"], "given_p50_ms": after["seen_p50"]}
    drawn = (after["drawn"] - before["drawn"]) / spent
    return {"how": f"live {model or view}", "per_s": drawn, **times, **rates, "network_ms": after["network"]}


def _detector(page: Page, url: str) -> list[dict[str, Any]]:
    """The bundled detector through the live view, and what the engine reaches alone on this camera's pictures."""
    from explorer.engine.engine import LocalEngine

    engine = LocalEngine(outputs=0)
    known = {card.name for card in engine.models("detect") if any(one.name == "bundled" for one in card.weights)}
    model = next((name for name in DETECTORS if name in known), "")
    if not model:
        return []
    page.goto(url)
    frames = [read_image(base64.b64decode(one)) for one in page.evaluate(GRAB, FRAMES)]
    before = _alone(page, engine, model, frames)
    row = live_row(page, url, "detect", model)
    per_s, ms = (mean(both) for both in zip(before, _alone(page, engine, model, frames), strict=True))
    engine.close()
    alone = {"how": f"engine alone {model}", "per_s": per_s, "ms": ms}
    return [row, alone | {"share": row["per_s"] / per_s, "p50_allowed_ms": 1.5 * ms + 30}]


def _alone(page: Page, engine: Any, model: str, frames: list[Frame]) -> tuple[float, float]:
    """Pictures a second of the engine asked in a loop, and the median milliseconds of its answers, with the browser at
    rest: a page that has just been live is not yet."""
    page.goto("about:blank")
    page.wait_for_timeout(REST_S * 1000)
    questions = [Detect(engine.keep(frame), model, score=0.1) for frame in frames]
    engine.run(questions[0])
    began = time.perf_counter()
    spent = [float(engine.run(question).ms) for question in questions]
    return len(frames) / (time.perf_counter() - began), median(spent)


@contextmanager
def browsing() -> Iterator[Page]:
    """A page in a Chromium with a camera that is not there. Raises Mistake where there is no browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise Mistake("bench live drives a browser: install playwright, or measure with --client python.") from None
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise Mistake("bench live found no Chromium: install one or name it in CHROMIUM, or use --client python.")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        context = browser.new_context(permissions=["camera"], viewport={"width": 1280, "height": 720})
        context.set_default_timeout(PATIENCE_S * 1000)
        yield context.new_page()
        browser.close()


@contextmanager
def serving(*command: str | Path) -> Iterator[str]:
    """The address of a page that a Python process serves, given its port last."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = [sys.executable, *map(str, command), *(["--port"] if APP in command else []), str(port)]
    silent = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"}
    process = subprocess.Popen(told, env=silent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}/"
        first_page(url, process, time.perf_counter())
        yield url
    finally:
        process.terminate()
        process.wait()
