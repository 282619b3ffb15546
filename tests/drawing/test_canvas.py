"""Marks cover what they say: against counting sub-pixels, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from explorer.drawing.canvas import Canvas

WHITE = (255, 255, 255)
FINE = 8
HEIGHT, WIDTH = 9, 13
eighths = st.integers(-6 * FINE, 20 * FINE).map(lambda n: n / FINE)


def black(height: int = HEIGHT, width: int = WIDTH, scale: int = 1) -> Canvas:
    return Canvas(np.zeros((height, width, 3), np.uint8), scale)


def counted(inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Share of sub-pixels inside, for each pixel, in 255ths."""
    share = inside.reshape(inside.shape[0] // FINE, FINE, inside.shape[1] // FINE, FINE).mean((1, 3))
    return np.rint(share.astype(np.float32) * 255).astype(np.uint8)


def middles(count: int) -> NDArray[np.float64]:
    return (np.arange(count * FINE) + 0.5) / FINE


def moved(edge: float, half: float, count: int) -> float:
    return min(max(edge, half), count - half) if 0 <= edge <= count else edge


@given(eighths, eighths, eighths, eighths, st.sampled_from([1, 2, 3]))
def test_a_ring_is_what_counting_finds(x0: float, y0: float, x1: float, y1: float, stroke: int) -> None:
    canvas, half = black(), stroke / 2
    canvas.ring((x0, y0, x1, y1), WHITE, stroke)
    left, right = (moved(x, half, WIDTH) for x in sorted((x0, x1)))
    top, bottom = (moved(y, half, HEIGHT) for y in sorted((y0, y1)))
    x, y = middles(WIDTH)[None], middles(HEIGHT)[:, None]
    outer = (x > left - half) & (x < right + half) & (y > top - half) & (y < bottom + half)
    inner = (x > left + half) & (x < right - half) & (y > top + half) & (y < bottom - half)
    assert np.abs(canvas.pixels[..., 0].astype(int) - counted(outer & ~inner)).max() <= 1


@given(eighths, eighths, eighths, eighths)
def test_a_bar_is_what_counting_finds(x0: float, y0: float, x1: float, y1: float) -> None:
    canvas = black()
    canvas.bar((x0, y0, x1, y1), WHITE)
    x, y = middles(WIDTH)[None], middles(HEIGHT)[:, None]
    wanted = counted((x > x0) & (x < x1) & (y > y0) & (y < y1))
    assert np.abs(canvas.pixels[..., 0].astype(int) - wanted).max() <= 1


def test_an_edge_in_the_middle_of_a_pixel_fills_it_and_one_between_two_halves_them() -> None:
    canvas = black(30, 40)
    canvas.ring((10.5, 5.5, 20.5, 15.5), WHITE, 1)
    assert (canvas.pixels[5, 10:21] == 255).all() and (canvas.pixels[5:16, 20] == 255).all()
    assert not canvas.pixels[6:15, 11:20].any() and not canvas.pixels[:5].any() and not canvas.pixels[:, 21:].any()
    canvas = black(30, 40)
    canvas.ring((10, 5.5, 20.5, 15.5), WHITE, 1)
    assert canvas.pixels[10, 8:12, 0].tolist() == [0, 128, 128, 0]


def test_a_line_on_the_border_is_seen_whole() -> None:
    canvas = black(8, 8)
    canvas.ring((0, 0, 8, 8), WHITE, 2)
    assert (canvas.pixels[:2] == 255).all() and (canvas.pixels[:, -2:] == 255).all()
    assert not canvas.pixels[2:6, 2:6].any()


def test_dashes_have_corners_and_gaps_and_stay_on_the_line() -> None:
    solid, dashed = black(60, 80), black(60, 80)
    solid.ring((10.5, 10.5, 70.5, 50.5), WHITE, 1)
    dashed.ring((10.5, 10.5, 70.5, 50.5), WHITE, 1, dash=4)
    for y, x in ((10, 10), (10, 70), (50, 10), (50, 70)):
        assert dashed.pixels[y, x, 0] == 255
    assert not dashed.pixels[solid.pixels == 0].any()
    runs = np.flatnonzero(np.diff(dashed.pixels[10, 8:74, 0].astype(int)))
    assert len(runs) == 2 * 8  # 60 px in fifteen pieces: eight dashes, seven gaps


def test_a_dashed_box_of_no_size_is_a_dot() -> None:
    canvas = black()
    canvas.ring((4.5, 4.5, 4.5, 4.5), WHITE, 1, dash=4)
    assert canvas.pixels[4, 4, 0] == 255 and canvas.pixels[..., 0].astype(bool).sum() == 1


@given(eighths, eighths, eighths, eighths)
def test_a_line_covers_its_area_and_nothing_far_from_it(ax: float, ay: float, bx: float, by: float) -> None:
    canvas = black(40, 40)
    canvas.line((ax + 8, ay + 8), (bx + 8, by + 8), 3, WHITE)
    drawn = canvas.pixels[..., 0] / 255
    y, x = np.mgrid[:40, :40] + 0.5
    dx, dy = bx - ax, by - ay
    along = np.clip(((x - ax - 8) * dx + (y - ay - 8) * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
    distance = np.hypot(x - ax - 8 - along * dx, y - ay - 8 - along * dy)
    assert not drawn[distance > 2.01].any() and (drawn[distance < 0.99] == 1).all()
    assert drawn.sum() == pytest.approx(3 * np.hypot(dx, dy) + np.pi * 1.5**2, rel=0.08, abs=0.4)


def test_a_line_at_half_pixels_is_one_pixel_wide() -> None:
    canvas = black()
    canvas.line((2.5, 4.5), (8.5, 4.5), 1, WHITE)
    assert (canvas.pixels[4, 2:9] == 255).all() and not canvas.pixels[3].any() and not canvas.pixels[5].any()


def test_a_lattice_cuts_where_it_says() -> None:
    canvas = black(30, 40)
    canvas.lattice((4.5, 2.5, 24.5, 22.5), 2, 4, WHITE, 1, 1.0)
    drawn = canvas.pixels[..., 0] == 255
    for x in (4, 9, 14, 19, 24):
        assert drawn[2:23, x].all()
    for y in (2, 12, 22):
        assert drawn[y, 4:25].all()
    assert drawn.sum() == 5 * 21 + 3 * 21 - 15 and canvas.pixels.astype(bool)[..., 0].sum() == drawn.sum()


def test_a_lattice_blends_its_crossings_once() -> None:
    canvas = black(20, 20)
    canvas.lattice((2.5, 2.5, 12.5, 12.5), 2, 2, WHITE, 1, 0.5)
    assert canvas.pixels[7, 7, 0] == canvas.pixels[7, 5, 0] == 128


@pytest.mark.parametrize(("y", "x"), [(-3, -2), (5, 9), (-100, 0), (0, 100), (2, 3)])
def test_a_mask_is_cut_at_the_border(y: int, x: int) -> None:
    cover = np.random.default_rng(0).integers(0, 256, (6, 7), dtype=np.uint8)
    canvas = black()
    canvas.mask(y, x, cover, WHITE)
    wide = np.zeros((HEIGHT + 400, WIDTH + 400), np.uint8)
    wide[200 + y : 206 + y, 200 + x : 207 + x] = cover
    assert (canvas.pixels[..., 0] == wide[200 : 200 + HEIGHT, 200 : 200 + WIDTH]).all()


def test_places_are_the_original_pictures_at_every_scale() -> None:
    canvas = black(scale=4)
    canvas.ring((2, 3, 6, 7), WHITE, 2)
    assert canvas.pixels.shape == (HEIGHT * 4, WIDTH * 4, 3)
    assert (canvas.pixels[11:13, 8:24] == 255).all() and not canvas.pixels[13:27, 9:23].any()
    grey = Canvas(np.arange(6, dtype=np.uint8).reshape(1, 2, 3), 3)
    assert (grey.pixels[:, :3] == [0, 1, 2]).all() and (grey.pixels[:, 3:] == [3, 4, 5]).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_left_out(bad: float) -> None:
    canvas = black()
    canvas.ring((1, 1, bad, 5), WHITE, 1)
    canvas.line((1, bad), (4, 4), 1, WHITE)
    canvas.lattice((bad, 0, 4, 4), 2, 2, WHITE, 1, 1)
    assert not canvas.pixels.any()


def test_lines_and_letters_grow_with_the_picture() -> None:
    assert (black(480, 640).stroke, black(480, 640).text) == (2, 16)
    assert (black(1080, 1920).stroke, black(1080, 1920).text) == (4, 36)
    assert (black(1, 1).stroke, black(1, 1).text) == (1, 12)
