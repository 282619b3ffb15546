"""How 4, 5 and 6 are written."""

from __future__ import annotations

from explorer.training.digits.allographs import allograph
from explorer.training.digits.pen import CORNER, Pen, Point, Stroke


@allograph(4, 4)
def four_open(pen: Pen) -> list[Stroke]:
    """Left arm down, bar to the right, a stem on its own."""
    bar, stem = pen.between(0.42, 0.66), pen.between(0.55, 0.8)
    arm = (pen.between(0.02, 0.3), pen.between(0.0, 0.2))
    turn = pen.between(0.0, 0.15), bar
    corner = (*turn, CORNER) if pen.chance(0.7) else turn
    left = pen.stroke(arm, corner, (stem + pen.between(-0.02, 0.3), bar + pen.between(-0.1, 0.05)))
    top, foot = (stem + pen.between(-0.05, 0.12), pen.between(-0.08, 0.3)), (stem + pen.between(-0.15, 0.08), 1.0)
    return [left, pen.stroke(top, foot)]


@allograph(4, 1.2)
def four_closed(pen: Pen) -> list[Stroke]:
    """A slant, a bar and a stem that meet in a closed triangle."""
    top = (pen.between(0.5, 0.7), 0.0)
    bar, stem = pen.between(0.55, 0.72), top[0] + pen.between(-0.03, 0.08)
    turn = (pen.between(0.0, 0.1), bar, CORNER)
    right = stem + pen.between(0.05, 0.3)
    if pen.chance(0.5):
        foot = (stem, pen.between(0.95, 1.05))
        return [
            pen.stroke(top, turn, (right, bar + pen.between(-0.05, 0.04))),
            pen.stroke((stem, pen.between(-0.02, 0.15)), foot),
        ]
    up = [(stem, pen.between(0.0, 0.1)), (stem + pen.between(-0.08, 0.05), 1.0)]
    return [pen.stroke((right, bar + pen.between(-0.05, 0.03)), turn, (*up[0], CORNER), up[1])]


@allograph(4, 2.5)
def four_cup(pen: Pen) -> list[Stroke]:
    """The left arm is a cup whose right side runs down as the stem."""
    right = pen.between(0.6, 0.8)
    low = pen.between(0.4, 0.58)
    cup = [
        (pen.between(0.05, 0.25), pen.between(0.0, 0.15)),
        (pen.between(0.0, 0.12), low - pen.between(0.1, 0.2)),
        (pen.between(0.22, 0.38), low),
        (right - pen.between(0.06, 0.14), low - pen.between(0.08, 0.18)),
    ]
    top = (right + pen.between(0.0, 0.1), pen.between(-0.05, 0.22))
    stem = [top, (right - pen.between(0.0, 0.1), pen.between(0.5, 0.65)), (right - pen.between(0.02, 0.25), 1.0)]
    if pen.chance(0.5):
        return [pen.stroke(*cup, (*top, CORNER), *stem[1:])]
    return [pen.stroke(*cup, (right, low - pen.between(0.1, 0.2))), pen.stroke(*stem)]


@allograph(4, 0.8)
def four_looped(pen: Pen) -> list[Stroke]:
    """In one go: down the arm, round a loop at the corner, the bar, up and down the stem."""
    size, bar, stem = pen.between(0.05, 0.14), pen.between(0.5, 0.65), pen.between(0.55, 0.75)
    x = pen.between(0.05, 0.15)
    arm = [(pen.between(0.3, 0.5), 0.0), (x, bar - 0.05)]
    loop = [(x + 0.3 * size, bar + size), (x + 1.6 * size, bar + 0.2 * size), (stem, bar - pen.between(0.02, 0.1))]
    top = (stem + pen.between(0.0, 0.12), pen.between(0.05, 0.3))
    return [pen.stroke(*arm, *loop, (stem + 0.15, bar - 0.1)), pen.stroke(top, (stem - pen.between(0.0, 0.1), 1.0))]


def _five_bow(pen: Pen) -> list[Point]:
    """The bow, from after the shoulder to its end at the lower left."""
    return [
        (pen.between(0.4, 0.6), pen.between(0.32, 0.5)),
        (pen.between(0.6, 0.95), pen.between(0.58, 0.76)),
        (pen.between(0.36, 0.58), pen.between(0.96, 1.0)),
        (pen.between(-0.1, 0.22), pen.between(0.66, 1.0)),
    ]


@allograph(5, 2.5)
def five_one_go(pen: Pen) -> list[Stroke]:
    """From the right end of the bar to the left, down, and round the bow."""
    top, left = pen.between(-0.02, 0.08), pen.between(0.1, 0.3)
    bar: list[Point] = [(pen.between(0.65, 1.1), top + pen.between(-0.08, 0.04)), (left + 0.06, top, CORNER)]
    shoulder = (left - pen.between(-0.02, 0.12), pen.between(0.36, 0.5))
    turn: Point = (*shoulder, CORNER) if pen.chance(0.6) else shoulder
    return [pen.stroke(*bar, turn, *_five_bow(pen))]


@allograph(5, 2.5)
def five_detached(pen: Pen) -> list[Stroke]:
    """Down and round first, then the bar, which may miss the stem."""
    top, left = pen.between(0.02, 0.12), pen.between(0.1, 0.28)
    shoulder = (left - pen.between(-0.02, 0.12), pen.between(0.36, 0.48))
    turn: Point = (*shoulder, CORNER) if pen.chance(0.6) else shoulder
    body = pen.stroke((left + pen.between(0, 0.06), top), turn, *_five_bow(pen))
    start = (left + pen.between(-0.05, 0.35), top + pen.between(-0.14, 0.05))
    bar = pen.stroke(start, (pen.between(0.65, 1.25), top + pen.between(-0.22, 0.04)))
    return [body, bar]


@allograph(5, 1.2)
def five_soft(pen: Pen) -> list[Stroke]:
    """Like an s: no corner anywhere."""
    head = [
        (pen.between(0.75, 1.0), pen.between(0.0, 0.1)),
        (pen.between(0.35, 0.5), pen.between(0.0, 0.06)),
        (pen.between(0.1, 0.25), pen.between(0.22, 0.34)),
    ]
    return [pen.stroke(*head, *_five_bow(pen))]


@allograph(5, 0.8)
def five_small_bow(pen: Pen) -> list[Stroke]:
    """A long stem or bar and a small, straight bow."""
    left = pen.between(0.2, 0.35)
    bar: list[Point] = [(pen.between(0.7, 1.0), pen.between(0.0, 0.1)), (left, pen.between(0.0, 0.1), CORNER)]
    shoulder = (left - 0.06, pen.between(0.4, 0.55), CORNER)
    bow = [
        (pen.between(0.5, 0.65), pen.between(0.5, 0.65)),
        (pen.between(0.45, 0.6), 0.92),
        (pen.between(0.1, 0.3), 0.98),
    ]
    return [pen.stroke(*bar, shoulder, *bow)]


@allograph(6, 4)
def six_curved(pen: Pen) -> list[Stroke]:
    """A bent stem that runs round into a ring."""
    return [
        pen.stroke(
            (pen.between(0.5, 0.95), pen.between(0.0, 0.06)),
            (pen.between(0.2, 0.4), pen.between(0.22, 0.35)),
            *_six_ring(pen),
        )
    ]


@allograph(6, 2)
def six_straight(pen: Pen) -> list[Stroke]:
    """A straight stem and a ring at its foot."""
    return [
        pen.stroke((pen.between(0.2, 0.6), 0.0), (pen.between(0.08, 0.28), pen.between(0.35, 0.45)), *_six_ring(pen))
    ]


@allograph(6, 1)
def six_open(pen: Pen) -> list[Stroke]:
    """The ring does not come back to the stem."""
    stem = [(pen.between(0.45, 0.85), 0.0), (pen.between(0.15, 0.35), pen.between(0.25, 0.38))]
    ring = _six_ring(pen)[:5]
    return [pen.stroke(*stem, *ring, (pen.between(0.22, 0.42), pen.between(0.5, 0.66)))]


@allograph(6, 4.5)
def six_curled(pen: Pen) -> list[Stroke]:
    """A long stem and foot; the ring curls back to the foot, away from the stem."""
    left, top, right = pen.between(0.0, 0.15), pen.between(0.35, 0.66), pen.between(0.55, 1.05)
    inner = left + pen.between(0.12, 0.45)
    stem = [(left + pen.between(0.0, 0.6), 0.0), (left + pen.between(0.0, 0.15), pen.between(0.3, 0.42))]
    foot = [(left + pen.between(0.0, 0.06), pen.between(0.65, 0.78)), (pen.between(0.32, 0.5), 1.0)]
    ring: list[Point] = [
        (right, (top + 1) / 2 + pen.between(-0.05, 0.1)),
        ((inner + right) / 2 + pen.between(-0.05, 0.12), top),
        (inner, (top + 1) / 2 + pen.between(-0.08, 0.08)),
        (inner + pen.between(0.0, 0.2), pen.between(0.86, 1.0)),
    ]
    return [pen.stroke(*stem, *foot, *ring[: 4 - pen.chance(0.35) - pen.chance(0.1)])]


@allograph(6, 1)
def six_wound(pen: Pen) -> list[Stroke]:
    """The ring winds on into itself, or crosses the stem."""
    stem = [(pen.between(0.4, 0.85), 0.0), (pen.between(0.12, 0.35), pen.between(0.25, 0.38))]
    ring = _six_ring(pen)
    x, y = ring[-1][:2]
    return [pen.stroke(*stem, *ring, (x + pen.between(-0.25, 0.12), y + pen.between(0.0, 0.2)))]


def _six_ring(pen: Pen) -> list[Point]:
    """From the left side down, round against the clock, back to the left."""
    top, wide = pen.between(0.38, 0.66), pen.between(0.45, 0.95)
    left, middle = pen.between(0.0, 0.12), (top + 1) / 2
    return [
        (left, middle),
        (left + 0.38 * wide, 1.0),
        (left + wide, middle + pen.between(-0.04, 0.1)),
        (left + pen.between(0.62, 0.78) * wide, top + pen.between(0.0, 0.06)),
        (left + pen.between(0.3, 0.45) * wide, top + pen.between(0.02, 0.1)),
        (left + pen.between(0.0, 0.15) * wide, middle + pen.between(0.0, 0.12)),
    ]
