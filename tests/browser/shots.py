"""Pictures of the page in every state, with the real engine: `python -m tests.browser.shots DIR`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

import app
from tests.browser.conftest import FLAGS, opened, opens
from tests.serving import served

PATIENCE_MS = 120_000
STREET = "?tab=classify&picture=scene:8"
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


def whole(page: Page) -> None:
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": PHONE[0], "height": height})


STATES: dict[str, tuple[tuple[int, int], str, Callable[[Page], Any] | None]] = {
    "wide": (WIDE, STREET, None),
    "photograph": (WIDE, "", None),
    "file": (WIDE, STREET, lambda page: opens(page, "file")),
    "camera": (WIDE, STREET, camera),
    "scene": (WIDE, "?picture=scene:7:hard:9", None),
    "refused": (WIDE, STREET, refused),
    "bad-link": (WIDE, "?tab=nonsense&picture=scene:8", None),
    "projector": (PROJECTOR, STREET, large),
    "presenting": (PROJECTOR, STREET, present),
    "presenting-with-panel": (PROJECTOR, STREET, present_with_panel),
    "phone": (PHONE, STREET, None),
    "phone-whole": (PHONE, STREET, whole),
    "phone-sources": (PHONE, STREET, sources),
}


@contextmanager
def visited(browser: Browser, url: str, size: tuple[int, int], scheme: Any) -> Iterator[Page]:
    """A page whose first answer has come."""
    viewport: Any = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, color_scheme=scheme, permissions=["camera"])
    page = context.new_page()
    opened(page, url)
    expect(page.locator("html.working")).to_have_count(0)
    yield page
    context.close()


def main(folder: Path) -> None:
    """Every state, light and dark, each one PNG file."""
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with served(app.make_engine()) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for scheme in ("light", "dark"):
            for name, (size, query, act) in STATES.items():
                with visited(browser, url + query, size, scheme) as page:
                    if act:
                        act(page)
                    page.wait_for_timeout(800)
                    page.screenshot(path=folder / f"{name}-{scheme}.png")
                    print(folder / f"{name}-{scheme}.png")
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.browser.shots DIR")
    main(Path(sys.argv[1]))
