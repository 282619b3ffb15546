"""Every kind of layer, at known pixels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from explorer.drawing.layers import (
    Arrows,
    Boxes,
    DragBox,
    Grid,
    HeatMap,
    LabelMap,
    Layer,
    Pane,
    Points,
    Texts,
    View,
)
from explorer.drawing.paint import INK, OPACITY, PAPER, paint, paint_view
from explorer.drawing.palette import MARK, heat_colours
from explorer.records.frame import Frame

RED, GREEN = (230, 0, 0), (0, 200, 0)
GREY = 100


def plain(height: int = 60, width: int = 80) -> Frame:
    return Frame(np.full((height, width, 3), GREY, np.uint8), "plain")


def painted(*layers: Layer, frame: Frame | None = None, **how: Any) -> NDArray[np.uint8]:
    return paint(frame or plain(), Pane(layers=layers), **how).pixels


def touched(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((pixels != GREY).any(2))


def f32(*rows: Any) -> NDArray[np.float32]:
    return np.asarray(rows, np.float32)


def mixed(colour: Any, opacity: float = OPACITY) -> NDArray[np.uint8]:
    return np.rint(GREY * (1 - np.float32(opacity)) + np.asarray(colour, np.float32) * np.float32(opacity)).astype(
        np.uint8
    )


LAYERS: dict[str, Layer] = {
    "boxes": Boxes("b", f32([10, 10, 30, 30]), ("ß",), f32(0.9)[0:1], colours=(RED,), score=0.1, iou=0.5),
    "dashed": Boxes("b", f32([10.5, 10, 30, 30]), dashed=True),
    "labels": LabelMap("l", np.asarray([[0, 1], [255, 1]], np.uint8), {0: "a", 1: "b"}, {0: RED, 1: GREEN}),
    "heat": HeatMap("h", f32([0, 0.5], [np.nan, 1]), "", 0, 1),
    "smooth": HeatMap("h", f32([0, 0.5], [np.nan, 1]), "", 0, 1, smooth=True),
    "grid": Grid("g", 2, 3, (10, 10, 40, 30)),
    "points": Points("p", f32([20, 20]), ("x",)),
    "arrows": Arrows("a", f32([10, 10, 40, 30])),
    "texts": Texts("t", ((30, 30, "é"),)),
    "drag": DragBox("d", (10, 10, 50, 40), "moved"),
}
NONE = np.zeros((0, 4), np.float32)
EMPTY: dict[str, Layer] = {
    "boxes": Boxes("b", NONE, (), np.zeros(0, np.float32), np.zeros(0, np.int64), score=0.5, iou=0.5),
    "labels": LabelMap("l", np.zeros((0, 0), np.uint8), {}, {}),
    "void": LabelMap("l", np.full((3, 3), 255, np.uint8), {}, {}),
    "heat": HeatMap("h", np.zeros((0, 3), np.float32), "", 0, 1),
    "smooth": HeatMap("h", np.zeros((0, 0), np.float32), "", 0, 1, smooth=True),
    "unknown": HeatMap("h", np.full((3, 3), np.nan, np.float32), "", 0, 1, smooth=True),
    "points": Points("p", NONE[:, :2]),
    "arrows": Arrows("a", NONE),
    "texts": Texts("t", ()),
    "word": Texts("t", ((30, 30, ""),)),
    "nowhere": LabelMap("l", np.zeros((2, 2), np.uint8), {}, {0: RED}, place=(5, 5, 5, 5)),
}


@pytest.mark.parametrize("kind", LAYERS)
def test_the_picture_is_copied_and_what_is_drawn_is_seen(kind: str) -> None:
    frame = plain()
    before = frame.pixels.copy()
    made = paint(frame, Pane(layers=(LAYERS[kind],)))
    assert np.array_equal(frame.pixels, before) and not np.shares_memory(made.pixels, frame.pixels)
    assert made.name == "plain" and made.size == frame.size and touched(made.pixels).any()


@pytest.mark.parametrize("kind", EMPTY)
def test_an_empty_layer_draws_nothing(kind: str) -> None:
    assert not touched(painted(EMPTY[kind])).any()


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (3, 2)])
@pytest.mark.parametrize("kind", LAYERS)
def test_the_smallest_pictures(kind: str, size: tuple[int, int]) -> None:
    for scale in (1, 3):
        made = paint(plain(*size), Pane(layers=(LAYERS[kind],)), scale=scale)
        assert made.size == (size[0] * scale, size[1] * scale)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_places_that_are_no_numbers_are_left_out(bad: float) -> None:
    layers = (
        Boxes("b", f32([bad, 1, 20, 20]), ("x",)),
        Points("p", f32([bad, 3]), ("x",)),
        Arrows("a", f32([1, bad, 5, 5])),
        Texts("t", ((bad, 5, "x"),)),
        DragBox("d", (1, 1, bad, 5), "e"),
        Grid("g", 2, 2, (1, 1, bad, 5)),
    )
    assert not touched(painted(*layers)).any()


def test_a_box_at_half_pixels_and_its_rim() -> None:
    pixels = painted(Boxes("b", f32([10.5, 20.5, 40.5, 50.5]), colours=(RED,)))
    for line in (pixels[20, 10:41], pixels[50, 10:41], pixels[20:51, 10], pixels[20:51, 40]):
        assert (line == RED).all()
    assert (pixels[35, 9] < GREY).all() and (pixels[35, 11] < GREY).all()  # the rim, half of a pixel each side
    assert not touched(pixels)[22:49, 12:39].any()
    outside = touched(pixels)
    outside[19:52, 9:42] = False
    assert not outside.any()


def test_a_dashed_box_has_gaps_where_only_its_rim_is() -> None:
    pixels = painted(Boxes("b", f32([10.5, 20.5, 70.5, 50.5]), colours=(RED,), dashed=True))
    line = (pixels[20, 10:71] == RED).all(1)
    assert line[0] and line[-1] and 0.4 < line.mean() < 0.65
    assert (pixels[20, 10:71][~line] < GREY).all()


def test_lines_are_wider_on_larger_pictures() -> None:
    pixels = painted(Boxes("b", f32([100, 100, 400, 300]), colours=(RED,)), frame=plain(480, 640))
    assert (pixels[99:101, 150] == RED).all() and not (pixels[98, 150] == RED).any()


def test_boxes_partly_and_wholly_outside() -> None:
    pixels = painted(Boxes("b", f32([-20.5, 10.5, 30.5, 90]), ("ab",), colours=(RED,)))
    assert (pixels[40, 30] == RED).all() and not touched(pixels)[40, :20].any()
    assert (pixels[:, :15] == RED).all(2).any()  # its label is in the picture
    gone = Boxes("b", f32([-30, -30, -5, -5], [100, 5, 130, 20], [5, 61, 20, 99]), ("a", "b", "c"))
    assert not touched(painted(gone)).any()


def test_sliders_stand_where_they_start() -> None:
    boxes = f32(
        [50.5, 40.5, 110.5, 80.5], [53.5, 40.5, 113.5, 80.5], [130.5, 40.5, 190.5, 80.5], [50.5, 140.5, 99, 180]
    )
    scores = np.asarray([0.9, 0.8, 0.7, 0.2], np.float32)
    layer = Boxes("b", boxes, scores=scores, colours=(RED, GREEN, (1, 2, 3), (4, 5, 6)))

    def shown(one: Boxes) -> list[bool]:
        pixels = painted(one, frame=plain(200, 200))
        places = [(60, 50), (60, 113), (60, 130), (160, 50)]
        return [bool((pixels[y, x] == colour).all()) for (y, x), colour in zip(places, layer.colours, strict=True)]

    assert shown(layer) == [True] * 4
    assert shown(replace(layer, score=0.7)) == [True, True, True, False]
    assert shown(replace(layer, iou=0.5)) == [True, False, True, True]
    assert shown(replace(layer, iou=0.5, groups=np.asarray([0, 1, 0, 0]))) == [True] * 4
    assert shown(replace(layer, iou=0.95, score=0.75)) == [True, True, False, False]


def test_the_best_box_is_drawn_last() -> None:
    boxes = f32([10.5, 10.5, 30.5, 30.5], [10.5, 10.5, 30.5, 30.5])
    assert (painted(Boxes("b", boxes, colours=(RED, GREEN)))[30, 20] == RED).all()


def chips(layer: Boxes, frame: Frame) -> NDArray[np.bool_]:
    """Where a layer with labels differs from the same without."""
    bare = replace(layer, labels=(), scores=None)
    return np.asarray((painted(layer, frame=frame) != painted(bare, frame=frame)).any(2))


MIDDLE = Boxes("b", f32([60, 60, 100, 100]), ("cat",), colours=(RED,))


@pytest.mark.parametrize(
    ("box", "rows", "columns"),
    [
        ([60, 60, 100, 100], (40, 61), (55, 110)),
        ([0, 0, 40, 60], (0, 80), (0, 60)),
        ([190, 100, 230, 150], (80, 100), (150, 200)),
        ([-10, -10, 300, 300], (0, 20), (0, 50)),
    ],
)
def test_labels_stay_in_the_picture_and_at_their_box(
    box: list[float], rows: tuple[int, int], columns: tuple[int, int]
) -> None:
    frame = plain(150, 200)
    there = chips(Boxes("b", f32(box), ("cat",), colours=(RED,)), frame)
    whole, seen = (np.ptp(np.nonzero(one), axis=1).tolist() for one in (chips(MIDDLE, frame), there))
    assert seen == pytest.approx(whole, abs=1)  # a line of its colour may run under it
    there[rows[0] : rows[1], columns[0] : columns[1]] = False
    assert not there.any()


def test_labels_do_not_cover_each_other() -> None:
    frame, colours = plain(200, 300), ((230, 0, 0), (0, 200, 0), (0, 0, 250))
    pixels = painted(Boxes("b", f32(*[[100, 100, 180, 150]] * 3), ("one", "two", "six"), colours=colours), frame=frame)
    areas = [(pixels == colour).all(2).sum() for colour in colours]
    assert min(areas) > 150


def test_where_a_boxs_edges_are_taken_labels_lie_deeper_in_it() -> None:
    colours = tuple((200, 10 * i, 0) for i in range(11))
    same = np.tile(f32([40, 60, 260, 190]), (11, 1))
    pixels = painted(Boxes("b", same, ("dog",) * 11, colours=colours), frame=plain(250, 300))
    assert min((pixels == colour).all(2).sum() for colour in colours) > 150


def test_a_crowd_has_forty_labels_at_most_and_none_over_another() -> None:
    colours = tuple((200, i, 0) for i in range(60))
    apart = f32(*([100 * (i % 8) + 10, 70 * (i // 8) + 40, 100 * (i % 8) + 40, 70 * (i // 8) + 60] for i in range(60)))
    pixels = painted(Boxes("b", apart, ("dog",) * 60, colours=colours), frame=plain(600, 820))
    large = [int((pixels == colour).all(2).sum()) > 500 for colour in colours]
    assert large == [True] * 40 + [False] * 20
    same = np.tile(f32([100, 100, 180, 150]), (60, 1))
    crowd = painted(Boxes("b", same, ("dog",) * 60, colours=colours), frame=plain(300, 300))
    assert (crowd == colours[0]).all(2).sum() > 200 and not (crowd == colours[39]).all(2).any()


def test_a_label_is_readable_on_every_colour() -> None:
    for colour, words in (((250, 240, 90), INK), ((0, 60, 110), (255, 255, 255))):
        pixels = painted(Boxes("b", f32([20, 30, 60, 55]), ("HHH",), colours=(colour,)))
        assert (pixels == words).all(2).any()


def test_a_label_has_its_score() -> None:
    scores = np.asarray([0.97], np.float32)
    place = f32([20, 30, 60, 55])
    wide = [chips(one, plain()).sum() for one in (Boxes("b", place, ("a",)), Boxes("b", place, ("a",), scores))]
    assert wide[1] > 1.5 * wide[0] and chips(Boxes("b", place, (), scores), plain()).any()


@given(
    st.integers(0, 2**32),
    st.tuples(*[st.integers(-8, 16).map(lambda n: n / 2)] * 2),
    st.tuples(*[st.integers(0, 20).map(lambda n: n / 2)] * 2),
    st.sampled_from([1, 2]),
)
def test_a_label_map_is_what_a_slow_loop_draws(
    seed: int, corner: tuple[float, float], size: tuple[float, float], scale: int
) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.choice(np.asarray([0, 1, 7, 255], np.uint8), rng.integers(1, 5, 2))
    place = (*corner, corner[0] + size[0], corner[1] + size[1])
    colours = {0: RED, 1: GREEN, 255: (9, 9, 9)}  # 7 has no colour, 255 is void
    pixels = painted(LabelMap("l", labels, {}, colours, place=place), frame=plain(8, 9), scale=scale)
    for i in range(8 * scale):
        for j in range(9 * scale):
            y, x = (i + 0.5) / scale, (j + 0.5) / scale
            wanted: Any = (GREY,) * 3
            if place[1] <= y < place[3] and place[0] <= x < place[2]:
                row = int((y - place[1]) / size[1] * labels.shape[0])
                column = int((x - place[0]) / size[0] * labels.shape[1])
                index = int(labels[row, column])
                wanted = mixed(colours[index]) if index in (0, 1) else wanted
            assert pixels[i, j].tolist() == list(wanted)


def test_a_label_maps_opacity_is_the_stages_or_ones_own() -> None:
    layer = LabelMap("l", np.zeros((1, 1), np.uint8), {0: "a"}, {0: RED})
    assert (painted(layer) == mixed(RED, 0.55)).all()
    assert (painted(layer, opacity=1.0) == RED).all() and not touched(painted(layer, opacity=0.0)).any()


def test_a_heat_map_in_cells_with_nothing_where_nothing_is_known() -> None:
    values = f32([0, 0.5, np.nan], [2, -1, np.inf])
    pixels = painted(HeatMap("h", values, "", 0, 1, place=(10, 10, 40, 30)))
    table = heat_colours()
    for y, x, step in ((10, 10, 0), (19, 19, 0), (10, 20, 128), (20, 10, 255), (29, 29, 0), (29, 39, 255)):
        assert (pixels[y, x] == mixed(table[step])).all()
    assert not touched(pixels)[10:20, 30:40].any()
    outside = touched(pixels)
    outside[10:30, 10:40] = False
    assert not outside.any() and touched(pixels).sum() == 500


def test_a_smooth_heat_map_is_bilinear_between_middles_and_what_is_unknown_does_not_spread() -> None:
    known = f32([0, 1], [0, 1])
    pixels = painted(HeatMap("h", known, "", 0, 1, place=(0, 0, 80, 60), smooth=True), opacity=1.0)
    table = heat_colours()
    for x in range(80):
        step = round(255 * min(max((x + 0.5 - 20) / 40, 0), 1))
        assert (pixels[30, x] == table[step]).all()
    hole = f32([0.5, np.nan], [0.5, 0.5])
    pixels = painted(HeatMap("h", hole, "", 0, 1, place=(0, 0, 80, 60), smooth=True), opacity=1.0)
    assert not touched(pixels)[:30, 40:].any()
    assert (pixels[:, :40] == table[128]).all() and (pixels[30:] == table[128]).all()


def test_a_heat_map_of_one_value_and_no_span() -> None:
    pixels = painted(HeatMap("h", f32([3]), "", 3, 3), opacity=1.0)
    assert (pixels == heat_colours()[0]).all()


def test_nothing_of_a_heat_map_is_changed() -> None:
    values = f32([0, np.nan])
    values.flags.writeable = False
    painted(HeatMap("h", values, "", 0, 1, smooth=True))
    assert values[0, 0] == 0 and np.isnan(values[0, 1])


def test_a_grid() -> None:
    pixels = painted(Grid("g", 2, 3, (10.5, 5.5, 40.5, 45.5), RED))
    shaded = mixed(INK, 0.35)
    line = np.rint(shaded * np.float32(0.3) + np.asarray(RED) * np.float32(0.7))
    for x in (10, 20, 30, 40):
        assert (pixels[5:46, x] == line).all()
    for y in (5, 25, 45):
        assert (pixels[y, 10:41] == line).all()
    marked = touched(pixels)
    assert (pixels[6:25, 11] != line).any() and marked[15, 11] and not marked[15, 12:19].any()


def test_a_bare_grid_is_not_drawn() -> None:
    assert not touched(painted(Grid("g", 2, 3, (10, 10, 40, 30), RED, event="cell", bare=True))).any()


def test_a_fine_grid_has_no_shade() -> None:
    pixels = painted(Grid("g", 10, 10, (10.5, 5.5, 50.5, 45.5), RED))
    assert (pixels[5:46, 10] == mixed(RED, 0.7)).all() and touched(pixels).sum() == 2 * 11 * 41 - 11 * 11


def test_a_point_is_a_disc_with_a_rim_about_its_place() -> None:
    pixels = painted(Points("p", f32([30.5, 20.5]), colour=RED))
    assert (pixels[20, 28:33] == RED).all() and (pixels[18:23, 30] == RED).all()
    assert (pixels[20, 33] == INK).all() and not touched(pixels)[20, 35] and not touched(pixels)[25, 30]
    assert np.array_equal(pixels[16:25, 26:35], pixels[16:25, 26:35][::-1, ::-1])
    named = painted(Points("p", f32([30.5, 20.5]), ("HH",), colour=RED))
    assert touched(named)[15:27, 38:60].sum() > 60 and np.array_equal(named[:, :34], pixels[:, :34])


def test_an_arrow_has_its_head_at_the_end() -> None:
    pixels = painted(Arrows("a", f32([10.5, 30.5, 60.5, 30.5]), RED))
    assert (pixels[30, 10:61] == RED).all() and not touched(pixels)[30, 63:].any()
    red = (pixels[..., 0] > 150).sum(0)
    assert red[20] == 1 and red[56] == 3 and not touched(pixels)[:, :8].any()
    back = painted(Arrows("a", f32([60.5, 30.5, 10.5, 30.5]), RED))
    assert (back[..., 0] > 150).sum(0)[14] == 3


def test_an_arrow_that_goes_nowhere_is_a_dot() -> None:
    pixels = painted(Arrows("a", f32([20.5, 20.5, 20.5, 20.5]), RED))
    assert (pixels[20, 20] == RED).all() and touched(pixels).sum() < 16


def test_words_stand_about_their_place_and_inside_the_picture() -> None:
    rows, columns = np.nonzero(touched(painted(Texts("t", ((40, 30, "HOH"),), RED))))
    assert abs((columns.min() + columns.max() + 1) / 2 - 40) <= 1.5
    assert abs((rows.min() + rows.max() + 1) / 2 - 30) <= 2
    middle = touched(painted(Texts("t", ((40, 30, "HOH"),))))
    for x, y in ((0, 0), (80, 60), (1, 59)):
        moved = touched(painted(Texts("t", ((x, y, "HOH"),))))
        assert abs(int(moved.sum()) - int(middle.sum())) <= 2
    assert not touched(painted(Texts("t", ((-1, 30, "HOH"), (40, 61, "HOH"))))).any()


def test_words_are_told_from_their_outline() -> None:
    pixels = painted(Texts("t", ((40, 30, "HH"),), (255, 255, 255)))
    assert (pixels > 240).all(2).any() and (pixels == INK).all(2).any()


def test_a_drag_box_has_eight_handles() -> None:
    pixels = painted(DragBox("d", (20, 10, 60, 50), "e", RED))
    for y, x in ((10, 20), (10, 40), (10, 60), (30, 20), (30, 60), (50, 20), (50, 40), (50, 60)):
        assert (pixels[y - 2 : y + 2, x - 2 : x + 2] == RED).all() and (pixels[y - 3, x - 3] == INK).all()
    assert touched(pixels)[10, 20:60].all() and not touched(pixels)[14:27, 24:37].any()


def test_layers_are_drawn_in_their_order_over_the_panes_own_picture() -> None:
    under = LabelMap("l", np.zeros((1, 1), np.uint8), {0: "a"}, {0: RED})
    over = Boxes("b", f32([10.5, 10.5, 40.5, 40.5]), colours=(GREEN,))
    other = Frame(np.zeros((60, 80, 3), np.uint8), "other")
    made = paint(plain(), Pane(layers=(under, over), picture=other), opacity=0.5)
    assert (made.pixels[20, 10] == GREEN).all() and (made.pixels[0, 0] == (115, 0, 0)).all()
    assert made.name == "other"


def test_a_layer_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(TypeError, match="int"):
        painted(3)  # type: ignore[arg-type]


def test_panes_stand_side_by_side_under_their_titles() -> None:
    frame = plain()
    red = LabelMap("l", np.zeros((1, 1), np.uint8), {0: "a"}, {0: RED})
    view = View(frame.id, (Pane("one"), Pane("two", (red,)), Pane()))
    made = paint_view(frame, view, opacity=1.0).pixels
    head, gap = len(made) - 60, (made.shape[1] - 240) // 2
    assert head > 12 and gap >= 2
    assert (made[head:, :80] == GREY).all() and (made[head:, 80 : 80 + gap] == PAPER).all()
    assert (made[head:, 80 + gap : 160 + gap] == RED).all() and (made[head:, 160 + 2 * gap :] == GREY).all()
    assert (made[:head, :80] < 100).any() and (made[:head, 80 + gap : 160 + gap] < 100).any()
    assert (made[:head, 160 + gap :] == PAPER).all()


def test_one_pane_without_a_title_is_the_picture_alone() -> None:
    frame = plain()
    assert np.array_equal(paint_view(frame, View(frame.id)).pixels, frame.pixels)


def test_a_long_title_stays_over_its_pane() -> None:
    frame = plain()
    made = paint_view(frame, View(frame.id, (Pane("a very long title indeed, " * 5), Pane()))).pixels
    assert (made[: len(made) - 60, 80:] == PAPER).all()


def test_layers_are_never_painted_over_another_picture() -> None:
    with pytest.raises(ValueError, match="painted over"):
        paint_view(plain(), View("0" * 32))


def test_a_large_scale_draws_the_same_places() -> None:
    pixels = painted(Boxes("b", f32([2, 3, 6, 7]), colours=(MARK,)), frame=plain(9, 13), scale=40)
    assert (pixels[119:121, 80:240] == MARK).all() and not touched(pixels)[130:270, 90:230].any()
