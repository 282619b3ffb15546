"""The system's Chromium, with a camera that is not there."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from explorer.engine.engine import LocalEngine
from explorer.web.live_limits import OWNER
from tests import tiny
from tests.browser.live_page import LivePage, Speaks, routes
from tests.live_server import Server, live_server
from tests.probe import Probe
from tests.serving import served
from tests.weight_host import WeightHost

CAMERA = "--use-fake-device-for-media-stream"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    CAMERA,
]
PATIENCE_MS = 20_000
HARMLESS = ("net::ERR_ABORTED", "favicon")
LivePages = Callable[..., LivePage]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where it is."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine, and under CI there must be one")
        pytest.skip("no Chromium on this machine")
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """Every context of it is a visitor who was never here."""
    made = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield made
    made.close()


@pytest.fixture(scope="session")
def profile(
    playwright: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A browser with a cache on disk: the page's scripts are read and compiled once, not once a test."""
    made = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"), executable_path=chromium, args=FLAGS
    )
    yield made
    made.close()


@pytest.fixture
def desk(profile: BrowserContext) -> Iterator[BrowserContext]:
    """Somebody whose browser knows the page's scripts and nothing of what was done here before."""
    profile.grant_permissions(["camera"])
    yield profile
    first, *pages = profile.pages
    origins = {"{0.scheme}://{0.netloc}".format(urlparse(page.url)) for page in pages}
    for page in pages:
        page.close()
    session = profile.new_cdp_session(first)
    for origin in origins:
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "cookies,local_storage"})
    session.detach()
    profile.clear_permissions()


def seen_at(desk: BrowserContext, width: int = 1440, height: int = 900, **media: Any) -> Page:
    """A new page of that size; media: as Playwright's emulate_media has it."""
    page = desk.new_page()
    page.set_viewport_size({"width": width, "height": height})
    if media:
        page.emulate_media(**media)
    return page


@pytest.fixture(scope="module")
def chrome(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """Its camera gives 60 pictures a second, each another one."""
    flags = [f"{CAMERA}=fps=60" if flag == CAMERA else flag for flag in FLAGS]
    made = playwright.chromium.launch(executable_path=chromium, args=flags)
    yield made
    made.close()


@pytest.fixture(scope="module")
def live_host() -> Iterator[Server]:
    engine = LocalEngine("cpu", tiny.registry())
    with live_server(engine, OWNER, routes()) as made:
        yield made
    engine.close()


@pytest.fixture
def live_pages(chrome: Browser, live_host: Server) -> Iterator[LivePages]:
    """A page in front of the live server, or of `answer`; afterwards it printed no error."""
    context = chrome.new_context(permissions=["camera"], viewport={"width": 900, "height": 900})
    made: list[LivePage] = []

    def give(script: str = "", answer: Speaks | None = None) -> LivePage:
        made.append(LivePage(context, f"http://{live_host.host}/", script, answer))
        return made[-1]

    yield give
    context.close()
    assert not [error for one in made for error in one.errors]


@pytest.fixture(scope="module")
def host() -> Iterator[WeightHost]:
    with WeightHost() as made:
        yield made


@pytest.fixture(scope="module")
def engine(host: WeightHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEngine]:
    """Knows `tiny`, whose weights are at `host` and not here."""
    patch = pytest.MonkeyPatch()
    patch.setenv("TORCH_HOME", str(tmp_path_factory.mktemp("torch")))
    patch.setenv("NO_PROXY", "127.0.0.1,localhost")
    patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("gradio")))
    file = tiny.content(tiny.trained())
    host.publish("/tiny.pth", file)
    made = LocalEngine("cpu", tiny.registry(host.url, file))
    yield made
    made.close()
    patch.undo()


@pytest.fixture(scope="module")
def url(engine: LocalEngine) -> Iterator[str]:
    with served(engine) as address:
        yield address


class Watched:
    """A page, the hosts it asked and the errors it printed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hosts: set[str] = set()
        self.errors: list[str] = []
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)

    def _request(self, request: Any) -> None:
        parts = urlparse(request.url)
        if parts.scheme not in ("data", "blob"):
            self.hosts.add(parts.hostname or request.url)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not any(word in message.text for word in HARMLESS):
            self.errors.append(message.text)


def rare(*values: Any, **more: Any) -> Any:
    """A case for the long tests: the same page in another size or colour, another of many bad links or files."""
    return pytest.param(*values, marks=pytest.mark.long, **more)


def opened(page: Page, url: str) -> None:
    """Go there, and wait until the stage shows a picture and every control has its value."""
    page.goto(url)
    expect(page.get_by_test_id("stage-canvas")).to_have_attribute("aria-label", re.compile("pixels"))
    page.wait_for_function("() => new URLSearchParams(location.search).has('tab')")


def shows(page: Page, words: str) -> None:
    """The stage shows a picture called that."""
    expect(page.get_by_test_id("stage-canvas")).to_have_attribute("aria-label", re.compile(words))


def address(page: Page) -> dict[str, str]:
    query = parse_qs(urlparse(page.url).query, keep_blank_values=True)
    return {key: values[0] for key, values in query.items()}


def expect_address(page: Page, **wanted: str) -> None:
    test = "wanted => Object.entries(wanted).every(([k, v]) => new URLSearchParams(location.search).get(k) === v)"
    page.wait_for_function(test, arg=wanted)


def classified(page: Page, words: str) -> None:
    """The stage shows a picture called that, with what a network saw of it, and the panel has its score."""
    expect(page.get_by_test_id("stage-canvas")).to_have_attribute("aria-label", re.compile(f"{words}.*; [1-9]"))
    expect(page.locator("#verdict")).to_contain_text("%")


def opens(page: Page, way: str) -> None:
    page.get_by_test_id(f"way-{way}-tab").click()


@pytest.fixture
def visit(desk: BrowserContext, url: str) -> Iterator[Watched]:
    """A visitor in front of the page, whose picture is shown; afterwards nothing has gone wrong unseen."""
    watched = Watched(seen_at(desk))
    opened(watched.page, url)
    yield watched
    assert not watched.errors
    assert watched.hosts == {"127.0.0.1"}


@pytest.fixture
def upload(tmp_path: Path) -> Any:
    """Give the page a file."""

    def give(page: Page, name: str, content: bytes) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        page.locator("#upload input[type=file]").set_input_files(path)

    return give


@pytest.fixture(scope="module")
def probes() -> list[Probe]:
    return [Probe("Alpha"), Probe("Beta"), Probe("Gamma")]


@pytest.fixture(scope="module")
def bench_url(engine: LocalEngine, probes: list[Probe]) -> Iterator[str]:
    """A page of three tabs that are no real ones."""
    with served(engine, probes) as made:
        yield made
