"""A visitor classifies pictures: numbers read from the page are the engine's."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from explorer.contract import RANDOM
from explorer.engine.engine import LocalEngine
from explorer.models.registry import models
from explorer.records.classify import Classification, Classify
from explorer.records.vary import Vary
from explorer.sources.image import read_image
from explorer.sources.open import open_picture
from explorer.sources.samples import samples
from explorer.tabs.page import FIRST
from tests import pictures
from tests.browser.conftest import Watched, rare, seen_at
from tests.serving import served
from tests.weight_host import WeightHost

pytestmark = pytest.mark.browser
UNTRAINED = "tiny, never trained"


def verdict(page: Page) -> tuple[str, float]:
    """Name and score of the best class, as the page says it."""
    heading = page.locator("#verdict .answer h3").first
    expect(heading).to_contain_text("%")
    name, score = heading.inner_text().rsplit(" · ", 1)
    return name, float(score.strip("%")) / 100


def bars(page: Page) -> list[float]:
    """The numbers on the chart, best first."""
    texts = page.locator("#chart .bartext").all_text_contents()
    return [float(text.replace("−", "-").strip("%")) for text in reversed(texts)]


def choose(page: Page, *networks: str) -> None:
    """Add networks to those that answer."""
    field = page.locator("#networks input")
    for name in networks:
        field.fill(name)
        page.get_by_role("option", name=name, exact=True).click()
        expect(page.locator("#networks").get_by_text(name, exact=True)).to_be_visible()
    field.press("Escape")


def asked(engine: LocalEngine, name: str, weights: str = RANDOM, crops: int = 1, top: int = 5) -> Classification:
    return engine.run(Classify(engine.keep(open_picture(name)), "tiny", weights, crops, top))


def boxes(page: Page, pane: int = 0) -> list[list[float]]:
    """What the stage draws as what the network saw, in pixels of the original."""
    found: list[list[float]] = page.evaluate(
        "pane => Fovea.main.panes[pane]?.layers.flatMap(l => l.boxes || []) ?? []", pane
    )
    return found


def shown(page: Page, picture: str) -> None:
    """Wait until the stage shows a picture of such a name."""
    expect(page.get_by_test_id("stage-canvas")).to_have_attribute("aria-label", re.compile(picture))


def test_the_first_photograph_fetches_its_network_by_itself(
    desk: BrowserContext, url: str, engine: LocalEngine, host: WeightHost
) -> None:
    page = seen_at(desk)
    host.files["/tiny.pth"].manners[:] = ["403"]
    page.goto(url)
    expect(page.locator("#verdict")).to_contain_text("403")
    host.files["/tiny.pth"].manners[:] = ["stall", "honest"]
    page.locator("#fetch").click()
    expect(page.locator("#verdict")).to_contain_text("Fetching tiny")
    page.locator("#stop").click()
    expect(page.locator("#verdict")).to_contain_text("Stopped")
    page.wait_for_timeout(300)
    expect(page.locator("#verdict")).to_contain_text("Stopped")  # and stays until something else is asked
    page.locator("#fetch").click()
    expect(page.locator("#verdict .answer h3")).to_contain_text("%")
    expected = float(asked(engine, FIRST, "V1").scores.max())
    assert verdict(page)[1] == pytest.approx(expected, abs=0.0006)
    expect(page.locator("#fetch")).to_be_hidden()
    assert engine.present("tiny")


@pytest.mark.long
def test_every_sample_is_classified_as_the_engine_says(visit: Watched, engine: LocalEngine) -> None:
    page = visit.page
    choose(page, UNTRAINED)
    for one in samples():
        page.get_by_test_id(f"sample:{one.name}").click()
        shown(page, re.escape(one.title))
        answer = asked(engine, f"sample:{one.name}")
        best = int(answer.order[0])
        expect(page.locator("#verdict .answer h3")).to_have_text(f"{answer.names[best]} · {answer.scores[best]:.1%}")
        expect(page.locator("#chart .bartext")).to_have_count(min(5, len(answer.names)))
        expect(page.locator("#chart .bartext").last).to_have_text(f"{answer.scores[best]:.1%}")
        assert bars(page) == pytest.approx([100 * float(answer.scores[i]) for i in answer.order], abs=0.06)


def test_what_the_network_saw_is_drawn_and_ten_crops_are_averaged(visit: Watched, engine: LocalEngine) -> None:
    page = visit.page
    choose(page, UNTRAINED)
    page.wait_for_function("Fovea.main.panes[0].layers.length === 1")
    assert boxes(page) == [pytest.approx(asked(engine, FIRST).windows[0].tolist(), abs=0.02)]
    page.get_by_label("ten crops").check()
    page.wait_for_function("Fovea.main.panes[0].layers[0].boxes.length === 5")
    answer = asked(engine, FIRST, crops=10)
    expect(page.locator("#verdict .answer h3")).to_contain_text(f"{answer.scores.max():.1%}")
    expect(page.locator("#verdict .crops")).to_contain_text("By its centre alone")


@pytest.mark.long
def test_raw_scores_are_the_logits(visit: Watched, engine: LocalEngine) -> None:
    page = visit.page
    choose(page, UNTRAINED)
    page.get_by_label("raw scores").check()
    answer = asked(engine, FIRST)
    expect(page.locator("#chart .bartext").last).to_have_text(f"{answer.logits[0, answer.order[0]]:.2f}")
    assert bars(page) == pytest.approx([float(answer.logits[0, i]) for i in answer.order], abs=0.006)


def test_networks_answer_side_by_side(visit: Watched, engine: LocalEngine) -> None:
    page = visit.page
    choose(page, UNTRAINED, "bare, never trained")
    cards = page.locator("#verdict .answer")
    expect(cards).to_have_count(2)
    expect(cards.nth(1)).to_contain_text("bare")
    page.wait_for_function("Fovea.main.panes.length === 2")
    assert page.evaluate("Fovea.main.panes.map(p => p.title)") == ["tiny · random", "bare · random"]
    expect(page.locator("#chart .bartext")).to_have_count(4 + 5)
    expect(cards.first).to_contain_text("never trained: the scores mean nothing")


@pytest.mark.long
def test_variations_are_the_engines(visit: Watched, engine: LocalEngine) -> None:
    page = visit.page
    choose(page, UNTRAINED)
    page.locator("#varying > button").click()
    expect(page.locator("#throw-again")).to_be_visible()
    page.wait_for_timeout(500)  # the panel slides open
    page.locator("#throw-again").click()
    figures = page.locator("#varied figure")
    expect(figures).to_have_count(8)
    made = engine.run(Vary(engine.keep(open_picture(FIRST)), "tiny", RANDOM, seed=1))
    for i, text in enumerate(figures.all_inner_texts()):
        assert text.startswith(f"{made.names[made.best[i]]} {made.scores[i]:.1%}")
        assert ("mirrored" in text) == bool(made.mirrored[i])
    page.get_by_label("left and right").uncheck()
    expect(page.locator("#varied")).not_to_contain_text("mirrored")


def test_a_picture_of_ones_own(visit: Watched, engine: LocalEngine, upload: Any) -> None:
    page = visit.page
    choose(page, UNTRAINED)
    upload(page, "turned.jpg", pictures.READ["I11-jpeg-6"].data)
    expect(page.locator("#note")).to_contain_text("EXIF")
    frame = read_image(pictures.READ["I11-jpeg-6"].data)
    answer = engine.run(Classify(engine.keep(frame), "tiny", RANDOM))
    height, width = frame.size
    shown(page, f"{width} by {height}")
    expect(page.locator("#verdict .answer h3")).to_contain_text(f"{answer.scores.max():.1%}")


BAD = [
    "I10-baseline-cut-50",
    *map(rare, ("I01-empty", "I03-html", "I05-400-megapixels", "I16-pdf", "I17-svg", "I15-gif-0")),
]


@pytest.mark.long
@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_a_sentence_and_nothing_is_lost(visit: Watched, upload: Any, name: str) -> None:
    page = visit.page
    before = page.evaluate("Fovea.main.picture.id")
    upload(page, "holiday.png", pictures.REFUSED[name].data)
    expect(page.locator("#note")).to_contain_text("holiday.png")
    expect(page.locator("#note")).not_to_contain_text("Traceback")
    assert page.evaluate("Fovea.main.picture.id") == before


def test_a_name_with_markup_is_shown_as_text(visit: Watched, upload: Any) -> None:
    upload(visit.page, "<img src=x onerror=alert(1)>.png", b"not a picture")
    expect(visit.page.locator("#note")).to_contain_text("picture")
    assert visit.page.locator("#note img").count() == 0


@pytest.fixture(scope="module")
def lenet_url() -> Iterator[str]:
    """A page that asks the networks that ship with the project."""
    engine = LocalEngine("cpu", models())
    with served(engine) as address:
        yield address
    engine.close()


@pytest.mark.parametrize("label", [7, rare(1)])
def test_lenet_reads_a_digit_while_it_is_drawn(desk: BrowserContext, lenet_url: str, label: int) -> None:
    page = seen_at(desk)
    page.goto(f"{lenet_url}?picture={quote('scene:8')}")
    expect(page.locator("#verdict .answer").first).to_be_visible()  # what comes above moves no more
    page.locator("#sketching > button").click()
    field = page.get_by_test_id("sketch-canvas")
    expect(field).to_be_visible()
    page.wait_for_timeout(500)  # the panel slides open
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    strokes = {1: [(0.5, 0.15), (0.5, 0.85)], 7: [(0.25, 0.2), (0.75, 0.2), (0.45, 0.85)]}[label]
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in strokes]
    page.mouse.move(*points[0])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()
    expect(page.get_by_test_id("sketch-said")).to_contain_text(re.compile(rf"^{label} · \d"))
    sure = "label => document.querySelector(`[data-testid=sketch-${label}] meter`).value > 0.5"
    page.wait_for_function(sure, arg=label)  # of half a digit, seen on the way, it is less so
    page.get_by_test_id("sketch-clear").click()
    expect(page.get_by_test_id("sketch-said")).to_have_text("Draw here")


def test_uploads_leave_no_file_behind(visit: Watched, upload: Any) -> None:
    upload(visit.page, "mine.png", pictures.READ["I13-rgb"].data)
    shown(visit.page, "mine")
    assert not [path for path in Path(os.environ["GRADIO_TEMP_DIR"]).rglob("mine*") if path.is_file()]


def test_a_visit_leaves_no_thread(visit: Watched, engine: LocalEngine) -> None:
    before = sum(thread.name == "batcher" for thread in threading.enumerate())
    visit.page.get_by_test_id("sample:coffee").click()
    shown(visit.page, "coffee")
    assert np.isfinite(asked(engine, FIRST).scores).all()
    assert sum(thread.name == "batcher" for thread in threading.enumerate()) == before
