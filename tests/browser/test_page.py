"""The page around the stage: tabs, presenting, settings, keys; nothing leaves this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from explorer.engine.engine import LocalEngine
from tests.browser.conftest import Watched, classified, expect_address, opened, opens, rare, seen_at, shows
from tests.probe import Probe
from tests.serving import served

pytestmark = pytest.mark.browser
NINE = ("Classify", "Dense", "Detect", "Segment", "Inside", "Field", "RoI", "Faces", "Live")


def test_only_the_chosen_tab_is_asked(desk: BrowserContext, bench_url: str, probes: list[Probe]) -> None:
    page = seen_at(desk)
    for probe in probes:
        probe.asked.clear()
    opened(page, bench_url)
    expect(page.locator("#alpha-said")).to_contain_text("Chelsea")
    assert [len(probe.asked) for probe in probes] == [1, 0, 0]
    page.get_by_test_id("sample:coffee").click()
    expect(page.locator("#alpha-said")).to_contain_text("coffee")
    assert [len(probe.asked) for probe in probes] == [2, 0, 0]
    page.get_by_role("tab", name="Gamma").click()
    expect(page.locator("#gamma-said")).to_contain_text("coffee")
    expect_address(page, tab="gamma")
    assert [len(probe.asked) for probe in probes] == [2, 0, 1]
    page.get_by_test_id("scene:8").click()
    expect(page.locator("#gamma-said")).to_contain_text("Streetscape 8")
    assert [len(probe.asked) for probe in probes] == [2, 0, 2]


def test_a_tab_that_breaks_is_asked_again(desk: BrowserContext, bench_url: str) -> None:
    page = seen_at(desk)
    opened(page, f"{bench_url}?tab=beta&beta.word=fail")
    working = page.locator("html.working")
    expect(working).to_have_count(0)
    page.get_by_test_id("sample:coffee").click()
    shows(page, "coffee")
    expect(working).to_have_count(0)
    page.locator("#beta-word textarea, #beta-word input").fill("well")
    expect_address(page, **{"beta.word": "well"})
    page.locator("#beta-count").get_by_label("ten").check()
    expect(page.locator("#beta-said")).to_contain_text("well")


def test_presenting_fills_the_screen_and_keys_lead_through_it(visit: Watched) -> None:
    page = visit.page
    stage, panel = page.locator("#stage"), page.locator("#tabs > .tabitem").first
    before = stage.bounding_box()
    page.keyboard.press("p")
    expect(page.locator("html.presenting")).to_have_count(1)
    expect(page.locator("#sources")).to_be_hidden()
    expect(panel).to_be_hidden()
    box = stage.bounding_box()
    size = page.evaluate("[innerWidth, innerHeight]")
    assert before and box and box["width"] > before["width"] and [box["width"], box["height"]] == size
    assert page.get_by_test_id("stage-canvas").bounding_box()["width"] > before["width"]  # type: ignore[index]
    page.keyboard.press("ArrowRight")
    shows(page, "Eileen")
    page.keyboard.press("PageDown")
    shows(page, "coffee")
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowLeft")
    shows(page, "Chelsea")
    page.keyboard.press("d")
    expect(panel).to_be_visible()
    page.get_by_label("ten crops").check()
    page.keyboard.press("ArrowLeft")  # the radio's own key: it changes no picture
    expect(page.get_by_label("centre crop")).to_be_checked()
    shows(page, "Chelsea")
    page.get_by_test_id("tool-drawer").click()
    expect(panel).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("html.presenting")).to_have_count(0)
    expect(panel).to_be_visible()
    page.get_by_test_id("tool-present").click()
    page.get_by_test_id("tool-leave").click()
    expect(page.locator("html.presenting")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    shows(page, "Chelsea")


def test_a_letter_typed_into_a_field_is_no_key_of_the_page(desk: BrowserContext, bench_url: str) -> None:
    page = seen_at(desk)
    opened(page, bench_url)
    page.locator("#alpha-word textarea, #alpha-word input").press_sequentially("pd")
    expect(page.locator("html.presenting")).to_have_count(0)


@pytest.mark.long
def test_settings_survive_a_reload(desk: BrowserContext, bench_url: str) -> None:
    page = seen_at(desk)
    opened(page, bench_url)
    size = "() => parseFloat(getComputedStyle(document.querySelector('#alpha-said p')).fontSize)"
    small = page.evaluate(size)
    page.get_by_test_id("tool-large").click()
    page.get_by_test_id("tool-theme").click()
    page.get_by_test_id("tool-theme").click()
    for _ in range(2):
        expect(page.locator("body.dark")).to_have_count(1)
        expect(page.locator("html.large")).to_have_count(1)
        expect(page.get_by_test_id("tool-large")).to_have_attribute("aria-pressed", "true")
        assert page.evaluate(size) >= 1.25 * small
        page.reload()
        opened(page, page.url)


@pytest.mark.long
def test_the_computers_colours_are_followed_until_one_is_chosen(desk: BrowserContext, bench_url: str) -> None:
    page = seen_at(desk, color_scheme="dark")
    opened(page, bench_url)
    expect(page.locator("body.dark")).to_have_count(1)
    page.get_by_test_id("tool-theme").click()
    expect(page.locator("body.dark")).to_have_count(0)
    page.emulate_media(color_scheme="light")
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(200)
    expect(page.locator("body.dark")).to_have_count(0)
    page.evaluate("localStorage.setItem('fovea.settings', '{broken')")
    opened(page, bench_url)
    expect(page.locator("body.dark")).to_have_count(1)


def test_on_a_phone_the_sources_open_by_a_button_and_close_by_a_choice(desk: BrowserContext, bench_url: str) -> None:
    page = seen_at(desk, 390, 844)
    opened(page, bench_url)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
    coffee = page.get_by_test_id("sample:coffee")
    expect(coffee).not_to_be_in_viewport()
    page.get_by_test_id("tool-pictures").click()
    expect(coffee).to_be_in_viewport()
    coffee.click()
    shows(page, "coffee")
    expect(coffee).not_to_be_in_viewport()
    stage, panel = page.locator("#stage").bounding_box(), page.locator("#tabs").bounding_box()
    assert stage and panel and panel["y"] >= stage["y"] + stage["height"]
    expect(page.locator("#alpha-said")).to_contain_text("coffee")


@pytest.fixture(scope="module")
def nine_url(engine: LocalEngine) -> Iterator[str]:
    """A page of as many tabs as there will be."""
    with served(engine, [Probe(title) for title in NINE]) as made:
        yield made


def apart(one: Any, other: Any) -> bool:
    """Two boxes share no point inside them."""
    beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    return beside or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("width", "height", "large", "rows"),
    [
        (1280, 720, True, 1),
        *(rare(390, 844, False, 2), rare(1280, 720, False, 1), rare(1440, 900, False, 1), rare(820, 1180, True, 2)),
    ],
)
def test_nine_tabs_are_all_in_sight(
    desk: BrowserContext, nine_url: str, width: int, height: int, large: bool, rows: int
) -> None:
    page = seen_at(desk, width, height)
    opened(page, nine_url)
    if large:
        page.get_by_test_id("tool-large").click()
    tabs = [page.get_by_role("tab", name=title, exact=True) for title in NINE]
    for title, tab in zip(NINE, tabs, strict=True):
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        expect_address(page, tab=title.lower())
    expect(page.get_by_role("button", name="More tabs")).to_be_hidden()
    page.evaluate("scrollTo(0, 0)")
    boxes = [tab.bounding_box() for tab in tabs] + [page.get_by_test_id("tools").bounding_box()]
    assert all(apart(one, other) for i, one in enumerate(boxes) for other in boxes[:i])
    assert len({box["y"] for box in boxes[:-1] if box}) == rows
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
    tabs[0].focus()
    for title, tab in zip(NINE, tabs, strict=True):
        expect(tab).to_be_focused()
        page.keyboard.press("Enter")
        expect_address(page, tab=title.lower())
        page.keyboard.press("Tab")


TEXTS = """() => [...document.querySelectorAll('#chart :is(.xtick text, .ytick text, .bartext)')].map((text) => {
  const { x, y, width, height } = text.getBoundingClientRect();
  return { x, y, width, height, px: parseFloat(getComputedStyle(text).fontSize) };
})"""


def chart_px(page: Page, large: bool) -> float:
    """The one size of all texts of the chart, which lie apart, inside the chart; waits until they are drawn."""
    bigger = (
        "large => large === parseFloat(getComputedStyle(document.querySelector('#chart .ytick text')).fontSize) > 16"
    )
    expect(page.locator("#chart .ytick text").first).to_be_visible()
    page.wait_for_function(bigger, arg=large)
    texts, chart = page.evaluate(TEXTS), page.locator("#chart .js-plotly-plot").bounding_box()
    assert len(texts) > 3 and chart
    for i, text in enumerate(texts):
        assert text["x"] >= chart["x"] and text["x"] + text["width"] <= chart["x"] + chart["width"]
        assert text["y"] >= chart["y"] and text["y"] + text["height"] <= chart["y"] + chart["height"]
        assert all(apart(text, other) for other in texts[:i])
    (size,) = {text["px"] for text in texts}
    return float(size)


@pytest.mark.long
def test_charts_grow_with_large_type(visit: Watched) -> None:
    page = visit.page
    classified(page, "Chelsea")
    normal = chart_px(page, large=False)
    large = page.get_by_test_id("tool-large")
    large.click()
    assert chart_px(page, large=True) >= 1.25 * normal
    page.get_by_test_id("sample:coffee").click()
    classified(page, "coffee")
    expect(page.locator("html.working")).to_have_count(0)
    assert chart_px(page, large=True) >= 1.25 * normal
    page.locator("#chart .point path").last.hover(force=True)
    best = page.locator("#chart .ytick text").last.text_content()
    hint = page.locator("#chart .hovertext text").first
    expect(hint).to_contain_text(f"{best}:")
    assert hint.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 16
    large.click()
    assert chart_px(page, large=False) == normal


def test_the_stage_stays_in_sight_beside_a_long_panel(visit: Watched) -> None:
    page = visit.page
    classified(page, "Chelsea")
    for fold in ("sketching", "varying"):
        page.locator(f"#{fold} > button").click()
    expect(page.get_by_test_id("sketch-canvas")).to_be_visible()
    page.wait_for_function("() => scrollTo(0, 1e6) || scrollY > 300")
    expect(page.get_by_test_id("stage-canvas")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1440, "height": 420})
    page.wait_for_function("() => scrollTo(0, 500) || scrollY === 500")
    expect(page.get_by_text("As a table")).to_be_in_viewport()


@pytest.mark.long
def test_every_control_is_reached_by_tab_and_shows_it(desk: BrowserContext, bench_url: str) -> None:
    page = seen_at(desk)
    opened(page, bench_url)
    reached: set[str] = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => {
          const e = document.activeElement, s = getComputedStyle(e);
          const seen = s.outlineStyle !== 'none' || s.boxShadow !== 'none' || e.matches('input, textarea, canvas');
          return (e.dataset.testid || e.id || e.closest('[id]')?.id || e.tagName) + (seen ? '' : ' unseen');
        }"""
        )
        reached.add(name)
    wanted = {"way-gallery-tab", "sample:cat", "scene:8", "tool-link", "tool-present", "tool-large", "tool-theme"}
    wanted |= {"stage-canvas", "tab-alpha-button", "zoom-in"}
    assert wanted <= reached, wanted - reached
    for control in ("kind", "part", "count", "share", "deep", "word", "many"):
        assert page.locator(f"#alpha-{control}").locator("input, textarea, button").count()
    page.get_by_test_id("way-gallery-tab").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("way-file-tab")).to_be_focused()
    expect(page.get_by_test_id("file-choose")).to_be_visible()


def test_nothing_is_asked_of_another_machine_though_the_page_can_be_installed(visit: Watched) -> None:
    page = visit.page
    manifest = page.request.get(page.url.partition("?")[0] + "manifest.json")
    assert manifest.json()["name"] == "Fovea" and manifest.json()["icons"]
    for icon in manifest.json()["icons"]:
        assert page.request.get(urljoin(page.url, str(icon["src"]))).ok
    links = page.evaluate(
        "[...document.querySelectorAll('link, script, img')].map(e => e.href || e.src).filter(Boolean)"
    )
    assert {urlparse(link).hostname for link in links if not link.startswith(("data:", "blob:"))} <= {"127.0.0.1"}
    page.get_by_role("tab", name="Classify").click()
    opens(page, "file")
    opens(page, "scene")
    assert visit.hosts == {"127.0.0.1"}
    assert json.loads(page.evaluate("localStorage.getItem('fovea.settings') || '{}'")) == {}


# faults that axe-core finds


def serious(page: Page) -> list[str]:
    """The serious and critical faults of the page as it stands, each with its place."""
    found = Axe().run(page).response
    assert len(found["passes"]) > 20
    return [
        f"{fault['id']}: {node['target']} {node['html'][:120]}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize(
    ("which", "width", "scheme"),
    [
        ("url", 1440, "light"),
        *(rare("url", width, scheme) for width, scheme in ((1440, "dark"), (390, "light"), (390, "dark"))),
        *(rare("bench_url", width, scheme) for width in (1440, 390) for scheme in ("light", "dark")),
    ],
)
def test_axe_finds_no_serious_fault(
    desk: BrowserContext, request: pytest.FixtureRequest, which: str, width: int, scheme: Any
) -> None:
    page = seen_at(desk, width, color_scheme=scheme, reduced_motion="reduce")
    opened(page, request.getfixturevalue(which))
    expect(page.locator("html.working")).to_have_count(0)
    assert serious(page) == []
    if width < 800:
        page.get_by_test_id("tool-pictures").click()
    for way in ("gallery", "file", "camera", "scene"):
        opens(page, way)
        if way == "camera":
            page.get_by_test_id("camera-open").click()
            expect(page.get_by_test_id("camera-take")).to_be_visible()
        assert serious(page) == [], way
    if width < 800:
        page.locator("#sources .toggle-button").click()
    page.locator("h1").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("p")
    page.keyboard.press("d")
    assert serious(page) == []


def test_axe_would_find_one(desk: BrowserContext, bench_url: str) -> None:
    page = seen_at(desk)
    opened(page, bench_url)
    page.evaluate("document.body.append(document.createElement('button'))")
    assert len(serious(page)) == 1
