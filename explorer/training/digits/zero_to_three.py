"""How 0, 1, 2 and 3 are written."""

from __future__ import annotations

from explorer.training.digits.allographs import allograph
from explorer.training.digits.pen import CORNER, Pen, Point, Stroke


@allograph(0, 5)
def zero_ring(pen: Pen) -> list[Stroke]:
    """Slim to round, one turn against the clock from the top, closing short, exactly or over."""
    radii = (pen.between(0.18, 0.5), 0.5) if pen.chance(0.82) else (0.5, pen.between(0.2, 0.45))
    start, way = pen.between(-140, -30), -1 if pen.chance(0.85) else 1
    sweep = pen.between(335, 400)
    return [pen.stroke(*pen.arc((0.5, 0.5), radii, start, way * sweep, pen.between(0.85, 1.1)))]


@allograph(0, 1.3)
def zero_open(pen: Pen) -> list[Stroke]:
    """With a gap where the ring should close."""
    radii = pen.between(0.25, 0.5), 0.5
    return [pen.stroke(*pen.arc((0.5, 0.5), radii, pen.between(-125, -45), -pen.between(290, 340)))]


@allograph(0, 1.2)
def zero_hooked(pen: Pen) -> list[Stroke]:
    """The end runs on into the ring, or beyond it, as a hook."""
    radii = pen.between(0.28, 0.5), 0.5
    ring = pen.arc((0.5, 0.5), radii, pen.between(-110, -60), -pen.between(350, 385), pen.between(0.9, 1.05))
    x, y = ring[-1][:2]
    tail = (x + pen.between(-0.35, 0.05), y + pen.between(-0.05, 0.22))
    return [pen.stroke(*ring, tail)]


@allograph(0, 0.8)
def zero_leaning(pen: Pen) -> list[Stroke]:
    """Two bows meeting at the top and the bottom, pointed there."""
    wide = pen.between(0.2, 0.42)
    top, foot = (0.5 + pen.between(-0.1, 0.15), 0.0), (0.5 + pen.between(-0.1, 0.1), 1.0)
    high, low = pen.between(0.18, 0.32), pen.between(0.68, 0.82)
    left = pen.stroke(top, (0.5 - wide, high), (0.5 - wide, low), foot)
    start = (top[0] - pen.between(0, 0.15), 0.02)
    right = pen.stroke(start, (0.5 + wide, high), (0.5 + wide * pen.between(0.75, 1.0), low), foot)
    return [left, right]


@allograph(1, 8)
def one_bar(pen: Pen) -> list[Stroke]:
    """Nothing but a bar, straight or a little bent."""
    if pen.chance(0.5):
        return [pen.stroke((0.5, 0.0), (0.5, 1.0))]
    bend = pen.between(-0.07, 0.07)
    return [pen.stroke((0.5, 0.0), (0.5 + bend, 0.5), (0.5, 1.0))]


@allograph(1, 1.3)
def one_flag(pen: Pen) -> list[Stroke]:
    """With a flag at the top, short or long."""
    flag = (0.5 - pen.between(0.06, 0.3), pen.between(0.1, 0.32))
    return [pen.stroke(flag, (0.5, 0.0, CORNER), (0.5 + pen.between(-0.05, 0.05), 1.0))]


@allograph(1, 0.5)
def one_base(pen: Pen) -> list[Stroke]:
    """With a base, and most often a flag."""
    wide = pen.between(0.15, 0.35)
    strokes = one_flag(pen) if pen.chance(0.75) else one_bar(pen)
    base = pen.stroke((0.5 - wide, 1.0), (0.5 + wide * pen.between(0.8, 1.1), pen.between(0.97, 1.02)))
    return [*strokes, base]


def _two_top(pen: Pen) -> list[tuple[float, float]]:
    """From the start on the left over the bow to its right side."""
    start = (pen.between(-0.02, 0.3), pen.between(0.08, 0.4))
    return [start, (pen.between(0.32, 0.5), pen.between(0.0, 0.03)), (pen.between(0.7, 0.88), pen.between(0.2, 0.34))]


@allograph(2, 4)
def two_plain(pen: Pen) -> list[Stroke]:
    """A bow, a slant to a corner at the lower left, a base."""
    foot = pen.between(0.0, 0.14), pen.between(0.9, 1.0), CORNER
    middle = (pen.between(0.42, 0.6), pen.between(0.55, 0.68))
    base = [(pen.between(0.4, 0.6), pen.between(0.88, 1.0)), (pen.between(0.75, 1.15), pen.between(0.85, 1.08))]
    return [pen.stroke(*_two_top(pen), middle, foot, *base)]


@allograph(2, 5)
def two_looped(pen: Pen) -> list[Stroke]:
    """The slant runs through a loop into the base: a mere eye, or as large as the bow."""
    wide, tall = pen.between(0.1, 0.42), pen.between(0.1, 0.4)
    x, low = pen.between(0.18, 0.5), pen.between(0.9, 1.02)
    loop = [
        (x, low),
        (x - 0.8 * wide, low - pen.between(0.15, 0.5) * tall),
        (x - pen.between(0.1, 0.4) * wide, low - tall),
        (x + 0.6 * wide, low - pen.between(0.45, 0.9) * tall),
    ]
    tail = [(pen.between(0.6, 0.8), pen.between(0.86, 0.98)), (pen.between(0.85, 1.2), pen.between(0.78, 1.15))]
    slant = (pen.between(0.5, 0.74), pen.between(0.52, 0.7))
    return [pen.stroke(*_two_top(pen), slant, *loop, *tail[pen.chance(0.3) :])]


@allograph(2, 1)
def two_angular(pen: Pen) -> list[Stroke]:
    """Like a z: a roof, hardly bent, a slant, a base."""
    roof = [(pen.between(0.0, 0.2), pen.between(0.03, 0.2)), (pen.between(0.4, 0.6), pen.between(0.0, 0.08))]
    turn = pen.between(0.68, 0.88), pen.between(0.08, 0.25)
    foot = pen.between(0.0, 0.12), pen.between(0.88, 1.0), CORNER
    sharp = (*turn, CORNER) if pen.chance(0.4) else turn
    return [pen.stroke(*roof, sharp, foot, (pen.between(0.75, 1.1), pen.between(0.9, 1.08)))]


@allograph(2, 1)
def two_swan(pen: Pen) -> list[Stroke]:
    """The bow starts with a hook inside, the base is a wave."""
    hook = [(pen.between(0.15, 0.32), pen.between(0.28, 0.45)), (pen.between(0.02, 0.12), pen.between(0.15, 0.25))]
    bow = [(0.42, 0.0), (pen.between(0.7, 0.86), pen.between(0.18, 0.32)), (pen.between(0.4, 0.55), 0.62)]
    wave = [(pen.between(0.3, 0.42), pen.between(0.84, 0.95)), (0.65, 0.99), (pen.between(0.85, 1.1), 0.88)]
    return [pen.stroke(*hook, *bow, (pen.between(0.0, 0.12), pen.between(0.93, 1.0), CORNER), *wave)]


def _three(pen: Pen, waist: list[tuple[float, float] | tuple[float, float, bool]]) -> Stroke:
    """Upper bow, the waist as given, lower bow."""
    upper = [
        (pen.between(0.02, 0.25), pen.between(0.06, 0.22)),
        (pen.between(0.4, 0.58), pen.between(0.0, 0.03)),
        (pen.between(0.7, 0.88), pen.between(0.16, 0.28)),
    ]
    lower = [
        (pen.between(0.74, 0.95), pen.between(0.64, 0.8)),
        (pen.between(0.38, 0.56), pen.between(0.97, 1.0)),
        (pen.between(-0.02, 0.3), pen.between(0.78, 1.0)),
    ]
    return pen.stroke(*upper, *waist, *lower)


@allograph(3, 4)
def three_cusp(pen: Pen) -> list[Stroke]:
    """Two bows that meet in a point."""
    return [_three(pen, [(pen.between(0.2, 0.55), pen.between(0.42, 0.5), CORNER)])]


@allograph(3, 1)
def three_looped(pen: Pen) -> list[Stroke]:
    """A small loop at the waist."""
    x, y, size = pen.between(0.28, 0.45), pen.between(0.44, 0.52), pen.between(0.04, 0.11)
    return [
        _three(pen, [(x, y - 0.2 * size), (x - size, y + size), (x + 0.1 * size, y + 1.2 * size), (x + 1.8 * size, y)])
    ]


@allograph(3, 1.4)
def three_soft(pen: Pen) -> list[Stroke]:
    """The waist hardly goes back."""
    return [_three(pen, [(pen.between(0.5, 0.66), pen.between(0.41, 0.5))])]


@allograph(3, 1.4)
def three_flat(pen: Pen) -> list[Stroke]:
    """A flat roof, a slant back, one bow."""
    roof: list[Point] = [
        (pen.between(0.0, 0.2), pen.between(0.0, 0.1)),
        (pen.between(0.68, 0.9), pen.between(0.0, 0.1), CORNER),
    ]
    waist = pen.between(0.28, 0.58), pen.between(0.32, 0.5), CORNER
    bow = [
        (pen.between(0.7, 0.9), pen.between(0.55, 0.68)),
        (pen.between(0.55, 0.7), 0.93),
        (pen.between(0.3, 0.4), 0.99),
    ]
    return [pen.stroke(*roof, waist, *bow, (pen.between(0.0, 0.15), pen.between(0.8, 0.95)))]
