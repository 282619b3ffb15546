"""The Dense tab in a browser: the numbers on the page are the engine's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from explorer.engine.engine import LocalEngine
from explorer.records.dense import Dense, DenseMaps, difference
from explorer.sources.open import bundled
from tests import tiny
from tests.browser.conftest import Watched, expect_address, opened
from tests.serving import served

pytestmark = pytest.mark.browser
ADDRESS = "?tab=dense&picture=scene:8&dense.network=tiny:random&dense.scale=0.4&dense.class=green"


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry(build=tiny.Valid))
    yield made
    made.close()


@pytest.fixture
def watched(browser: Browser, engine: LocalEngine) -> Iterator[Watched]:
    with served(engine) as url:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        made = Watched(context.new_page())
        opened(made.page, url + ADDRESS)
        yield made
        context.close()
    assert not made.errors and made.hosts == {"127.0.0.1"}


def answers(engine: LocalEngine) -> tuple[DenseMaps, DenseMaps]:
    picture = engine.keep(bundled("scene:8"))
    one, dense = (engine.run(Dense(picture, "tiny", "random", scales=(0.4,), method=m)) for m in ("sliding", "dense"))
    return one, dense


def layers(page: Any) -> list[list[str]]:
    found: list[list[str]] = page.evaluate("() => Fovea.main.panes.map(p => [p.title, ...p.layers.map(l => l.title)])")
    return found


def test_the_times_the_ratios_and_the_difference_are_the_engines(watched: Watched, engine: LocalEngine) -> None:
    page = watched.page
    expect(page.get_by_test_id("cost-dense")).to_contain_text("ms")
    page.wait_for_function("() => Fovea.main.layers().length === 2")
    page.locator("#slide").click()
    ratio = page.get_by_test_id("ratio-time")
    expect(ratio).to_be_visible(timeout=60_000)  # as many passes as windows
    one, dense = answers(engine)  # both were asked by the page: the engine's own times come back
    assert one.cached and dense.cached and one.positions == dense.positions == 46 * 62
    both = difference(one, dense)
    assert ratio.inner_text() == f"{one.ms / dense.ms:.1f}"
    assert page.get_by_test_id("ratio-macs").inner_text() == f"{one.macs / dense.macs:.1f}"
    assert page.get_by_test_id("max-abs").inner_text() == f"{both.max_abs:.3g}" and both.max_abs < 1e-4
    assert page.get_by_test_id("agree").inner_text() == "100.0%"
    for maps in (one, dense):
        row = page.get_by_test_id(f"cost-{maps.method}")
        expect(row).to_contain_text("2,852")
        expect(row.locator("output")).to_have_text(f"{maps.ms:,.0f}")
    page.wait_for_function("() => Fovea.main.panes.length === 3")
    assert [pane[0] for pane in layers(page)] == ["window by window", "all at once", "difference"]
    assert layers(page)[0][1:] == layers(page)[1][1:] == ["score of green", "where green is surest"]
    shown = page.evaluate("() => [...Fovea.main.panes[1].layers[0].values.slice(0, 5)]")
    assert shown == pytest.approx(dense.levels[0].scores[2].ravel()[:5].tolist(), abs=1e-6)


def test_a_click_reads_a_cell_and_the_address_keeps_every_setting(watched: Watched, engine: LocalEngine) -> None:
    page = watched.page
    page.wait_for_function("() => Fovea.main.layers().length === 2")
    _, dense = answers(engine)
    x0, y0, x1, y1 = dense.windows()[20, 30].tolist()
    place = page.evaluate("([x, y]) => Fovea.main.toPage(x, y)", [(x0 + x1) / 2, (y0 + y1) / 2])
    page.mouse.move(place["x"], place["y"])
    score = float(dense.levels[0].scores[2, 20, 30])
    expect(page.get_by_test_id("stage-readout")).to_contain_text(re.compile(re.escape(f"{score:.4g}".rstrip("0"))))
    page.get_by_label("half as far").check()
    expect_address(page, **{"dense.stride": "fine", "dense.network": "tiny:random", "dense.class": "green"})
    expect(page.get_by_test_id("cost-dense")).to_contain_text("11,193")
    assert json.loads(page.evaluate("() => JSON.stringify(Fovea.main.panes.length)")) == 1
