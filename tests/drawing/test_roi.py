"""Two panes of numbers, tables and sums: what is drawn and written is what the poolings say."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from explorer.drawing.layers import Boxes, DragBox, Grid, Pane, Points, Texts
from explorer.drawing.paint import paint
from explorer.drawing.roi import ALIGN, GROUND, Board, brief, poolings_view, with_path
from explorer.drawing.roi_shift import jumps, leaves, shift_curves, shift_verdict
from explorer.drawing.roi_sums import number, results, sums, verdict
from explorer.ops.roi_align import roi_align, roi_warp
from explorer.ops.roi_pool import roi_pool
from explorer.records.frame import Frame
from explorer.records.roi import Axis, Box, Poolings, Roi, RoiShift, ShiftCurves
from explorer.records.roi_presets import MATRIX, PRESETS

FRAME = Frame(np.zeros((300, 450, 3), np.uint8))
LECTURE = np.array(MATRIX, np.float32)
BOX: Box = (1.3, 2.4, 6.6, 6.9)


def pooled(question: Roi) -> Poolings:
    features, given = question.matrix[None], (question.box, question.bins)
    sampling = question.samples, 1.0, question.aligned
    return Poolings(
        roi_pool(features, *given), roi_warp(features, *given, *sampling), roi_align(features, *given, *sampling)
    )


def panes(question: Roi, chosen: tuple[int, int] = (0, 0)) -> tuple[Pane, ...]:
    return poolings_view(question, pooled(question), FRAME, chosen, ("moved", "picked")).panes


def layers(pane: Pane, kind: type, title: str = "") -> list[Any]:
    return [one for one in pane.layers if isinstance(one, kind) and title in one.title]


def data(html: str) -> list[float]:
    return [float(one) for one in re.findall(r'<data value="([^"]+)"', html)]


@pytest.mark.parametrize("size", [(300, 451), (480, 640), (900, 300), (1, 900), (4000, 6000)])
@pytest.mark.parametrize("shape", [(8, 8), (3, 20), (64, 1)])
def test_a_box_comes_back_from_the_picture_as_it_went(size: tuple[int, int], shape: tuple[int, int]) -> None:
    board = Board.on(size, shape)
    assert board.cells(board.pixels((0.375, -0.5, 1.25, 2.999))) == (0.375, -0.5, 1.25, 2.999)
    x0, y0, x1, y1 = board.pixels((0, 0, shape[1], shape[0]))
    assert 0 < x0 < x1 < size[1] and 0 < y0 < y1 < size[0]
    assert (x0 + x1, y0 + y1) == pytest.approx(size[::-1])
    assert max(board.width / board.height, board.height / board.width) <= 1.5 + 1e-9


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (0.8, ".8"), (0.123, ".12"), (-0.5, "-.5"), (3.456, "3.5"), (10, "10"), (123.4, "123"), (1e-4, "1e-4"),
     (25_000, "2e4"), (0.999, "1"), (100, "100")],
)  # fmt: skip
def test_a_number_fits_into_its_cell(value: float, said: str) -> None:
    assert brief(value) == said


def test_both_panes_have_the_matrix_and_one_box() -> None:
    pool, align = panes(Roi(LECTURE, BOX))
    board = Board.on(FRAME.size, (8, 8))
    for pane in (pool, align):
        (box,) = layers(pane, DragBox)
        assert (box.event, box.title) == ("moved", "the box") and box.box == board.pixels(BOX)
        (numbers,) = layers(pane, Texts, "numbers")
        assert numbers.texts[8 * 2 + 3] == (*board.point(3.5, 2.5), ".8") and len(numbers.texts) == 64
    assert not layers(panes(Roi(np.zeros((13, 8), np.float32), BOX))[0], Texts, "numbers")


def test_roi_pools_pane_shows_its_rounded_box_its_bins_and_their_largest_cells() -> None:
    question = Roi(LECTURE, BOX)
    pool, _ = panes(question, (1, 0))
    board = Board.on(FRAME.size, (8, 8))
    (grid,) = layers(pool, Grid, "RoI Pool")
    assert (grid.event, grid.rows, grid.columns) == ("picked", 2, 2)
    assert grid.place == pytest.approx(board.pixels((1, 2, 8, 8)))  # columns 1 to 7, rows 2 to 7
    (compared,) = layers(pool, Boxes, "chosen")
    assert compared.boxes[0].tolist() == pytest.approx(board.pixels((1, 5, 5, 8)), abs=1e-3)
    (largest,) = layers(pool, Boxes, "largest")
    cells = sorted(board.cells(box)[:2] for box in largest.boxes.tolist())
    assert [tuple(map(round, cell)) for cell in cells] == [(1, 5), (3, 2), (4, 2), (6, 6)]


@pytest.mark.parametrize(("aligned", "off"), [(True, 0), (False, 0.5)])
def test_a_sample_is_drawn_where_what_it_reads_is_drawn(aligned: bool, off: float) -> None:
    """Cell 0's number stands in the middle of its square: not aligned, RoI Align reads half a cell from its box."""
    question = Roi(LECTURE, BOX, 2, 2, 1.0, aligned)
    _, align = panes(question, (1, 1))
    board = Board.on(FRAME.size, (8, 8))
    (grid,) = layers(align, Grid, "RoI Align")
    assert grid.place == pytest.approx(board.pixels(np.array(BOX) + off), abs=1e-3)
    (points,) = layers(align, Points, "samples")
    step = (6.6 - 1.3) / 4, (6.9 - 2.4) / 4
    first = board.point(1.3 + 2.5 * step[0] + off, 2.4 + 2.5 * step[1] + off)
    assert points.points[0].tolist() == pytest.approx(first, abs=1e-2) and len(points.points) == 4
    (others,) = (one for one in layers(align, Texts, "samples") if one.colour == ALIGN)
    assert len(others.texts) == 12


def test_a_crowd_of_samples_is_shown_for_the_chosen_bin_alone_and_small() -> None:
    _, align = panes(Roi(LECTURE, BOX, 7, 16))
    (dots,) = (one for one in layers(align, Texts, "samples"))
    assert len(dots.texts) == 256 and len(layers(align, Points)[0].points) == 0


def test_a_box_far_outside_is_drawn_without_cells() -> None:
    pool, _ = panes(Roi(LECTURE, (20, 20, 30, 30)))
    assert len(layers(pool, Boxes, "largest")[0].boxes) == len(layers(pool, Boxes, "chosen")[0].boxes) == 0


def test_the_ground_takes_the_pictures_place_in_a_painting_too() -> None:
    pool, _ = panes(Roi(LECTURE, BOX))
    painted = paint(FRAME, pool)
    assert painted.size == FRAME.size and tuple(painted.pixels[1, 1]) == GROUND


def test_the_tables_hold_every_value_to_its_last_decimal() -> None:
    question = Roi(LECTURE, BOX, 3)
    answer = pooled(question)
    html = results(question, answer, (1, 2))
    four = answer.pool.values, answer.align.average, answer.warp.average, answer.align.highest
    assert data(html) == [float(str(value)) for values in four for value in values.reshape(-1)]
    assert html.count('aria-current="true"') == 4
    seventh = html.split("<td")[6]
    assert "aria-current" in seventh and f">{number(float(answer.pool.values[0, 1, 2]))}<" in seventh


@pytest.mark.parametrize(
    ("box", "said"),
    [((1, 2, 7, 7), "nothing to round"), (BOX, "its right edge moves by 0.4"), ((1, 2.25, 7, 7), "its top edge moves")],
)
def test_what_was_rounded_is_said(box: Box, said: str) -> None:
    question = Roi(LECTURE, box)
    assert said in re.sub(r"<[^>]+>", "", verdict(question, pooled(question)))
    assert "roi-met" not in verdict(question, pooled(question))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_worked_example_is_named(preset: Any) -> None:
    answer = pooled(preset.question)
    assert "exactly the lecture’s answer" in verdict(preset.question, answer, preset)
    marked = re.findall(
        r'<table data-testid="roi-(\w+)" class="met">', results(preset.question, answer, (0, 0), preset)
    )
    assert marked == [preset.method]


def test_the_sums_of_a_bin_add_up() -> None:
    question = Roi(LECTURE, BOX, 2, 2)
    html = sums(question, pooled(question), (0, 1))
    pool, align, _ = html.split("<section")[1:]
    cells = [float(one) for one in re.findall(r"<td>(?:<mark>)?([\d.]+)", pool)]
    assert "columns 4 to 7 and rows 2 to 4, 12 cells" in pool and len(cells) == 12
    assert max(cells) == data(pool)[0] == float(re.findall(r"<mark>([\d.]+)", pool)[0])
    read = []
    for line in re.findall(r"<li>(.*?)</li>", align):
        terms = [float(a) * float(b) for a, b in re.findall(r"([\d.]+) × ([\d.]+)", line)]
        said = float(re.findall(r"<b>([\d.]+)</b>", line)[0])
        assert len(terms) == 4 and sum(terms) == pytest.approx(said, abs=0.003)
        read.append(said)
    assert data(align) == pytest.approx([max(read), sum(read) / 4], abs=0.001) and "more" not in align


def test_many_samples_are_counted_and_the_result_is_exact() -> None:
    question = Roi(LECTURE, BOX, 2, 10)
    answer = pooled(question)
    align = sums(question, answer, (1, 1)).split("<section")[2]
    assert align.count("<li>") == 4 and "and 96 more" in align
    assert data(align)[-1] == float(str(answer.align.average[0, 1, 1]))


def test_bins_with_nothing_in_them_say_so() -> None:
    question = Roi(LECTURE, (20, 20, 30, 30), 2, 1)
    html = sums(question, pooled(question), (0, 0))
    assert "No cell of the matrix" in html and "outside the matrix, reads <b>0</b>" in html
    empty = Roi(LECTURE, (3, 3, 3, 3), 2, 0, 1.0, True)
    assert "no sample" in sums(empty, pooled(empty), (0, 0))


def moved(question: RoiShift) -> ShiftCurves:
    made = [pooled(Roi(question.roi.matrix, question.box_at(step))) for step in range(question.steps + 1)]
    curves: Any = {
        "pool": np.stack([one.pool.values[0] for one in made]),
        "warp": np.stack([one.warp.average[0] for one in made]),
        "align": np.stack([one.align.average[0] for one in made]),
        "align_max": np.stack([one.align.highest[0] for one in made]),
    }
    offsets = np.arange(question.steps + 1, dtype=np.float32) * np.float32(question.step)
    return ShiftCurves(offsets, curves, {name: float(np.abs(np.diff(c, axis=0)).max()) for name, c in curves.items()})


@pytest.mark.parametrize("axis", ["x", "y"])
def test_the_chart_has_the_curves_of_the_chosen_bin(axis: Axis) -> None:
    question = RoiShift(Roi(LECTURE, (0.4, 0.4, 3.3, 3.9)), axis=axis)
    made = moved(question)
    figure = shift_curves(made, question, (1, 0))
    for line, method in zip(figure.data, ("pool", "warp", "align"), strict=True):
        assert list(line.x) == made.offsets.tolist() and list(line.y) == made.curves[method][:, 1, 0].tolist()
    assert not figure.layout.shapes and leaves(question) == pytest.approx(4.7 if axis == "x" else 4.1)
    html = jumps(made, question, (1, 0))
    own = [np.abs(np.diff(made.curves[method][:, 1, 0])).max() for method in ("pool", "warp", "align")]
    every = [made.jumps[method] for method in ("pool", "warp", "align")]
    assert data(html) == pytest.approx([one for pair in zip(own, every, strict=True) for one in pair])
    assert "1/16" in html and "Grey" not in html
    assert f">{own[2] / own[0]:.0%}<" in shift_verdict(made, (1, 0))


def test_where_the_box_leaves_the_matrix_is_shaded() -> None:
    question = RoiShift(Roi(LECTURE, (1, 2, 7, 7)))
    made = moved(question)
    (shade,) = shift_curves(made, question, (0, 0)).layout.shapes
    assert (shade.x0, shade.x1) == (1, 4) and "Grey" in jumps(made, question, (0, 0))
    flat = RoiShift(Roi(np.ones((20, 20), np.float32), (2, 2, 8, 8)))
    assert "stays the same" in shift_verdict(moved(flat), (0, 0))


def test_the_way_of_the_box_is_drawn() -> None:
    question = RoiShift(Roi(LECTURE, (1, 2, 3, 4)))
    view = poolings_view(question.roi, pooled(question.roi), FRAME, (0, 0), ("a", "b"))
    board = Board.on(FRAME.size, (8, 8))
    for pane in with_path(view, question, FRAME).panes:
        end, arrow = pane.layers[-2:]
        assert isinstance(end, Boxes) and end.boxes[0].tolist() == pytest.approx(board.pixels((5, 2, 7, 4)), abs=1e-3)
        assert arrow.as_json()["arrows"][0] == pytest.approx([*board.point(2, 3), *board.point(6, 3)], abs=0.01)
