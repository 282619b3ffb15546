"""The Detect tab in a browser: a clicked cell's numbers are the engine's, and suppression happens in the page."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from playwright.sync_api import BrowserContext, Page, expect
from torchvision.ops import batched_nms

from explorer.engine.engine import LocalEngine
from explorer.records.cell import Cell
from explorer.records.detect import Detect
from explorer.sources.open import bundled
from tests.browser.conftest import Watched, expect_address, opened, rare, seen_at
from tests.serving import served
from tests.tabs.test_detect import brought

pytestmark = pytest.mark.browser
RPN = "fasterrcnn_mobilenet_v3_large_320_fpn"
ADDRESS = "?tab=detect&picture=scene:8&detect.networks=%5B%22{}%22%5D&detect.view={}"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEngine]:
    made = brought(tmp_path_factory.mktemp("yolo"))
    yield made
    made.close()


@pytest.fixture
def watched(desk: BrowserContext, engine: LocalEngine) -> Iterator[tuple[Watched, str]]:
    with served(engine) as url:
        made = Watched(seen_at(desk))
        yield made, url
    assert not made.errors and made.hosts == {"127.0.0.1"}


def click(page: Page, x: float, y: float) -> None:
    page.evaluate("document.querySelector('#stage').scrollIntoView()")
    place = page.evaluate("([x, y]) => Fovea.main.toPage(x, y, 0)", [x, y])
    page.mouse.click(place["x"], place["y"])


def numbers(page: Page, table: str) -> list[float]:
    place = page.get_by_test_id(table).locator("data")
    found: list[float] = place.evaluate_all("all => all.map(one => Number(one.value))")
    return found


@pytest.mark.parametrize(
    ("model", "weights", "level", "cell"),
    [("own", "", 1, (1, 2)), rare(RPN, "random", 2, (1, 3))],
    ids=["yolo", "rpn"],
)
def test_a_clicked_cell_shows_the_engines_numbers(
    watched: tuple[Watched, str], engine: LocalEngine, model: str, weights: str, level: int, cell: tuple[int, int]
) -> None:
    """What it reads, and what the arithmetic makes of that, for the best box and for one that is chosen."""
    page, url = watched[0].page, watched[1]
    name = f"{model}:{weights}" if weights else model
    opened(page, url + ADDRESS.format(name, "cells"))
    expect(page.locator("#detect-inside")).to_contain_text("Row", timeout=90_000)  # two passes of a detector
    page.locator("#detect-level label").nth(level).click()
    row, column = cell
    picture = engine.keep(bundled("scene:8"))
    traced = engine.run(Detect(picture, model, weights, trace=True))
    assert traced.cached and traced.trace is not None
    chosen = [one for each in traced.trace.rounds for one in each.levels][level]
    page.wait_for_function(
        "rows => Fovea.main.panes[0].layers.some(one => one.kind === 'grid' && one.rows === rows)", arg=chosen.rows
    )
    x0, y0, x1, y1 = chosen.place
    click(page, x0 + (column + 0.5) * (x1 - x0) / chosen.columns, y0 + (row + 0.5) * (y1 - y0) / chosen.rows)
    expect(page.locator("#detect-inside")).to_contain_text(f"Row {row}, column {column} of {chosen.name}")
    wanted = engine.run(Cell(picture, model, level, row, column, weights))
    assert wanted.cached
    best = int(wanted.scores.argmax())
    other = 0 if best else 1
    for box in (best, other):
        if box == other:
            page.locator("#detect-box").get_by_label(f"{other + 1}", exact=True).check()
        expect(page.locator("#detect-inside")).to_contain_text(f"Box {box + 1}, step by step")
        shown = numbers(page, "cell-sums")
        assert shown[:4] == pytest.approx(wanted.read[box].tolist())
        assert shown[-4:] == pytest.approx(wanted.boxes[box].tolist())
    assert numbers(page, "cell-table") == pytest.approx(wanted.scores.tolist())
    drawn = page.evaluate("() => Fovea.main.panes[0].layers.at(-1).boxes")
    order = np.argsort(-wanted.scores, kind="stable")
    assert np.allclose(drawn, wanted.boxes[order], atol=0.006)
    expect_address(page, **{"detect.cell": f"{row},{column}", "detect.level": str(level), "detect.box": f"{other + 1}"})


def test_sliders_suppress_in_the_page_as_torchvision_does(watched: tuple[Watched, str], engine: LocalEngine) -> None:
    page, url = watched[0].page, watched[1]
    opened(page, url + ADDRESS.format("own", "before"))
    page.wait_for_function("() => Fovea.main.layers().some(one => one.title === 'before suppression')")
    answer = engine.run(Detect(engine.keep(bundled("scene:8")), "own", trace=True))
    assert answer.trace is not None
    contest = answer.trace.rounds[-1].contest
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def check(score: float, iou: float) -> int:
        high = contest.scores >= np.float32(score)
        parts = [torch.from_numpy(part[high]) for part in (contest.boxes, contest.scores, contest.groups)]
        kept = batched_nms(*parts, iou)
        total = f" of {len(contest.scores)} shown"
        expect(page.get_by_test_id("stage-count")).to_have_text(f"{len(kept)}{total}")
        return len(kept)

    counts = [check(0.25, round(contest.iou, 2))]
    for iou in (0.1, 0.8, 1.0):
        page.get_by_test_id("iou").fill(str(iou))
        counts.append(check(0.25, iou))
    page.get_by_test_id("score").fill("0.5")
    counts.append(check(0.5, 1.0))
    assert len(set(counts)) >= 4 and not asked
