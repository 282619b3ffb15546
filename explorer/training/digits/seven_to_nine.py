"""How 7, 8 and 9 are written."""

from __future__ import annotations

from explorer.training.digits.allographs import allograph
from explorer.training.digits.pen import CORNER, Pen, Point, Stroke


def _seven(pen: Pen) -> list[Point]:
    """Bar, corner, leg."""
    corner = pen.between(0.72, 0.95), pen.between(0.0, 0.16)
    start = (pen.between(0.0, 0.25), pen.between(-0.05, 0.25))
    bar = [start, (pen.between(0.35, 0.55), (start[1] + corner[1]) / 2 + pen.between(-0.08, 0.12))]
    foot = (pen.between(0.1, 0.6), 1.0)
    bend = pen.between(-0.12, 0.06)
    leg = ((corner[0] + foot[0]) / 2 + bend, 0.5)
    turn: Point = (*corner, CORNER) if pen.chance(0.75) else corner
    return [*bar, turn, leg, foot]


@allograph(7, 5)
def seven_plain(pen: Pen) -> list[Stroke]:
    """A bar and a leg, straight or bent."""
    return [pen.stroke(*_seven(pen))]


@allograph(7, 1.6)
def seven_crossed(pen: Pen) -> list[Stroke]:
    """With a stroke through the leg."""
    points = _seven(pen)
    x, y = points[-2][0], pen.between(0.38, 0.74)
    cross = pen.stroke(
        (x - pen.between(0.15, 0.4), y + pen.between(-0.05, 0.08)),
        (x + pen.between(0.15, 0.38), y + pen.between(-0.08, 0.05)),
    )
    return [pen.stroke(*points), cross]


@allograph(7, 1.6)
def seven_serif(pen: Pen) -> list[Stroke]:
    """The bar begins with a tick that comes from below, or stands on its own stroke."""
    points = _seven(pen)
    x, y = points[0][:2]
    tick = (x + pen.between(-0.08, 0.06), y + pen.between(0.1, 0.3))
    return [pen.stroke(tick, (x, y, CORNER), *points[1:])]


@allograph(7, 1.3)
def seven_round(pen: Pen) -> list[Stroke]:
    """No corner: the bar bends into the leg."""
    start = (pen.between(0.0, 0.2), pen.between(0.03, 0.3))
    over = [(pen.between(0.35, 0.5), pen.between(0.0, 0.08)), (pen.between(0.7, 0.85), pen.between(0.08, 0.28))]
    return [pen.stroke(start, *over, (pen.between(0.5, 0.7), pen.between(0.5, 0.6)), (pen.between(0.2, 0.6), 1.0))]


def _eight(pen: Pen) -> list[Point]:
    """From the upper right over the top, down the s, round the foot and up again."""
    cross, upper, lower = pen.between(0.32, 0.6), pen.between(0.18, 0.42), pen.between(0.14, 0.42)
    return [
        (0.5, 0.0),
        (0.5 - upper, cross * pen.between(0.42, 0.58)),
        (0.5, cross),
        (0.5 + lower, cross + (1 - cross) * pen.between(0.42, 0.6)),
        (0.5, 1.0),
        (0.5 - lower * pen.between(0.8, 1.05), cross + (1 - cross) * pen.between(0.45, 0.65)),
        (0.5 + pen.between(-0.04, 0.06), cross + pen.between(-0.05, 0.06)),
        (0.5 + upper, cross * pen.between(0.4, 0.6)),
    ]


@allograph(8, 4)
def eight_one_go(pen: Pen) -> list[Stroke]:
    """One line that crosses itself and closes at the top."""
    points = _eight(pen)
    start = (0.5 + pen.between(0.05, 0.3), pen.between(0.02, 0.15))
    return [pen.stroke(start, *points, (start[0] + pen.between(-0.25, 0.05), pen.between(-0.03, 0.08)))]


@allograph(8, 3)
def eight_open(pen: Pen) -> list[Stroke]:
    """One line whose ends pass each other at the top, or do not meet."""
    points = _eight(pen)
    start = (0.5 + pen.between(0.1, 0.42), pen.between(0.02, 0.3))
    end = (0.5 + pen.between(0.15, 0.6), pen.between(-0.15, 0.25))
    return [pen.stroke(start, *points[:-1], end)]


@allograph(8, 1)
def eight_from_the_waist(pen: Pen) -> list[Stroke]:
    """From the middle round the upper ring, then the lower, which may stay open."""
    waist, up, down = pen.between(0.38, 0.6), pen.between(0.18, 0.4), pen.between(0.14, 0.4)
    upper = [(0.5 + up, waist * 0.5), (0.5, 0.0), (0.5 - up, waist * 0.5), (0.5, waist)]
    lower = [(0.5 + down, (waist + 1) / 2), (0.5, 1.0), (0.5 - down, (waist + 1) / 2 + pen.between(-0.05, 0.1))]
    end = (0.5 + pen.between(-0.15, 0.2), waist + pen.between(-0.03, 0.12))
    return [pen.stroke((0.5 + pen.between(-0.1, 0.1), waist + pen.between(-0.06, 0.06)), *upper, *lower, end)]


@allograph(8, 1.2)
def eight_rings(pen: Pen) -> list[Stroke]:
    """Two rings, one upon the other."""
    waist = pen.between(0.36, 0.58)
    up, down = pen.between(0.18, 0.4), pen.between(0.18, 0.42)
    shift = pen.between(-0.05, 0.05)
    upper = pen.arc((0.5 + shift, waist / 2), (up, waist / 2), pen.between(40, 130), -pen.between(350, 375))
    lower = pen.arc((0.5, (1 + waist) / 2), (down, (1 - waist) / 2), pen.between(-120, -60), pen.between(350, 375))
    return [pen.stroke(*upper), pen.stroke(*lower)]


@allograph(8, 1)
def eight_narrow(pen: Pen) -> list[Stroke]:
    """One line with a long slanting stroke, so narrow that a ring may fill."""
    points = [(0.5 + (p[0] - 0.5) * pen.between(0.35, 0.75), p[1]) for p in _eight(pen)]
    return [pen.stroke((0.62, pen.between(0.02, 0.12)), *points, (0.58, pen.between(-0.04, 0.05)))]


def _nine_ring(pen: Pen) -> tuple[list[Point], float]:
    """From the right side over the top, round against the clock, back to the right; and where the right side is."""
    low, right = pen.between(0.28, 0.58), pen.between(0.55, 0.9)
    middle = low / 2
    return [
        (right - pen.between(0.0, 0.1), pen.between(0.1, 0.22)),
        (right * pen.between(0.45, 0.62), pen.between(0.0, 0.04)),
        (pen.between(0.0, 0.16), middle + pen.between(-0.02, 0.06)),
        (right * pen.between(0.36, 0.52), low),
        (right - pen.between(0.08, 0.18), middle + pen.between(0.05, 0.14)),
        (right, pen.between(0.05, 0.18)),
    ], right


@allograph(9, 4)
def nine_straight(pen: Pen) -> list[Stroke]:
    """A ring and a straight tail, in one go."""
    ring, right = _nine_ring(pen)
    turn: Point = (*ring[-1][:2], CORNER)
    return [pen.stroke(*ring[:-1], turn, (right - pen.between(0.0, 0.35), 1.0))]


@allograph(9, 2.5)
def nine_bent(pen: Pen) -> list[Stroke]:
    """The tail bends, outward or with a hook to the left."""
    ring, right = _nine_ring(pen)
    tail = [
        (right - pen.between(-0.03, 0.12), pen.between(0.45, 0.65)),
        (right - pen.between(0.05, 0.3), pen.between(0.85, 0.97)),
    ]
    hook = [(pen.between(0.0, 0.4), pen.between(0.88, 1.02))] if pen.chance(0.6) else []
    return [pen.stroke(*ring[:-1], (*ring[-1][:2], CORNER), *tail, *hook)]


@allograph(9, 2.2)
def nine_open(pen: Pen) -> list[Stroke]:
    """The ring is open at the top, or its start hangs over."""
    ring, right = _nine_ring(pen)
    start = (right - pen.between(0.1, 0.35), pen.between(0.0, 0.12))
    tail = [(right - pen.between(0.0, 0.12), pen.between(0.5, 0.65)), (right - pen.between(0.05, 0.35), 1.0)]
    top = (right + pen.between(-0.02, 0.06), pen.between(0.0, 0.32))
    hook = [(pen.between(0.1, 0.45), pen.between(0.9, 1.02))] if pen.chance(0.2) else []
    return [pen.stroke(start, *ring[1:5], (right, pen.between(0.12, 0.3))), pen.stroke(top, *tail, *hook)]


@allograph(9, 1.2)
def nine_stem(pen: Pen) -> list[Stroke]:
    """A closed ring first, then a stem drawn down beside it."""
    low, right = pen.between(0.3, 0.55), pen.between(0.4, 0.85)
    ring = pen.arc((right / 2, low / 2), (right / 2, low / 2), pen.between(-60, 0), -pen.between(350, 385))
    stem = pen.stroke(
        (right + pen.between(-0.03, 0.03), pen.between(-0.03, 0.15)), (right - pen.between(0.0, 0.3), 1.0)
    )
    return [pen.stroke(*ring), stem]
