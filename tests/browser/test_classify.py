"""A visitor classifies pictures: numbers read from the page are the engine's."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from explorer.contract import RANDOM
from explorer.engine.engine import LocalEngine
from explorer.records.classify import Classification, Classify
from explorer.sources.image import read_image
from explorer.sources.open import open_picture
from explorer.sources.samples import samples
from explorer.tabs.page import FIRST
from tests import pictures
from tests.browser.conftest import Watched
from tests.weight_host import WeightHost

pytestmark = pytest.mark.browser


def verdict(page: Page) -> tuple[str, float]:
    """Name and score of the best class, as the page says it."""
    heading = page.locator("#verdict h3")
    expect(heading).to_contain_text("%")
    name, score = heading.inner_text().rsplit(" · ", 1)
    return name, float(score.strip("%")) / 100


def bars(page: Page) -> list[float]:
    """The scores on the chart, best first."""
    texts = page.locator("#chart .bartext").all_text_contents()
    return [float(text.strip("%")) / 100 for text in reversed(texts)]


def choose(page: Page, which: str, option: str) -> None:
    page.locator(f"#{which} input").click()
    page.get_by_role("option", name=option).first.click()


def asked(engine: LocalEngine, name: str, weights: str = RANDOM, crops: int = 1, top: int = 5) -> Classification:
    return engine.run(Classify(engine.keep(open_picture(name)), "tiny", weights, crops, top))


def test_with_no_weights_the_page_says_what_to_do_and_fetches(
    visit: Watched, engine: LocalEngine, host: WeightHost
) -> None:
    page = visit.page
    expect(page.locator("#verdict")).to_contain_text("python -m explorer fetch tiny")
    expect(page.locator("#fetch")).to_be_visible()
    host.files["/tiny.pth"].manners[:] = ["403", "stall", "honest"]
    page.locator("#fetch").click()
    expect(page.locator("#verdict")).to_contain_text("403")
    page.locator("#fetch").click()
    page.locator("#stop").click()
    expect(page.locator("#verdict")).to_contain_text("Stopped")
    page.wait_for_timeout(300)
    expect(page.locator("#verdict")).to_contain_text("Stopped")  # and stays until something else is asked
    page.locator("#fetch").click()
    expect(page.locator("#verdict h3")).to_contain_text("%")
    expected = float(asked(engine, FIRST, "V1").scores.max())
    assert verdict(page)[1] == pytest.approx(expected, abs=0.0006)
    expect(page.locator("#fetch")).to_be_hidden()
    assert engine.present("tiny")


def test_every_sample_is_classified_as_the_engine_says(visit: Watched, engine: LocalEngine) -> None:
    page = visit.page
    choose(page, "weights", "random")
    for one in samples():
        page.get_by_test_id(f"sample:{one.name}").click()
        expect(page.get_by_test_id("stage").locator("img")).to_have_attribute("alt", re.compile(re.escape(one.title)))
        answer = asked(engine, f"sample:{one.name}")
        best = int(answer.order[0])
        expect(page.locator("#verdict h3")).to_have_text(f"{answer.names[best]} · {answer.scores[best]:.1%}")
        expect(page.locator("#chart .bartext")).to_have_count(min(5, len(answer.names)))
        expect(page.locator("#chart .bartext").last).to_have_text(f"{answer.scores[best]:.1%}")
        assert bars(page) == pytest.approx([float(answer.scores[i]) for i in answer.order], abs=0.0006)


def test_the_dashed_square_is_what_the_network_saw(visit: Watched, engine: LocalEngine) -> None:
    page = visit.page
    choose(page, "weights", "random")
    box = page.get_by_test_id("stage").locator("rect")
    expect(box).to_have_count(1)
    got = [float(box.get_attribute(name) or "nan") for name in ("x", "y", "width", "height")]
    x0, y0, x1, y1 = asked(engine, FIRST).windows[0]
    assert got == pytest.approx([x0, y0, x1 - x0, y1 - y0], abs=0.02)
    page.get_by_label("ten crops").check()
    expect(box).to_have_count(10)
    answer = asked(engine, FIRST, crops=10)
    expect(page.locator("#verdict h3")).to_contain_text(f"{answer.scores.max():.1%}")


def test_a_picture_of_ones_own(visit: Watched, engine: LocalEngine, upload: Any) -> None:
    page = visit.page
    choose(page, "weights", "random")
    upload(page, "turned.jpg", pictures.READ["I11-jpeg-6"].data)
    expect(page.locator("#note")).to_contain_text("EXIF")
    frame = read_image(pictures.READ["I11-jpeg-6"].data)
    answer = engine.run(Classify(engine.keep(frame), "tiny", RANDOM))
    height, width = frame.size
    expect(page.get_by_test_id("stage").locator("img")).to_have_attribute("alt", re.compile(f"{width} by {height}"))
    expect(page.locator("#verdict h3")).to_contain_text(f"{answer.scores.max():.1%}")


def test_a_scene_is_drawn_by_seed_and_classified(visit: Watched, engine: LocalEngine) -> None:
    page = visit.page
    choose(page, "weights", "random")
    page.locator("#scene button").first.click()
    expect(page.locator("#scene-draw")).to_be_visible()
    page.wait_for_timeout(500)  # the panel slides open, and what is typed before it has is typed over
    page.locator("#scene-seed input").fill("11")
    choose(page, "scene-difficulty", "hard")
    expect(page.locator("#scene-seed input")).to_have_value("11")
    page.locator("#scene-draw").click()
    picture = page.get_by_test_id("stage").locator("img")
    expect(picture).to_have_attribute("alt", re.compile("Streetscape 11, hard.*640 by 480"))
    answer = asked(engine, "scene:11:hard")
    expect(page.locator("#verdict h3")).to_contain_text(f"{answer.scores.max():.1%}")
    page.locator("#scene-surprise").click()
    expect(picture).not_to_have_attribute("alt", re.compile("Streetscape 11,"))
    assert page.locator("#scene-seed input").input_value() != "11"


BAD = ["I01-empty", "I03-html", "I05-400-megapixels", "I16-pdf", "I17-svg", "I10-baseline-cut-50", "I15-gif-0"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_a_sentence_and_nothing_is_lost(visit: Watched, upload: Any, name: str) -> None:
    page = visit.page
    before = page.get_by_test_id("stage").locator("img").get_attribute("alt")
    upload(page, "holiday.png", pictures.REFUSED[name].data)
    expect(page.locator("#note")).to_contain_text("holiday.png")
    expect(page.locator("#note")).not_to_contain_text("Traceback")
    assert page.get_by_test_id("stage").locator("img").get_attribute("alt") == before


def test_a_name_with_markup_is_shown_as_text(visit: Watched, upload: Any) -> None:
    upload(visit.page, "<img src=x onerror=alert(1)>.png", b"not a picture")
    expect(visit.page.locator("#note")).to_contain_text("picture")
    assert visit.page.locator("#note img").count() == 0


def test_the_camera_takes_a_picture_that_is_never_a_file(visit: Watched) -> None:
    page = visit.page
    choose(page, "weights", "random")
    before = {path for path in Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*") if path.is_file()}
    page.get_by_test_id("camera-open").click()
    page.get_by_test_id("camera-take").click()
    expect(page.get_by_test_id("stage").locator("img")).to_have_attribute("alt", re.compile("^webcam, "))
    expect(page.locator("#verdict h3")).to_contain_text("%")
    expect(page.get_by_test_id("camera-open")).to_be_visible()
    assert {path for path in Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*") if path.is_file()} == before


def fails(name: str) -> str:
    """A script that makes the browser's camera fail in this way."""
    return f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{name}'))"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (fails("NotFoundError"), "No camera was found"),
        (fails("NotAllowedError"), "refused the camera"),
        (fails("NotReadableError"), "busy in another program"),
        ("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})", "only to pages on https or localhost"),
    ],
)
def test_without_a_camera_the_page_says_why_and_what_to_do(browser: Browser, url: str, script: str, words: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(script)
    page.goto(url)
    page.get_by_test_id("camera-open").click()
    expect(page.get_by_test_id("camera").get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_test_id("camera-open")).to_be_enabled()
    context.close()


def test_two_visitors_do_not_see_each_others_pictures(browser: Browser, url: str, visit: Watched) -> None:
    context = browser.new_context()
    other = context.new_page()
    other.goto(url)
    other.get_by_test_id("sample:coffee").click()
    expect(other.get_by_test_id("stage").locator("img")).to_have_attribute("alt", re.compile("coffee", re.IGNORECASE))
    visit.page.locator("#top input[type=range]").focus()
    visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_timeout(500)
    expect(visit.page.get_by_test_id("stage").locator("img")).not_to_have_attribute(
        "alt", re.compile("coffee", re.IGNORECASE)
    )
    context.close()


def test_the_page_fits_a_phone(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(url)
    page.get_by_test_id("stage").locator("img").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
    page.get_by_role("tab", name="Classify").click()  # the sources start closed, or they would cover it
    choose(page, "weights", "random")
    expect(page.locator("#verdict h3")).to_contain_text("%")
    context.close()


def test_uploads_leave_no_file_behind(visit: Watched, upload: Any) -> None:
    upload(visit.page, "mine.png", pictures.READ["I13-rgb"].data)
    expect(visit.page.get_by_test_id("stage").locator("img")).to_have_attribute("alt", re.compile("mine"))
    assert not [path for path in Path(os.environ["GRADIO_TEMP_DIR"]).rglob("mine*") if path.is_file()]


def test_no_stray_threads(engine: LocalEngine) -> None:
    assert sum(thread.name == "batcher" for thread in threading.enumerate()) <= 1
    assert np.isfinite(asked(engine, FIRST).scores).all()
