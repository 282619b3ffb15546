"""Gradio's own live pictures: its Image component streams the camera through a function that gives each back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGE = """
import sys
import gradio as gr

with gr.Blocks() as demo:
    wanted = {"video": {"width": 640, "height": 480, "frameRate": 60}}
    camera = gr.WebcamOptions(mirror=False, constraints=wanted)
    seen = gr.Image(sources=["webcam"], streaming=True, format="jpeg", webcam_options=camera, elem_id="seen")
    back = gr.Image(format="jpeg", elem_id="back")
    seen.stream(lambda picture: picture, seen, back, stream_every=0.02, time_limit=300, show_progress="hidden")
demo.launch(server_port=int(sys.argv[1]))
"""
COUNT = """() => {
  window.drawn = new Set();
  document.addEventListener('load', ({ target }) => {
    if (target.closest?.('#back')) window.drawn.add(target.src);
  }, true);
}"""


def per_second(page: Page, settle_s: float, seconds: float) -> float:
    """Different pictures a second that its page has drawn."""
    from explorer.bench.live import serving

    with serving("-c", PAGE) as url:
        page.goto(url)
        page.evaluate(COUNT)
        page.get_by_text("Click to Access Webcam").click()
        page.locator('#seen button[aria-label="capture photo"]').click()
        page.wait_for_function("() => window.drawn.size > 0")
        page.wait_for_timeout(settle_s * 1000)
        before, began = page.evaluate("() => window.drawn.size"), time.perf_counter()
        page.wait_for_timeout(seconds * 1000)
        found = (page.evaluate("() => window.drawn.size") - before) / (time.perf_counter() - began)
        page.goto("about:blank")
    return float(found)
