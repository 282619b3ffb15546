"""A detector's inside as layers and cards: every number is the record's."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from explorer.drawing.cell_card import best_box, cell_card
from explorer.drawing.detect_cards import found_card, funnel
from explorer.drawing.detect_cells import cell_place, cells_view, crowded, priors
from explorer.drawing.detect_nms import met, step_card, step_view
from explorer.drawing.layers import Boxes, Grid, HeatMap, LabelMap
from explorer.records.trace import Trace
from explorer.records.truth import Truth
from tests.traces import NAMES, cell, contest, detections, level


def values(html: str) -> list[float]:
    return [float(one) for one in re.findall(r'<data value="([^"]+)">', html)]


def truth(*boxes: tuple[float, float, float, float]) -> Truth:
    return Truth(np.asarray(boxes, np.float32), ("cat",) * len(boxes), np.ones(len(boxes), bool), "a test")


def test_all_that_met_may_be_judged_again_by_the_stages_sliders() -> None:
    layer = met("before", contest(), NAMES, 0.25)
    assert layer.boxes.shape == (5, 4) and layer.iou == 0.5 and layer.score == 0.25 and layer.total == 5
    assert layer.groups is not None and layer.groups.tolist() == [0, 0, 1, 0, 1]
    assert layer.labels == ("cat", "cat", "dog", "cat", "dog")


def test_a_winner_stands_before_those_it_suppresses() -> None:
    first, so_far = step_view(contest(), NAMES, 0, "id").panes
    gone, winner = first.layers
    assert isinstance(gone, Boxes) and gone.labels == ("IoU 0.90", "IoU 0.82") and gone.dashed
    assert isinstance(winner, Boxes) and winner.labels == ("cat",) and len(so_far.layers[0].boxes) == 1  # type: ignore[attr-defined]
    second, so_far = step_view(contest(), NAMES, 1, "id").panes
    assert len(second.layers) == 1 and so_far.layers[0].labels == ("cat", "dog")  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="step 3 of 3"):
        step_view(contest(), NAMES, 3, "id")


def test_a_step_says_who_goes_by_which_overlap_and_who_is_left() -> None:
    said = step_card(contest(), NAMES, 0)
    assert 'data-testid="nms-gone" data-value="2"' in said and "<b>cat</b> at 90.0%" in said
    assert values(said) == pytest.approx([0.905, 0.818], abs=1e-6) and "2 of 5 are still to be judged" in said
    assert "0 of 5 are still to be judged" in step_card(contest(), NAMES, 2)


def test_cells_are_sure_of_a_class_or_say_nothing() -> None:
    view = cells_view(level(), NAMES, "id", cell(), "picked", 0.05)
    sure, said = view.panes
    heat, grid, chosen, began, became = sure.layers
    assert isinstance(heat, HeatMap) and heat.place == (0, 0, 200, 100) and isinstance(grid, Grid)
    assert (grid.rows, grid.columns, grid.event) == (2, 4, "picked")
    assert isinstance(chosen, Boxes) and chosen.boxes.tolist() == [[100, 50, 150, 100]]
    assert isinstance(began, Boxes) and began.dashed and len(began.boxes) == 2
    assert isinstance(became, Boxes) and became.labels == ("dog", "cat")  # the best score first
    classes = said.layers[0]
    assert isinstance(classes, LabelMap) and classes.names == {0: "dog"}
    assert (classes.labels != classes.void).sum() == 1 and classes.labels[1, 2] == 0


def test_a_map_that_tells_no_classes_has_one_pane() -> None:
    bare = replace(level(), labels=np.full((2, 4), -1))
    assert len(cells_view(bare, (), "id").panes) == 1


def test_two_centres_in_one_cell_are_marked() -> None:
    things = truth((100, 50, 110, 60), (110, 60, 148, 98), (0, 0, 40, 40))
    assert crowded(level(), things)[1, 2] == 2 and crowded(level(), things).sum() == 3
    marked = cells_view(level(), NAMES, "id", truth=things).panes[0].layers[1]
    assert isinstance(marked, Boxes) and marked.boxes.tolist() == [list(cell_place(level(), 1, 2))]
    assert len(cells_view(level(), NAMES, "id", truth=truth((0, 0, 40, 40))).panes[0].layers) == 1


def test_boxes_begin_as_anchors_about_the_cell() -> None:
    assert priors(cell()).tolist() == [[105, 55, 145, 95], [115, 45, 135, 105]]
    halved = priors(replace(cell(), to_picture=(0.5, 2)))
    assert halved.tolist() == [[115, 35, 135, 115], [120, 15, 130, 135]]
    assert len(priors(replace(cell(), sum="distance"))) == len(priors(replace(cell(), sum="yolo cell"))) == 0


def test_the_arithmetic_of_a_box_is_written_out() -> None:
    said = cell_card(cell())
    assert best_box(cell()) == 1 and "<b>Box 2, step by step</b>" in said
    assert "(σ(t<sub>x</sub>) 0.250 + column 2) · 50.0" in said and "20.0 · e^t<sub>w</sub> 2.000" in said
    sums = said[said.index("cell-sums") : said.index("cell-classes")]
    assert values(sums) == pytest.approx([0, 0, 0, 0, 112.5, 87.5, 40, 30, 92.5, 72.5, 132.5, 102.5])
    assert "objectness 95.0% · class 90.0% = 85.5%" in said
    assert values(said[said.index("cell-classes") :]) == pytest.approx([0.9, 0.1])
    assert "<b>Box 1, step by step</b>" in cell_card(cell(), 0)


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("yolo cell", "20.0 · w² 2.000"),
        ("anchor", "2.0 + 0.250 · 20.0"),
        ("distance", "2.0 − 0.25"),
    ],
)
def test_each_kind_of_detector_has_its_own_arithmetic(kind: str, line: str) -> None:
    assert line in cell_card(replace(cell(), sum=kind))  # type: ignore[arg-type]


def test_a_proposal_network_says_something_is_there_and_not_what() -> None:
    bare = np.zeros((2, 0), np.float32)
    said = cell_card(replace(cell(), names=(), read_classes=bare, classes=bare, labels=np.asarray([-1, -1])))
    assert "Objectness σ(3.000) = 95.0%" in said and "cell-classes" not in said


def test_what_was_found_is_counted_from_a_score_on() -> None:
    said = found_card(detections(), 0.25)
    assert 'data-testid="found-count" data-value="2"' in said and values(said) == pytest.approx([0.9, 0.7])
    assert "&lt;b&gt;" in found_card(replace(detections(), model="<b>"), 0.25)


def test_the_funnel_tells_every_step() -> None:
    said = funnel([detections(), detections(traced=False)])
    assert values(said) == [8, 5, 3] and said.count("<caption>") == 1
    widths = [float(one) for one in re.findall(r"width:([\d.]+)%", said)]
    assert widths[0] == 100 and widths == sorted(widths, reverse=True)


def test_of_several_maps_it_is_told_which_found_what() -> None:
    (one,) = detections().trace.rounds  # type: ignore[union-attr]
    fine = replace(level(), name="fine", priors=np.asarray([[8, 4], [16, 20]], np.float32))
    bare = replace(level(), name="bare", priors=np.empty((0, 2), np.float32))
    contested = replace(contest(), level=np.asarray([1, 0, 1, 0, 0]))
    two = replace(one, levels=(fine, bare), contest=contested)
    said = funnel([replace(detections(), trace=Trace((two,)))])
    assert "<td>2: 8 × 4 to 16 × 20</td><td>1</td>" in said and "<td>points</td><td>2</td>" in said
