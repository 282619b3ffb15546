"""The page's address: opened, it restores everything exactly; a bad one opens the page and says so."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests import pictures
from tests.browser.conftest import Watched, address, classified, expect_address, opened, opens, rare, seen_at, shows
from tests.probe import Probe

pytestmark = pytest.mark.browser


def test_a_link_opens_exactly_what_it_was_copied_from(browser: Browser, desk: BrowserContext, bench_url: str) -> None:
    page = seen_at(desk)
    opened(page, bench_url)
    opens(page, "scene")
    page.locator("#scene-seed input").fill("42")
    page.get_by_label("easy").check()
    page.locator("#scene-things input[type=number]").fill("4")
    page.locator("#scene-draw").click()
    shows(page, "Streetscape 42, easy")
    page.get_by_role("tab", name="Beta").click()
    page.locator("#beta-count").get_by_label("ten").check()
    slider = page.locator("#beta-share input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.locator("#beta-deep").get_by_label("Deep").check()
    page.locator("#beta-word textarea, #beta-word input").fill("a & b = ü?#/\"'")
    page.locator("#beta-many input").click()
    page.get_by_role("option", name="b").click()
    page.get_by_role("option", name="c").click()
    page.keyboard.press("Escape")
    wanted = {
        "tab": "beta",
        "picture": "scene:42:easy:4",
        "beta.kind": "tree",
        "beta.part": "leaf",
        "beta.count": "10",
        "beta.share": "0.6",
        "beta.deep": "true",
        "beta.word": "a & b = ü?#/\"'",
        "beta.many": '["b","c"]',
    }
    expect_address(page, **wanted)
    desk.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_test_id("tool-link").click()
    expect(page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url

    context = browser.new_context()
    other = context.new_page()
    opened(other, link)
    assert address(other) == wanted
    shows(other, "Streetscape 42, easy")
    expect(other.get_by_role("tab", name="Beta")).to_have_attribute("aria-selected", "true")
    expect(other.locator("#beta-said")).to_contain_text("('tree', 'leaf', 10, 0.6, True,")
    expect(other.locator("#beta-said")).to_contain_text("['b', 'c'])")
    expect(other.locator("#beta-count").get_by_label("ten")).to_be_checked()
    expect(other.locator("#beta-word textarea, #beta-word input")).to_have_value(wanted["beta.word"])
    expect(other.locator("#scene-seed input")).to_have_value("42")
    expect(other.locator("#scene-things input[type=number]")).to_have_value("4")
    expect(other.locator("#scene-draw")).to_be_visible()
    expect(other.locator("#note")).to_be_hidden()
    context.close()


def test_controls_of_tabs_that_are_not_chosen_travel_too(desk: BrowserContext, bench_url: str) -> None:
    page = seen_at(desk)
    opened(page, f"{bench_url}?tab=alpha&gamma.kind=fish&gamma.part=tail&gamma.share=0.2&picture=sample:coffee")
    kept = {"gamma.kind": "fish", "gamma.part": "tail", "gamma.share": "0.2", "picture": "sample:coffee"}
    assert kept.items() <= address(page).items() and "beta.kind" not in address(page)
    page.get_by_role("tab", name="Gamma").click()
    expect(page.locator("#gamma-said")).to_contain_text("('fish', 'tail', 1, 0.2, False")
    expect(page.locator("#gamma-part input")).to_have_value("tail")


@pytest.mark.parametrize("link", ["", "tab=beta&"])
def test_a_tab_chosen_before_the_page_has_its_values_stays_chosen(
    desk: BrowserContext, bench_url: str, probes: list[Probe], link: str
) -> None:
    page = seen_at(desk)
    probes[0].awake.clear()
    try:
        page.goto(f"{bench_url}?{link}gamma.kind=fish&gamma.part=tail")
        shows(page, "Chelsea the cat")
        expect(page.get_by_role("tab", name="Beta" if link else "Alpha")).to_have_attribute("aria-selected", "true")
        page.get_by_role("tab", name="Gamma").click()
        expect(page.locator("#gamma-said")).to_contain_text("nothing yet")
    finally:
        probes[0].awake.set()
    expect(page.locator("#gamma-said")).to_contain_text("('fish', 'tail'")
    expect(page.locator("#gamma-part input")).to_have_value("tail")
    expect(page.get_by_role("tab", name="Gamma")).to_have_attribute("aria-selected", "true")
    expect_address(page, **{"tab": "gamma", "gamma.part": "tail"})


def test_every_control_of_classify_is_restored(desk: BrowserContext, url: str) -> None:
    page = seen_at(desk)
    wanted = {
        "tab": "classify",
        "picture": "scene:8",
        "classify.networks": '["tiny:random"]',
        "classify.crops": "10",
        "classify.bars": "raw",
        "classify.top": "3",
        "classify.ways": '["mirror"]',
        "classify.throw": "4",
    }
    opened(page, f"{url}?{'&'.join(f'{key}={quote(text)}' for key, text in wanted.items())}")
    assert address(page) == wanted
    expect(page.get_by_label("ten crops")).to_be_checked()
    expect(page.locator("#top input[type=range]")).to_have_value("3")
    expect(page.locator("#verdict")).to_contain_text("tiny")
    classified(page, "Streetscape 8")
    expect(page.locator("#note")).to_be_hidden()


@pytest.mark.parametrize(
    "bad",
    [
        "tab=nonsense",
        rare("picture=sample:nothing"),
        rare("picture=scene:x"),
        rare("picture=scene:7:impossible:3"),
        rare("picture=scene:7:hard:99999999"),
        "picture=../../etc/passwd",
        "alpha.count=3",
        rare("alpha.share=7"),
        rare("alpha.share=nan"),
        rare("alpha.share=1e999"),
        rare("alpha.share=0.55"),
        rare("alpha.deep=perhaps"),
        rare("alpha.kind=stone"),
        rare("alpha.part=fin"),
        rare("alpha.many=%5B%22z%22%5D"),
        rare("alpha.many=" + quote("[" * 200)),
        rare("alpha.word=" + "x" * 400),
        "nobody.home=1",
        rare("zoom=3"),
        quote("<img src=x onerror=alert(1)>") + "=" + quote("<script>alert(1)</script>"),
    ],
)
def test_a_bad_link_opens_the_page_and_says_so(desk: BrowserContext, bench_url: str, bad: str) -> None:
    watched = Watched(seen_at(desk))
    opened(watched.page, f"{bench_url}?{bad}")
    note = watched.page.locator("#note")
    expect(note).to_contain_text("asked for something that is not here")
    expect(note).to_contain_text(parse_qs(bad).popitem()[0][:20])
    assert note.locator("img, script").count() == 0
    expect(watched.page.locator("#alpha-said")).to_contain_text(
        "Chelsea the cat ('tree', 'leaf', 1, 0.5, False, '', [])"
    )
    assert address(watched.page)["picture"] == "sample:cat" and address(watched.page)["tab"] == "alpha"
    assert not watched.errors


def test_a_link_keeps_to_the_frameworks_own_words(desk: BrowserContext, bench_url: str) -> None:
    page = seen_at(desk)
    opened(page, f"{bench_url}?__theme=dark&tab=beta&utm_source=mail")
    expect(page.locator("body.dark")).to_have_count(1)
    expect(page.locator("#note")).to_be_hidden()
    assert address(page)["__theme"] == "dark" and address(page)["tab"] == "beta"
    page.get_by_test_id("tool-theme").click()
    page.wait_for_function("() => !location.search.includes('__theme')")


def test_an_uploaded_picture_is_in_no_link(desk: BrowserContext, bench_url: str, upload: Any) -> None:
    page = seen_at(desk)
    opened(page, bench_url)
    upload(page, "mine.png", pictures.READ["I13-rgb"].data)
    shows(page, "mine")
    desk.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_test_id("tool-link").click()
    expect(page.get_by_role("status").filter(has_text="not in it")).to_be_visible()
    assert "picture" not in page.evaluate("navigator.clipboard.readText()")
