"""Ways to a picture: how many clicks, what bad input gets, and that nothing is kept or shown to others."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import pictures
from tests.browser.conftest import Watched, address, classified, expect_address, opened, opens, rare, seen_at, shows

pytestmark = pytest.mark.browser


def clicks(page: Page) -> Any:
    page.evaluate("window.clicks = 0; addEventListener('click', e => { if (e.isTrusted) window.clicks++ }, true); 0")
    return lambda: page.evaluate("window.clicks")


def test_a_camera_picture_is_three_clicks_away_and_never_a_file(visit: Watched) -> None:
    page, count = visit.page, clicks(visit.page)
    before = {path for path in Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*") if path.is_file()}
    opens(page, "camera")
    page.get_by_test_id("camera-open").click()
    page.get_by_test_id("camera-take").click()
    classified(page, "webcam, ")
    assert count() <= 3
    expect(page.get_by_test_id("camera-open")).to_be_visible()
    assert {path for path in Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*") if path.is_file()} == before


def test_a_file_is_two_clicks_away_and_leaves_none_behind(visit: Watched, tmp_path: Path) -> None:
    page, count = visit.page, clicks(visit.page)
    file = tmp_path / "mine.png"
    file.write_bytes(pictures.READ["I13-rgb"].data)
    opens(page, "file")
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("file-choose").click()
    chooser.value.set_files(file)
    classified(page, "mine")
    assert count() <= 3
    assert "picture" not in address(page)
    assert not [path for path in Path(os.environ["GRADIO_TEMP_DIR"]).rglob("mine*") if path.is_file()]


def test_a_scene_is_two_clicks_away(visit: Watched) -> None:
    page, count = visit.page, clicks(visit.page)
    opens(page, "scene")
    page.locator("#scene-draw").click()
    classified(page, "Streetscape 7, normal")
    assert count() <= 3
    expect_address(page, picture="scene:7")


@pytest.mark.long
def test_a_scene_by_number_difficulty_and_things_and_by_surprise(visit: Watched) -> None:
    page = visit.page
    opens(page, "scene")
    page.locator("#scene-seed input").fill("11")
    page.get_by_label("hard").check()
    page.locator("#scene-things input[type=number]").fill("3")
    page.locator("#scene-draw").click()
    shows(page, "Streetscape 11, hard.*640 by 480")
    expect_address(page, picture="scene:11:hard:3")
    page.locator("#scene-surprise").click()
    expect(page.get_by_test_id("stage-canvas")).not_to_have_attribute("aria-label", re.compile("Streetscape 11,"))
    assert page.locator("#scene-seed input").input_value() != "11"
    page.locator("#scene-seed input").fill("")
    page.locator("#scene-draw").click()
    expect(page.locator("#note")).to_contain_text("scene:SEED")


@pytest.mark.long
def test_of_many_quick_choices_the_last_one_stays(visit: Watched) -> None:
    page = visit.page
    for last, words in (
        ("sample:camera", "photographer"),
        ("scene:13", "Streetscape 13"),
        ("sample:camera", "photographer"),
    ):
        for name in ("sample:coffee", "scene:8", "sample:rocket", "scene:12", last):
            page.get_by_test_id(name).click(no_wait_after=True)
        shows(page, words)
    expect_address(page, picture="sample:camera")
    expect(page.get_by_test_id("sample:camera")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".fovea-gallery [aria-pressed=true]")).to_have_count(1)


@pytest.mark.long
def test_a_drawn_scene_waits_its_turn_like_every_other_choice(visit: Watched) -> None:
    page = visit.page
    for seed, sample in (("21", "scene:8"), ("22", "sample:camera")):
        opens(page, "scene")
        page.locator("#scene-seed input").fill("20")
        page.locator("#scene-draw").click(no_wait_after=True)
        page.locator("#scene-seed input").fill(seed)
        page.locator("#scene-draw").click(no_wait_after=True)
        opens(page, "gallery")
        page.get_by_test_id(sample).click(no_wait_after=True)
        opens(page, "scene")
        page.locator("#scene-draw").click(no_wait_after=True)
        shows(page, f"Streetscape {seed}")
        expect_address(page, picture=f"scene:{seed}")


GIVE = """([kind, name, data, type]) => {
  const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
  const transfer = new DataTransfer();
  if (name) transfer.items.add(new File([bytes], name, { type }));
  else transfer.setData('text/uri-list', 'https://example.com/cat.png');
  const options = { bubbles: true, cancelable: true };
  const target = document.querySelector('[data-testid=stage]');
  if (kind === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: transfer }));
  else for (const step of ['dragover', 'drop'])
    target.dispatchEvent(new DragEvent(step, { ...options, dataTransfer: transfer }));
}"""


@pytest.mark.parametrize("kind", ["drop", rare("paste")])
def test_a_picture_may_be_given_anywhere_on_the_page(visit: Watched, kind: str) -> None:
    data = base64.b64encode(pictures.READ["I13-rgb"].data).decode()
    visit.page.evaluate(GIVE, [kind, "given.png", data, "image/png"])
    classified(visit.page, "given")
    data = base64.b64encode(b"no picture at all").decode()
    visit.page.evaluate(GIVE, [kind, "letter.txt", data, "text/plain"])
    expect(visit.page.locator("#note")).to_contain_text("letter.txt")
    shows(visit.page, "given")
    expect(visit.page.locator("#drop-veil")).to_be_hidden()


def test_what_is_no_file_or_too_large_is_a_sentence(visit: Watched) -> None:
    page = visit.page
    page.evaluate(GIVE, ["drop", "", "", ""])
    expect(page.get_by_role("status").filter(has_text="not a picture file")).to_be_visible()
    page.evaluate(
        GIVE.replace("new File([bytes]", "new File([new Uint8Array(21e6)]"), ["drop", "big.png", "", "image/png"]
    )
    expect(page.get_by_role("status").filter(has_text="21 MB")).to_be_visible()
    shows(page, "Chelsea")


BAD = [
    "I05-400-megapixels",
    *map(rare, ("I01-empty", "I10-baseline-cut-50", "I03-html", "I16-pdf", "I17-svg", "I15-gif-0")),
]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_a_sentence_and_nothing_is_lost(visit: Watched, upload: Any, name: str) -> None:
    page = visit.page
    upload(page, "holiday.png", pictures.REFUSED[name].data)
    expect(page.locator("#note")).to_contain_text("holiday.png")
    expect(page.locator("#note")).not_to_contain_text("Traceback")
    expect(page.get_by_test_id("toast-body")).to_contain_text("holiday.png")
    shows(page, "Chelsea")
    page.get_by_test_id("sample:coffee").click()
    shows(page, "coffee")
    expect(page.locator("#note")).to_be_hidden()


@pytest.mark.long
def test_a_name_with_markup_is_shown_as_text(visit: Watched, upload: Any) -> None:
    upload(visit.page, "<img src=x onerror=alert(1)>.png", b"not a picture")
    expect(visit.page.locator("#note")).to_contain_text("picture")
    assert visit.page.locator("#note img").count() == 0


def fails(name: str) -> str:
    """A script that makes the browser's camera fail in this way."""
    return f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{name}'))"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (fails("NotAllowedError"), "refused the camera"),
        rare(fails("NotFoundError"), "No camera was found"),
        rare(fails("NotReadableError"), "busy in another program"),
        rare(
            "Object.defineProperty(navigator, 'mediaDevices', {value: undefined})",
            "only to pages on https or localhost",
        ),
    ],
)
def test_without_a_camera_the_page_says_why_and_what_to_do(
    desk: BrowserContext, bench_url: str, script: str, words: str
) -> None:
    page = seen_at(desk)
    page.add_init_script(script)
    page.goto(bench_url)
    opens(page, "camera")
    page.get_by_test_id("camera-open").click()
    expect(page.get_by_test_id("camera").get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_test_id("camera-open")).to_be_enabled()


def test_the_camera_is_let_go_when_another_way_is_chosen(visit: Watched) -> None:
    page = visit.page
    opens(page, "camera")
    page.get_by_test_id("camera-open").click()
    expect(page.get_by_test_id("camera-take")).to_be_visible()
    opens(page, "gallery")
    assert page.evaluate("document.querySelector('.fovea-camera video').srcObject") is None


def test_another_visitor_sees_nothing_of_mine(browser: Browser, url: str, visit: Watched, upload: Any) -> None:
    upload(visit.page, "secret.png", pictures.READ["I13-rgb"].data)
    shows(visit.page, "secret")
    visit.page.get_by_test_id("tool-large").click()
    context = browser.new_context()
    other = context.new_page()
    opened(other, visit.page.url)
    shows(other, "Chelsea")
    assert "secret" not in other.content()
    assert "large" not in (other.locator("html").get_attribute("class") or "")
    other.get_by_test_id("sample:coffee").click()
    shows(other, "coffee")
    visit.page.get_by_label("ten crops").check()
    visit.page.wait_for_timeout(500)
    shows(visit.page, "secret")
    context.close()
