"""Pictures of the page with the real engine: `python -m tests.browser.shots DIR`.

Every state, light and dark, as PNG; into assets/pictures only what the README shows, as small WebP files.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

import app
from explorer.records.frame import Pixels, Size
from explorer.streetscape.render import render
from tests.browser.conftest import FLAGS, opened, opens
from tests.films import film
from tests.serving import served

PATIENCE_MS = 120_000
SMALL_BYTES = 90_000
STREET = "?tab=classify&picture=scene:8"
COMPARED = '["street_alexnet","street_alexnet:random"]'
ANSWERED = ".js-plotly-plot .xtick, #roi-said output, #detect-found output, [data-testid=live-start]"
"""A chart with its axis, what the RoI and the Detect tab say with a number in it, or what starts the live view."""
STEPS = 60
WIDE, PROJECTOR, PHONE = (1440, 900), (1280, 720), (390, 844)


def present(page: Page) -> None:
    page.keyboard.press("p")
    page.wait_for_timeout(7000)  # the hint at the foot goes away


def present_with_panel(page: Page) -> None:
    present(page)
    page.keyboard.press("d")


def camera(page: Page) -> None:
    opens(page, "camera")
    page.get_by_test_id("camera-open").click()
    expect(page.get_by_test_id("camera-take")).to_be_visible()
    page.wait_for_timeout(700)


def refused(page: Page) -> None:
    file = {"name": "letter.png", "mimeType": "image/png", "buffer": b"not a picture"}
    page.locator("#upload input[type=file]").set_input_files(file)
    expect(page.locator("#note")).to_contain_text("letter.png")


def large(page: Page) -> None:
    page.get_by_test_id("tool-large").click()


def sources(page: Page) -> None:
    page.get_by_test_id("tool-pictures").click()


def sketch(page: Page) -> None:
    """A seven, for LeNet."""
    page.locator("#sketching > button").click()
    field = page.get_by_test_id("sketch-canvas")
    expect(field).to_be_visible()
    page.wait_for_timeout(500)  # the panel slides open
    field.evaluate("field => field.scrollIntoView({block: 'center'})")
    box = field.bounding_box()
    assert box
    for i, (x, y) in enumerate([(0.28, 0.24), (0.7, 0.24), (0.45, 0.78)]):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
        if i == 0:
            page.mouse.down()
    page.mouse.up()
    expect(page.get_by_test_id("sketch-said")).to_contain_text("·")


def whole(page: Page) -> None:
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": PHONE[0], "height": height})


def slid(page: Page) -> None:
    """Every window has been at its place."""
    page.locator("#slide").click()
    expect(page.get_by_test_id("ratio-time")).to_be_visible()
    page.wait_for_function("() => Fovea.main.panes.length === 3")


def opened_up(page: Page) -> None:
    """Every part of the Dense panel, in a window as tall as it is."""
    slid(page)
    for part in ("why", "flip", "one"):
        page.locator(f"#dense-{part} > button").click()
    expect(page.get_by_test_id("flip-table")).to_be_visible()
    expect(page.get_by_test_id("averages-apart")).to_be_visible()
    page.set_viewport_size({"width": WIDE[0], "height": page.evaluate("document.documentElement.scrollHeight")})


def walk(number: int, size: Size) -> Pixels:
    """A street, a step further to the right."""
    street, (height, width) = render(8, (480, 640)).picture, size
    left = (street.shape[1] - width) * number // STEPS
    return np.ascontiguousarray(street[:height, left : left + width])


def live(page: Page) -> None:
    """A film of a walk, and what the network finds in it."""
    with TemporaryDirectory() as folder:
        file = film(Path(folder) / "walk.webm", STEPS, (480, 576), codec="libvpx", draw=walk)
        page.get_by_test_id("live-picker").set_input_files(file)
        page.wait_for_function("() => Fovea.live.counters().drawn > 8", timeout=PATIENCE_MS)


STATES: dict[str, tuple[tuple[int, int], str, Callable[[Page], Any] | None]] = {
    "wide": (WIDE, STREET, None),
    "compared": (WIDE, f"{STREET}&classify.crops=10&classify.networks={COMPARED}", None),
    "sketch": (WIDE, STREET, sketch),
    "dense": (WIDE, "?tab=dense&picture=scene:8&dense.class=bus&dense.scales=[0.5]", slid),
    "detect": (WIDE, "?tab=detect&picture=scene:8", None),
    "detect-cells": (WIDE, "?tab=detect&picture=scene:8&detect.view=cells", None),
    "detect-judged": (WIDE, "?tab=detect&picture=scene:8&detect.view=judged", None),
    "roi": (WIDE, "?tab=roi&picture=scene:8&roi.part=pictures&roi.region=205,118.5,391,372.5&roi.bin=5,3", None),
    "roi-numbers": (WIDE, "?tab=roi&picture=scene:8&roi.box=1.3,2.4,6.6,6.9", None),
    "roi-head": (WIDE, "?tab=roi&picture=scene:8&roi.part=heads", None),
    "dense-place": (
        WIDE,
        "?tab=dense&picture=scene:8&dense.class=bus&dense.scales=[0.5,1]&dense.at=430,250",
        opened_up,
    ),
    "live": (WIDE, "?tab=live&picture=scene:8&live.view=detect&live.network=street_yolo", live),
    "photograph": (WIDE, "", None),
    "file": (WIDE, STREET, lambda page: opens(page, "file")),
    "camera": (WIDE, STREET, camera),
    "scene": (WIDE, "?picture=scene:16:normal:9", None),
    "refused": (WIDE, STREET, refused),
    "bad-link": (WIDE, "?tab=nonsense&picture=scene:8", None),
    "projector": (PROJECTOR, STREET, large),
    "presenting": (PROJECTOR, STREET, present),
    "presenting-with-panel": (PROJECTOR, STREET, present_with_panel),
    "phone": (PHONE, STREET, None),
    "phone-whole": (PHONE, STREET, whole),
    "phone-sources": (PHONE, STREET, sources),
}


README = {
    "classify": ("wide", "light"),
    "classify-compared": ("compared", "dark"),
    "classify-sketch": ("sketch", "light"),
    "dense": ("dense", "light"),
    "detect": ("detect-judged", "light"),
    "detect-cells": ("detect-cells", "light"),
    "roi": ("roi", "light"),
    "live": ("live", "dark"),
    "scene": ("scene", "dark"),
    "projector": ("projector", "light"),
    "presenting": ("presenting", "dark"),
    "presenting-with-panel": ("presenting-with-panel", "light"),
    "phone": ("phone", "light"),
    "phone-sources": ("phone-sources", "dark"),
}
README_FOLDER = Path(__file__).parents[2] / "assets" / "pictures"


@contextmanager
def visited(browser: Browser, url: str, size: tuple[int, int], scheme: Any) -> Iterator[Page]:
    """A page whose first answer has come."""
    viewport: Any = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, color_scheme=scheme, permissions=["camera"])
    page = context.new_page()
    opened(page, url)
    expect(page.locator("html.working")).to_have_count(0)
    expect(page.locator(ANSWERED).first).to_be_visible()
    yield page
    context.close()


def shot(browser: Browser, url: str, name: str, scheme: str) -> bytes:
    """The page in that state, as a PNG file."""
    size, query, act = STATES[name]
    with visited(browser, url + query, size, scheme) as page:
        if act:
            act(page)
        page.wait_for_timeout(800)
        return page.screenshot()


def small(png: bytes) -> bytes:
    """The picture as a WebP file, as good as fits."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in range(80, 0, -5):
        made = io.BytesIO()
        picture.save(made, "WEBP", quality=quality, method=6)
        if made.tell() <= SMALL_BYTES:
            break
    return made.getvalue()


def main(folder: Path) -> None:
    """Every state, light and dark, each one PNG file; or the README's pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    shown = folder.resolve() == README_FOLDER
    every = {f"{name}-{scheme}": (name, scheme) for scheme in ("light", "dark") for name in STATES}
    with served(app.make_engine()) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for title, (name, scheme) in (README if shown else every).items():
            png = shot(browser, url, name, scheme)
            path = folder / f"{title}{'.webp' if shown else '.png'}"
            path.write_bytes(small(png) if shown else png)
            print(path)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.browser.shots DIR")
    main(Path(sys.argv[1]))
