"""The Dense tab in a browser: the numbers on the page are the engine's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from explorer.engine.engine import LocalEngine
from explorer.records.averages import Averages
from explorer.records.dense import Dense, DenseMaps, difference
from explorer.records.flip import Flip
from explorer.records.place import Place
from explorer.sources.open import bundled
from tests import tiny
from tests.browser.conftest import Watched, address, expect_address, opened, seen_at
from tests.serving import served

pytestmark = pytest.mark.browser
ADDRESS = (
    "?tab=dense&picture=scene:8&dense.network=tiny:random&dense.scales=[0.35,0.5]&dense.shown=0.35&dense.class=green"
)
SCALES = (0.35, 0.5)


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry(build=tiny.Valid))
    yield made
    made.close()


@pytest.fixture
def watched(desk: BrowserContext, engine: LocalEngine) -> Iterator[Watched]:
    with served(engine) as url:
        made = Watched(seen_at(desk))
        opened(made.page, url + ADDRESS)
        yield made
    assert not made.errors and made.hosts == {"127.0.0.1"}


def answers(engine: LocalEngine) -> tuple[DenseMaps, DenseMaps]:
    picture = engine.keep(bundled("scene:8"))
    one, dense = (engine.run(Dense(picture, "tiny", "random", scales=SCALES, method=m)) for m in ("sliding", "dense"))
    return one, dense


def layers(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate("() => Fovea.main.panes.map(p => [p.title, ...p.layers.map(l => l.title)])")
    return found


def values(page: Page, place: str) -> list[float]:
    found: list[float] = page.locator(place).locator("data").evaluate_all("all => all.map(one => Number(one.value))")
    return found


def click(page: Page, x: float, y: float, pane: int) -> None:
    page.evaluate("document.querySelector('#stage').scrollIntoView()")
    place = page.evaluate("([x, y, pane]) => Fovea.main.toPage(x, y, pane)", [x, y, pane])
    page.mouse.click(place["x"], place["y"])


def test_the_page_says_what_the_engine_says(watched: Watched, engine: LocalEngine) -> None:
    """One visit: both ways at two scales, a click on a map, a layer flipped, an average in two orders."""
    page = watched.page
    expect(page.get_by_test_id("cost-dense")).to_contain_text("ms")
    page.wait_for_function("() => Fovea.main.layers().length === 3")
    page.locator("#slide").click()
    ratio = page.get_by_test_id("ratio-time")
    expect(ratio).to_be_visible(timeout=60_000)  # as many passes as windows
    one, dense = answers(engine)  # both were asked by the page: the engine's own times come back
    assert one.cached and dense.cached
    compared(page, one, dense)
    scales(page, one, dense)
    clicked(page, engine, one, dense)
    page.locator("#dense-flip > button").click()
    flipped(page, engine)
    page.locator("#dense-one > button").click()
    averaged(page, engine, dense)
    page.locator("#dense-why > button").click()
    expect(page.get_by_test_id("why-agree")).to_have_text("100.0%")
    expect(page.locator("#dense-why")).to_contain_text("Nothing is padded")


def compared(page: Page, one: DenseMaps, dense: DenseMaps) -> None:
    """Times, arithmetic, ratios, the largest difference, and what lies on the stage."""
    both = difference(one, dense)
    assert page.get_by_test_id("ratio-time").inner_text() == f"{one.ms / dense.ms:.1f}"
    assert page.get_by_test_id("ratio-macs").inner_text() == f"{one.macs / dense.macs:.1f}"
    assert page.get_by_test_id("max-abs").inner_text() == f"{both.max_abs:.3g}" and both.max_abs < 1e-4
    assert page.get_by_test_id("agree").inner_text() == "100.0%"
    for maps in (one, dense):
        row = page.get_by_test_id(f"cost-{maps.method}")
        expect(row).to_contain_text(f"{maps.positions:,}")
        expect(row.locator("output")).to_have_text(f"{maps.ms:,.0f}")
    page.wait_for_function("() => Fovea.main.panes.length === 3")
    assert [pane[0] for pane in layers(page)] == ["window by window", "all at once", "difference"]
    assert layers(page)[0][1:3] == layers(page)[1][1:3] == ["score of green", "where green is surest"]
    shown = page.evaluate("() => [...Fovea.main.panes[1].layers[0].values.slice(0, 5)]")
    assert shown == pytest.approx(dense.levels[0].scores[2].ravel()[:5].tolist(), abs=1e-6)


def scales(page: Page, one: DenseMaps, dense: DenseMaps) -> None:
    """A row a scale; another one on the stage, the slid windows still beside it."""
    for index, level in enumerate(dense.levels):
        row = page.get_by_test_id(f"scale-{level.scale:g}")
        expect(row).to_contain_text(f"{level.positions[0]} × {level.positions[1]}")
        wanted = [f"{maps.levels[index].ms:,.0f}" for maps in (one, dense)]
        assert row.locator("output").all_inner_texts() == wanted
    page.locator("#dense-shown").get_by_label("0.5").check()
    size = list(dense.levels[1].positions)
    page.wait_for_function("size => Fovea.main.panes.every(p => String(p.layers[0].size) === String(size))", arg=size)
    assert len(layers(page)) == 3
    expect_address(page, **{"dense.shown": "0.5", "dense.network": "tiny:random", "dense.class": "green"})


def clicked(page: Page, engine: LocalEngine, one: DenseMaps, dense: DenseMaps) -> None:
    """A place on the difference map: its window, three computations of its logits, and the address."""
    row, column = 20, 30
    x0, y0, x1, y1 = dense.windows(1)[row, column].tolist()
    click(page, (x0 + x1) / 2, (y0 + y1) / 2, 2)
    expect(page.locator("#dense-place")).to_contain_text(f"Row {row}, column {column}:")
    found = engine.run(Place(engine.keep(bundled("scene:8")), "tiny", "random", dense.stride, SCALES[1], row, column))
    assert found.cached and np.allclose(found.logits[0], one.levels[1].logits[:, row, column], atol=1e-6)
    logits = [[*found.logits[:, i], found.logits[1, i] - found.logits[0, i]] for i in found.order(4)]
    assert values(page, "#dense-place") == pytest.approx([value for line in logits for value in line], abs=1e-6)
    said = page.get_by_test_id("place-dense").get_attribute("data-value")
    assert float(said or "nan") == pytest.approx(found.apart("dense", "sliding"), abs=1e-9)
    drawn = page.evaluate("() => Fovea.main.panes.map(p => p.layers.at(-1).boxes?.[0])")
    assert drawn == [pytest.approx([x0, y0, x1, y1], abs=0.02)] * 3
    kept = [float(side) for side in address(page)["dense.at"].split(",")]
    assert kept == pytest.approx([(x0 + x1) / 2, (y0 + y1) / 2], abs=2)


def flipped(page: Page, engine: LocalEngine) -> None:
    expect(page.get_by_test_id("flip-table")).to_be_visible()
    found = engine.run(Flip(engine.keep(bundled("scene:8")), "tiny", "random", SCALES[1]))
    apart = [*(layer.convolution for layer in found.layers), *(layer.product for layer in found.layers)]
    assert found.cached and values(page, "#dense-flip") == apart and max(apart) < 1e-5
    expect(page.get_by_test_id("flip-map")).to_have_text(f"{found.map[0]} × {found.map[1]}")


def averaged(page: Page, engine: LocalEngine, dense: DenseMaps) -> None:
    apart = page.get_by_test_id("averages-apart")
    expect(apart).to_be_visible()
    asked = Averages(engine.keep(bundled("scene:8")), "tiny", "random", dense.stride, SCALES[1])
    found = engine.run(asked)
    assert found.cached and float(apart.get_attribute("data-value") or "nan") == found.apart < 1e-4
    best = int(dense.pooled.argmax())
    expect(page.get_by_test_id("one-overfeat")).to_contain_text(f"{dense.names[best]} {dense.pooled[best]:.1%}")


def test_a_pointer_reads_a_cell_and_a_finer_stride_has_more(watched: Watched, engine: LocalEngine) -> None:
    page = watched.page
    page.wait_for_function("() => Fovea.main.layers().length === 3")
    _, dense = answers(engine)
    x0, y0, x1, y1 = dense.windows()[20, 30].tolist()
    place = page.evaluate("([x, y]) => Fovea.main.toPage(x, y)", [(x0 + x1) / 2, (y0 + y1) / 2])
    page.mouse.move(place["x"], place["y"])
    score = float(dense.levels[0].scores[2, 20, 30])
    expect(page.get_by_test_id("stage-readout")).to_contain_text(re.compile(re.escape(f"{score:.4g}".rstrip("0"))))
    page.get_by_label("half as far").check()
    expect_address(page, **{"dense.stride": "fine", "dense.scales": "[0.35,0.5]"})
    finer = engine.run(Dense(engine.keep(bundled("scene:8")), "tiny", "random", 2, SCALES))
    expect(page.get_by_test_id("cost-dense")).to_contain_text(f"{finer.positions:,}")
    assert len(layers(page)) == 1
