"""A bare page with the stage and nothing else, without Gradio."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from explorer.drawing.layers import HeatMap, LabelMap, Pane, View
from explorer.records.frame import Frame
from explorer.tabs import words
from explorer.tabs.stage import seen, shown

ASSETS = Path(__file__).resolve().parents[2] / "assets"
SCRIPTS = ("layers.js", "pens.js", "hands.js", "controls.js", "exports.js", "stage.js")
WIDTH, HEIGHT = 250, 200
WINDOWS = [(1440, 900, 1), (1280, 720, 1), (390, 844, 2), (1280, 720, 2)]
ADDRESS = "http://stage.test/"
MOCK = """() => {
  window.mount = (what, id, value) => {
    const watchers = [], props = { value }, events = [];
    const element = document.getElementById(id);
    Fovea[what]({ element, props, trigger: (...event) => events.push(event), watch: (_, then) => watchers.push(then) });
    return { events, give(next) { props.value = next; watchers.forEach((then) => then()); } };
  };
  window.picture = mount('stage', 'picture', '{}');
  window.layers = mount('layers', 'layers', '{}');
}"""


def body() -> str:
    style = (ASSETS / "stage.css").read_text()
    said = escape(json.dumps(words.STAGE))
    stage = f'<div id=picture><div class=fovea-stage data-words="{said}"></div></div><div id=layers hidden></div>'
    scripts = "".join(f"<script>{(ASSETS / name).read_text()}</script>" for name in SCRIPTS)
    return f"<!doctype html><meta charset=utf-8><style>body {{ margin: 12px }} {style}</style>{stage}{scripts}"


def ramp(height: int, width: int) -> Frame:
    """Every pixel's colour is its place: red is x, green is y."""
    y, x = np.mgrid[:height, :width]
    return Frame(np.stack([x, y, np.full_like(x, 77)], axis=2).astype(np.uint8), "ramp")


FRAME = ramp(HEIGHT, WIDTH)
SMALL = ramp(88, 110)
"""Its pixels are 3 css pixels wide in every window: nothing is smoothed, a drawn colour is a place."""


class Bare:
    """A page with a stage and nothing else, the requests it made and the errors it printed."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        context.route("**/*", lambda route: route.fulfill(body=body(), content_type="text/html"))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("request", self._request)
        self.visit()

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.requests.append(request.url)

    def visit(self) -> None:
        self.page.goto(ADDRESS)
        self.page.evaluate(MOCK)

    def show(self, frame: Frame = FRAME, *panes: Pane, about: str | None = None) -> None:
        """The picture, and layers about it or about another one."""
        self.page.evaluate("value => { picture.give(value) }", shown(frame))
        self.page.wait_for_function("() => Fovea.main.picture !== null")
        if panes:
            self.give(*panes, about=about or frame.id)

    def give(self, *panes: Pane, about: str = FRAME.id) -> None:
        """New layers, as the server sends them; back when they are decoded."""
        hand = "async value => { const main = Fovea.main; layers.give(value); await main.setLayers(JSON.parse(value)) }"
        self.page.evaluate(hand, seen(View(about, panes)))

    def events(self, name: str) -> list[dict[str, Any]]:
        every: list[list[Any]] = self.page.evaluate("() => picture.events")
        return [data for event, data in every if event == name]

    def at(self, x: float, y: float, pane: int = 0) -> tuple[float, float]:
        place = self.page.evaluate("([x, y, pane]) => Fovea.main.toPage(x, y, pane)", [x, y, pane])
        return place["x"], place["y"]

    def scale(self) -> float:
        value: float = self.page.evaluate("() => Fovea.main.scale()")
        return value

    def exported(self, kind: str) -> bytes:
        self.page.get_by_test_id("export").click()
        with self.page.expect_download() as download:
            self.page.get_by_test_id(f"export-{kind}").click()
        return Path(download.value.path()).read_bytes()

    def table(self, n: int = 0) -> list[list[str]]:
        """All rows of a table, the head first, once it is there."""
        rows = self.page.get_by_test_id("stage-table").nth(n).locator("tr")
        expect(rows.nth(1)).to_be_attached()
        return [row.locator("th, td").all_text_contents() for row in rows.all()]


Opened = Callable[..., Bare]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """A stage in a window of this size; afterwards it printed no error."""
    made: list[tuple[BrowserContext, Bare]] = []

    def give(width: int = 1280, height: int = 720, ratio: float = 1) -> Bare:
        size: Any = {"width": width, "height": height}
        context = browser.new_context(viewport=size, device_scale_factor=ratio)
        made.append((context, Bare(context)))
        return made[-1][1]

    yield give
    for context, bare in made:
        context.close()
        assert not bare.errors


def maps() -> tuple[LabelMap, HeatMap]:
    """Road left, sky right, the first 20 rows void; 12 numbers in [0, 11], the first not known."""
    labels = np.zeros((HEIGHT, WIDTH), np.uint8)
    labels[:, 125:] = 3
    labels[:20] = 255
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    values[0, 0] = np.nan
    return (
        LabelMap("classes", labels, {0: "road", 3: "sky"}, {0: (10, 200, 30), 3: (200, 10, 60)}),
        HeatMap("evidence", values, "logit", 0, 11, place=(0, 20, 200, 170)),
    )
