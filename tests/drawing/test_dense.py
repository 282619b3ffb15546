"""Sliding and dense maps as layers, tables and a chart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from explorer.drawing.dense import dense_view, surest, surest_cell
from explorer.drawing.dense_cards import causes, cost_curve, costs
from explorer.drawing.layers import Boxes, Grid, HeatMap
from explorer.records.dense import Causes, DenseMaps, Level, Method

NAMES = ("cat", "<b>", "background")


def maps(method: Method = "dense", shift: float = 0.0, **more: Any) -> DenseMaps:
    """2x3 places 20 px apart of 30 px windows in a picture of 100x80, seen at half its size; cat at row 1, column 2."""
    logits = np.zeros((3, 2, 3), np.float32)
    logits[2] = 2
    logits[0, 1, 2] = 5
    logits[1, 0, 0] = 1 + shift
    level = Level(0.5, (50, 70), logits, 40.0 if method == "sliding" else 10.0, 6_000_000_000)
    known: dict[str, Any] = {
        "device": "cpu", "precision": "fp32", "size": (100, 140), "window": (30, 30), "stride": 20, "strides": (20, 10),
        "names": NAMES, "levels": (level,), "linears": (("fc", (4, 3, 6, 6)), ("last", (3, 4, 1, 1))),
        "window_macs": 4440, "curve": ((1, 4440), (4, 8000)),
    }  # fmt: skip
    return DenseMaps("net", "random", method=method, **(known | more))


def test_each_cell_lies_about_the_middle_of_its_window() -> None:
    view = dense_view([maps()], 0, "id")
    heat, best = view.panes[0].layers
    assert isinstance(heat, HeatMap) and heat.place == (10, 10, 130, 90) and heat.title == "score of cat"
    assert heat.values[1, 2] == pytest.approx(np.exp(5) / (np.exp(5) + np.exp(2) + 1), abs=1e-6)
    assert isinstance(best, Boxes) and best.boxes.tolist() == [[80, 40, 140, 100]] and best.labels == ("cat",)
    assert best.scores is not None and best.scores[0] == heat.values[1, 2] and view.panes[0].title == ""


def test_two_answers_stand_beside_what_differs() -> None:
    view = dense_view([maps("sliding"), maps(shift=0.25)], 1, "id")
    assert [pane.title for pane in view.panes] == ["window by window", "all at once", "difference"]
    (apart,) = view.panes[2].layers
    assert isinstance(apart, HeatMap) and apart.high == pytest.approx(0.25) and apart.values[0, 0] == apart.high
    assert apart.values[1].max() == 0


def test_another_scale_can_be_drawn_and_a_march_may_not_have_come_there() -> None:
    larger = Level(1.0, (100, 140), np.random.default_rng(0).normal(size=(3, 4, 6)).astype(np.float32), 5.0, 7)
    dense = maps(levels=(maps().levels[0], larger))
    heat, best = dense_view([dense], 0, "id", 1).panes[0].layers
    assert isinstance(heat, HeatMap) and heat.values.shape == (4, 6) and heat.place == (5, 5, 125, 85)
    row, column = surest_cell(dense, 0, 1) or (9, 9)
    assert isinstance(best, Boxes) and best.boxes[0].tolist() == dense.windows(1)[row, column].tolist()
    assert heat.values[row, column] == heat.values.max()
    assert [pane.title for pane in dense_view([maps("sliding"), dense], 0, "id", 0).panes][2:] == ["difference"]
    assert [pane.title for pane in dense_view([maps("sliding"), dense], 0, "id", 1).panes] == [""]


def test_every_pane_can_be_clicked_and_marks_the_chosen_place() -> None:
    view = dense_view([maps("sliding"), maps()], 0, "id", 0, (1, 2), "clicked")
    for pane in view.panes:
        grid, marked = pane.layers[-2:]
        assert isinstance(grid, Grid) and (grid.rows, grid.columns, grid.event) == (2, 3, "clicked") and grid.bare
        assert grid.place == (10, 10, 130, 90)
        assert isinstance(marked, Boxes) and marked.boxes.tolist() == [[80, 40, 140, 100], [90, 50, 130, 90]]
    plain = dense_view([maps()], 0, "id").panes[0].layers
    assert not any(isinstance(layer, Grid) for layer in plain) and len(plain) == 2


def test_windows_that_have_not_come_are_blank() -> None:
    begun = maps("sliding")
    begun.levels[0].logits[:] = np.nan
    view = dense_view([begun, maps()], 0, "id")
    assert len(view.panes[0].layers) == 1 and len(view.panes[1].layers) == 2
    assert "ratio-time" not in costs([begun, maps()])


def test_background_is_nothing_to_be_sure_of() -> None:
    assert surest(maps()) == 0
    assert surest(maps(names=("cat", "<b>", "sky"))) == 0
    quiet = maps()
    quiet.levels[0].logits[0] = -3
    assert surest(quiet) == 1


def test_costs_and_ratios_are_those_of_the_answers() -> None:
    html = costs([maps("sliding", notes=("a <note>",)), maps(shift=0.25, cached=True)])
    assert '<output data-testid="ratio-time">4.0</output>' in html and "(cached)" in html
    assert '<output data-testid="max-abs">0.25</output>' in html and 'data-testid="agree">100.0%<' in html
    assert "a &lt;note&gt;" in html and "<td>6</td>" in html and "6.00 G" in html
    assert "ratio-time" not in costs([maps()])


def test_causes_name_their_layers() -> None:
    html = causes([maps(causes=Causes(padded=("a", "b", "c", "d", "e", "<f>"), whole=("se",)))])
    assert "a, b, c, d and 2 more" in html and ">se<" in html and "ceil_mode" not in html
    assert html.count("<tr data-testid") == 2 and "Slide the window" in html
    every = causes([maps(causes=Causes(("a",), ("<p>",), ("se",)))])
    for name, words, layer in (
        ("padded", "zeros", "a"),
        ("ceiled", "ceil_mode", "&lt;p&gt;"),
        ("whole", "squeeze", "se"),
    ):
        row = every.partition(f'data-testid="cause-{name}"')[2].partition("</tr>")[0]
        assert words in row and f"<td>{layer}</td>" in row
    assert "Nothing is padded" in causes([maps()])


def test_beside_the_causes_stands_how_often_both_agree() -> None:
    one, other = maps("sliding"), maps(shift=0.25)
    other.levels[0].logits[0, 0, 1] = 9  # there one names the background, the other the cat
    assert 'data-testid="why-agree">83.3%<' in causes([one, other]) and "5 of 6" in causes([one, other])
    two = replace(one, levels=one.levels * 2), replace(other, levels=(other.levels[0], one.levels[0]))
    html = causes(two)
    assert "91.7%" in html and "By scale, 0.5: 83.3%, 0.5: 100.0%" in html
    one.levels[0].logits[:, 1, 2] = np.nan
    assert "Slide the window" in causes([one, other])


def test_the_curve_marks_this_picture_and_prints_the_limit() -> None:
    figure = cost_curve(maps())
    assert list(figure.data[0].y) == pytest.approx([4440e-9, 4 * 4440e-9]) and list(figure.data[1].y)[1] == 8e-6
    assert figure.layout.shapes[0].x0 == 6
    limit = 4440 / (4 * 3 * 36 + 3 * 4)
    assert figure.layout.annotations[0].text == f"at most {limit:.1f} times less"
    many = cost_curve(maps(linears=(("fc", (4, 3, 1, 1)),), window_macs=426_462))
    assert many.layout.annotations[0].text == "at most 35,538 times less"
    assert cost_curve(maps(linears=())).layout.annotations[0].text.endswith("no limit")
