"""What the stage says of its layers: tables, read-out, sliders, which picture they are about."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from torchvision.ops import batched_nms

from explorer.drawing.layers import Arrows, Boxes, DragBox, Grid, LabelMap, Pane, Points, Texts, View
from explorer.records.frame import Frame
from explorer.tabs.stage import nothing, seen, shown
from tests.browser.stage_page import FRAME, HEIGHT, WIDTH, Opened, maps, opened

pytestmark = pytest.mark.browser

__all__ = ["opened"]


def boxes(n: int = 300, seed: int = 0, **more: Any) -> Boxes:
    random = np.random.default_rng(seed)
    middle, side = random.uniform(0, 1, (n, 2)) * [WIDTH, HEIGHT], random.uniform(8, 60, (n, 2))
    corners = np.concatenate([middle - side / 2, middle + side / 2], axis=1).round(2).astype(np.float32)
    scores = np.sort(random.uniform(0, 1, n).round(3).astype(np.float32))[::-1].copy()
    groups = random.integers(0, 3, n)
    labels = tuple(("cat", "dog", "bus")[group] for group in groups)
    return Boxes("things", corners, labels, scores, groups, **more)


@pytest.mark.long
def test_nms_is_torchvisions_on_a_thousand_sets(opened: Opened) -> None:
    bare = opened()
    random = np.random.default_rng(3)
    sets, wanted = [], []
    for n in random.integers(0, 40, 1000):
        corner, side = random.integers(0, 120, (n, 2)) / 4, random.integers(0, 80, (n, 2)) / 4  # exact in float32
        found = np.concatenate([corner, corner + side], axis=1).astype(np.float32)
        scores = random.integers(0, 30, n).astype(np.float32) / 32  # with ties
        groups, iou = random.integers(0, 3, n), float(random.choice([0.0, 0.25, 0.3, 0.5, 0.75, 1.0]))
        kept = batched_nms(torch.from_numpy(found), torch.from_numpy(scores), torch.from_numpy(groups), iou)
        sets.append([found.tolist(), scores.tolist(), groups.tolist(), iou])
        wanted.append(kept.tolist())
    assert bare.page.evaluate("sets => sets.map((one) => Fovea.layer.nms(...one))", sets) == wanted
    assert sum(map(len, wanted)) < sum(len(one[0]) for one in sets)


def test_sliders_act_in_the_page_and_the_table_follows(opened: Opened) -> None:
    bare = opened()
    layer = boxes(300, score=0.3, iou=0.5, total=8732)
    bare.show(FRAME, Pane(layers=(layer,)))
    page = bare.page
    page.get_by_text("As a table").click()
    asked = len(bare.requests)
    found, scores, groups = (np.asarray(part) for part in (layer.boxes, layer.scores, layer.groups))

    def kept(score: float, iou: float) -> list[int]:
        high = np.flatnonzero(scores >= np.float32(score))
        parts = [torch.from_numpy(part[high]) for part in (found, scores, groups)]
        indices: list[int] = high[batched_nms(*parts, iou).numpy()].tolist()
        return indices

    def check(score: float, iou: float) -> None:
        left = kept(score, iou)
        count = page.get_by_test_id("stage-count")
        expect(count).to_have_text(f"{len(left)} of 300 shown, the best of 8,732")
        rows = bare.table()
        assert rows[0] == ["#", "label", "score", "x0", "y0", "x1", "y1"]
        assert len(rows) - 1 == min(len(left), 200) + (len(left) > 200)
        assert [float(cell) for cell in rows[1][3:]] == pytest.approx(layer.boxes[left[0]].tolist(), abs=0.006)
        assert [row[2] for row in rows[1:6]] == [f"{scores[i]:.3f}" for i in left[:5]]

    check(0.3, 0.5)
    page.get_by_test_id("score").fill("0.62")
    check(0.62, 0.5)
    page.get_by_test_id("iou").fill("0.1")
    check(0.62, 0.1)
    page.get_by_test_id("score").fill("0")
    page.get_by_test_id("iou").fill("1")
    check(0, 1)
    expect(page.get_by_test_id("stage-table")).to_contain_text("and 100 more")
    page.get_by_test_id("score").fill("0.4")
    bare.give(Pane(layers=(boxes(300, score=0.3, iou=0.5, total=8732),)))  # the next answer leaves the sliders alone
    check(0.4, 1)
    bare.give(Pane(layers=(boxes(300, score=0.7, iou=0.5, total=8732),)))  # another start does not
    check(0.7, 0.5)
    assert len(bare.requests) == asked and bare.page.evaluate("() => picture.events") == []


def test_every_layer_has_a_table(opened: Opened) -> None:
    bare = opened()
    labels, heat = maps()
    found = np.asarray([[1, 2, 3.5, 4]], np.float32)
    marks = (
        labels,
        heat,
        Boxes("crop", found),
        Grid("cells", 4, 5, (50, 40, 150, 120)),
        Points("peaks", found[:, :2], ("top",)),
        Arrows("shift", found),
        Texts("words", ((9.0, 8.0, "<b>hello</b>"),)),
        DragBox("region", (10, 20, 30, 40), "drag"),
    )
    bare.show(FRAME, Pane("left", marks), Pane("right"))
    bare.page.get_by_text("As a table").click()
    expect(bare.page.locator("caption")).to_have_text([f"left: {layer.title}" for layer in marks])
    sky, road = 125 * 180, 125 * 180
    assert bare.table(0) == [["class", "cells", "share"], ["road", str(road), "45%"], ["sky", str(sky), "45%"]]
    assert bare.table(1)[:2] == [["row", "0", "1", "2", "3"], ["0", "no value", "1", "2", "3"]]
    assert bare.table(2)[1] == ["1", "1", "2", "3.5", "4"]
    assert bare.table(3)[1] == ["4", "5", "50", "40", "150", "120"]
    assert bare.table(4)[1] == ["1", "top", "1", "2"]
    assert bare.table(5)[1] == ["1", "1", "2", "3.5", "4"]
    assert bare.table(6)[1] == ["<b>hello</b>", "9", "8"]
    assert bare.table(7)[1] == ["10", "20", "30", "40"]
    assert bare.page.locator("th:not([scope=col])").count() == 0
    expect(bare.page.get_by_test_id("stage-canvas")).to_have_attribute(
        "aria-label", f"ramp, {WIDTH} by {HEIGHT} pixels; 2 panes; 8 layers"
    )


def test_the_read_out_says_value_class_and_smallest_box(opened: Opened) -> None:
    bare = opened()
    labels, heat = maps()
    two = np.asarray([[100, 40, 240, 190], [130, 60, 160, 90]], np.float32)
    named = Boxes("things", two, ("bus", "cat"), np.asarray([0.9, 0.8], np.float32))
    bare.show(FRAME, Pane(layers=(labels, heat, named)))
    readout = bare.page.get_by_test_id("stage-readout")
    expect(readout).to_have_text(f"ramp, {WIDTH} by {HEIGHT} pixels")
    for (x, y), wanted in {(140.5, 75.5): "sky · 6 logit · cat 80%", (110.5, 75.5): "road · 6 logit · bus 90%"}.items():
        bare.page.mouse.move(*bare.at(x, y))
        expect(readout).to_have_text(f"x {x}, y {y} · rgb {int(x)} {int(y)} 77 · {wanted}")
    bare.page.mouse.move(*bare.at(10.5, 30.5))
    expect(readout).to_have_text("x 10.5, y 30.5 · rgb 10 30 77 · road · no value")
    expect(readout).to_have_attribute("aria-live", "off")
    scale = bare.page.get_by_test_id("stage-scale")
    expect(scale).to_contain_text("logit")
    assert scale.locator(".ticks span").all_text_contents() == ["0", "5.5", "11"]


def test_layers_of_another_picture_wait_for_it(opened: Opened) -> None:
    bare = opened()
    other = Frame(255 - FRAME.pixels, "other")
    pane = Pane(layers=(Boxes("crop", np.asarray([[1, 2, 3, 4]], np.float32)),))
    bare.show(FRAME, pane, about=other.id)
    chips = bare.page.get_by_test_id("layer")
    expect(chips).to_have_count(0)
    bare.show(other)
    expect(chips).to_have_count(1)
    bare.show(FRAME)
    expect(chips).to_have_count(0)
    bare.give(pane)
    expect(chips).to_have_count(1)
    bare.page.evaluate("value => { layers.give(value) }", nothing)
    expect(chips).to_have_count(0)
    bare.page.evaluate("value => { picture.give(value) }", nothing)
    expect(bare.page.get_by_text("No picture yet.")).to_be_visible()


def test_what_is_decoded_too_late_is_not_drawn(opened: Opened) -> None:
    bare = opened()
    bare.show()
    slow = Pane(layers=(LabelMap("slow", np.zeros((1500, 1500), np.uint8), {0: "a"}, {0: (1, 2, 3)}),))
    fast = Pane(layers=(Boxes("fast", np.asarray([[1, 2, 3, 4]], np.float32)),))
    both = "all => Promise.all(all.map((one) => Fovea.main.setLayers(JSON.parse(one))))"
    bare.page.evaluate(both, [seen(View(FRAME.id, (slow,))), seen(View(FRAME.id, (fast,)))])
    assert bare.page.get_by_test_id("layer").all_text_contents() == ["fast"]


def test_what_comes_while_the_stage_is_hidden_is_there_when_it_is_seen(opened: Opened) -> None:
    bare = opened()
    bare.show(FRAME, Pane("one"), Pane("two"))
    hide = "value => { document.getElementById('picture').style.display = value }"
    bare.page.evaluate(hide, "none")
    bare.page.wait_for_function("() => Fovea.main.cells.length === 0")
    bare.give(Pane(layers=(Boxes("crop", np.asarray([[1, 2, 3, 4]], np.float32)),)))
    bare.page.evaluate(hide, "")
    bare.page.wait_for_function("() => Fovea.main.cells.length === 1")
    bare.page.mouse.click(*bare.at(200, 150))
    assert bare.events("pick")[-1]["x"] == pytest.approx(200, abs=0.01)


def test_a_stage_mounted_again_takes_over_with_its_layers(opened: Opened) -> None:
    bare = opened()
    bare.show(FRAME, Pane(layers=(Boxes("crop", np.asarray([[1, 2, 3, 4]], np.float32)),)))
    bare.page.evaluate("value => { window.picture = mount('stage', 'picture', value) }", shown(FRAME))
    expect(bare.page.get_by_test_id("layer")).to_have_text(["crop"])
    expect(bare.page.get_by_test_id("stage-canvas")).to_have_count(1)
    bare.page.mouse.click(*bare.at(10, 10))
    assert len(bare.events("pick")) == 1


def test_what_this_browser_keeps(opened: Opened) -> None:
    bare = opened()
    pane = Pane(layers=maps())
    bare.show(FRAME, pane)
    bare.page.get_by_test_id("opacity").fill("0.2")
    bare.page.get_by_role("button", name="evidence").click()
    bare.visit()
    bare.show(FRAME, pane)
    expect(bare.page.get_by_test_id("opacity")).to_have_value("0.2")
    expect(bare.page.get_by_role("button", name="evidence")).to_have_attribute("aria-pressed", "false")
    expect(bare.page.get_by_role("button", name="classes")).to_have_attribute("aria-pressed", "true")
    bare.page.mouse.move(*bare.at(140, 100))
    expect(bare.page.get_by_test_id("stage-readout")).not_to_contain_text("logit")


def test_texts_of_others_stay_texts(opened: Opened) -> None:
    bare = opened()
    evil = "<img src=x onerror=document.title='owned'>${1+1}"
    view = Pane(layers=(Boxes(evil, np.asarray([[1, 2, 3, 4]], np.float32), (evil,)),))
    bare.show(Frame(FRAME.pixels, evil), view)
    bare.page.get_by_text("As a table").click()
    assert bare.table()[1][1] == evil
    assert bare.page.get_by_test_id("layer").all_text_contents() == [evil]
    expect(bare.page.get_by_test_id("stage-readout")).to_contain_text(evil)
    assert bare.page.title() != "owned" and bare.page.locator("img").count() == 0


def test_a_picture_that_cannot_be_read_says_so(opened: Opened) -> None:
    bare = opened()
    bare.show()
    damaged = json.dumps({"picture": "data:image/png;base64,AAAA", "id": "x", "size": [3, 4]})
    bare.page.evaluate("value => { picture.give(value) }", damaged)
    expect(bare.page.get_by_text("This picture could not be shown.")).to_be_visible()


def test_what_is_no_number_travels_as_null() -> None:
    boxes_with_nan = Boxes("things", np.asarray([[0, 0, np.nan, 5]], np.float32))
    sent = json.loads(seen(View("id", (Pane(layers=(boxes_with_nan,)),))))
    assert sent["panes"][0]["layers"][0]["boxes"] == [[0, 0, None, 5]]
    told = json.loads(shown(FRAME))
    assert told["id"] == FRAME.id and told["size"] == [HEIGHT, WIDTH] and told["picture"].startswith("data:image/png")
