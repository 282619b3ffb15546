"""A bare page with the stage, the live view and its socket, and without Gradio: quick to open."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any

from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

import app
from explorer.tabs import live, words

PATIENCE_MS = 60_000
TOLD = {**{k: text for k, text in words.SOURCES.items() if k.startswith("camera_")}, **words.LIVE_CONTROLS}
MOUNT = """() => {
  window.snaps = [];
  const watchers = [];
  const give = (name, value) => {
    const props = { value };
    const element = document.getElementById(name);
    const trigger = (event, data) => { if (event === 'snap') snaps.push(data.jpeg); };
    Fovea[name]({ element, props, trigger, watch: (_, then) => name === 'live' && watchers.push([props, then]) });
  };
  give('stage', '{}');
  give('layers', '{}');
  give('camera', %s);
  give('live', %s);
  give('liveshown', '');
  window.asks = (value) => watchers.forEach(([props, then]) => { props.value = value; then(); });
}"""


def body() -> str:
    parts = {"stage": words.STAGE, "layers": {}, "camera": {}, "live": TOLD, "liveshown": words.LIVE_CONTROLS}
    made = "".join(
        f'<div id={name}><div class="fovea-{name}" data-testid={name} data-words="{said}"></div></div>'
        for name, said in ((name, escape(json.dumps(texts))) for name, texts in parts.items())
    )
    scripts = "".join(f"<script src=app/{name}></script>" for name in app.SCRIPTS)
    styles = "".join(f"<link rel=stylesheet href=app/{name}>" for name in app.STYLES)
    return f"<!doctype html><meta charset=utf-8>{styles}{made}{scripts}"


def routes() -> list[BaseRoute]:
    async def page(_: Request) -> HTMLResponse:
        return HTMLResponse(body())

    return [Route("/", page), Mount("/app", StaticFiles(directory=app.ASSETS))]


class LivePage:
    """The page at `url`, and what it printed; answer: who speaks instead of the server, given each message."""

    def __init__(self, context: BrowserContext, url: str, script: str = "", answer: Any = None) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        if script:
            self.page.add_init_script(script)
        if answer is not None:
            self.page.route_web_socket("**/live", lambda socket: _speaks(socket, answer))
        self.page.goto(url)
        settings = json.dumps(live.run("picture"))
        self.page.evaluate(MOUNT % (json.dumps(json.dumps(words.SOURCES)), settings))

    def press(self, name: str) -> None:
        self.page.get_by_test_id(f"live-{name}").click()

    def asks(self, view: str, **more: str) -> None:
        self.page.evaluate("value => asks(value)", live.run(view, **more))

    def counters(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("() => Fovea.live.counters()")
        return found

    def until(self, script: str) -> None:
        """Wait for this to be true."""
        self.page.wait_for_function(f"() => {script}", timeout=PATIENCE_MS)

    def says(self, name: str, words: str) -> None:
        expect(self.page.get_by_test_id(f"live-{name}")).to_contain_text(words, timeout=PATIENCE_MS)

    def starts(self) -> None:
        """The camera runs, and the first picture was answered."""
        self.press("start")
        self.until("Fovea.live.counters().drawn > 0")


Speaks = Callable[[int | None, dict[str, Any]], list[dict[str, Any]]]
"""Given a picture's number or what was said instead, what to send back."""


def _speaks(socket: WebSocketRoute, answer: Speaks) -> None:
    def heard(message: str | bytes) -> None:
        number = int.from_bytes(message[:4], "big") if isinstance(message, bytes) else None
        said = json.loads(message) if isinstance(message, str) else {}
        for content in answer(number, said):
            if "close" in content:
                socket.close(code=content["close"])
            else:
                socket.send(json.dumps(content))

    socket.on_message(heard)


def answered(number: int, layers: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """What the server says of a picture of 640 by 480."""
    pane = {"title": "", "picture": None, "layers": layers or []}
    common = {"view": "picture", "model": "", "device": "cpu", "size": [480, 640], "panes": [pane], "lines": []}
    return {"answer": number, **common, "notes": [], "ms": 4.0, "held": 1.0, "line": 0, "dropped": 0, **more}
