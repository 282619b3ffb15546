"""Dogs: longer muzzle, hanging or pricked ears, deep chest, every size."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from explorer.streetscape import quadruped
from explorer.streetscape.camera import Point3
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import FUR, PAINT, Colour, darker, mix
from explorer.streetscape.quadruped import Beast
from explorer.streetscape.registry import Figure, Kind
from explorer.streetscape.sketch import Sketch

Looks = tuple[float, str, str, Colour | None]


def breed(dice: Dice) -> tuple[Beast, Looks]:
    """A dog, with its muzzle length, ears, tail and collar."""
    coat, kind = dice.pick(FUR), dice.weigh({"hound": 2.0, "shepherd": 2.0, "small": 2.0, "low": 1.0, "slim": 1.0})
    beast = Beast(
        tall=dice.between(0.42, 0.68),
        long=dice.between(1.05, 1.3),
        chest=dice.between(0.24, 0.3),
        waist=dice.between(0.18, 0.24),
        leg=dice.between(0.075, 0.1),
        neck=dice.between(0.26, 0.42),
        head=dice.between(0.19, 0.23),
        coat=coat,
        second=darker(coat, 0.55) if dice.chance(0.5) else dice.pick(FUR),
        pattern=dice.weigh({"plain": 2.4, "spots": 1.6, "saddle": 1.6, "socks": 1.0}),
        pose=dice.weigh({"walk": 4.0, "stand": 1.8, "sit": 2.4, "lie": 1.4}),
        phase=dice.unit(),
        turn=dice.between(-1, 1),
        belly=dice.chance(0.45),
        marks=tuple((dice.unit(), dice.unit(), dice.between(0.25, 0.6)) for _ in range(4)),
    )
    if kind == "small":
        beast = replace(beast, tall=dice.between(0.26, 0.36), head=0.27, neck=0.34)
    elif kind == "low":
        beast = replace(beast, tall=dice.between(0.28, 0.36), long=1.75, head=0.28, chest=0.32, waist=0.28, leg=0.12)
    elif kind == "slim":
        beast = replace(beast, leg=0.062, waist=0.15, neck=0.5)
    muzzle = dice.between(0.75, 1.3) if kind != "small" else dice.between(0.55, 0.9)
    ears = dice.weigh({"hang": 2.4, "prick": 1.8, "fold": 1.2}) if kind != "shepherd" else "prick"
    return beast, (
        muzzle,
        ears,
        dice.pick(("up", "low", "curl", "plume")),
        dice.pick(PAINT) if dice.chance(0.5) else None,
    )


def head(s: Sketch, b: Beast, at: Point3, looks: Looks) -> None:
    """A skull, a muzzle and ears that hang or stand."""
    (x, y, _), (muzzle, ears, _, collar) = at, looks
    r = b.head * b.tall
    back = s.depth(1.0, 0.0) > 0.45
    if collar:
        ring = [
            (x - 0.75 * r + 0.25 * r * q, y - 0.95 * r - 0.12 * r * q, z * r * 0.5, r * 0.36)
            for q in (0,)
            for z in (-1, 1)
        ]
        s.hull(ring, s.ink(collar, 0.8))
    order = sorted((-1, 1), key=lambda q: -s.depth(0, q))
    if ears == "prick":
        for side in order:
            _prick(s, b, x, y, r, side, back)
    s.blob(((x - 0.1 * r, y + 0.1 * r, 0.0, r * 0.92), (x + 0.25 * r, y, 0.0, r * 0.78)), b.coat, 1.04)
    snout = (
        mix(b.coat, (252, 244, 230), 0.6) if b.belly else mix(b.coat, b.second, 0.35 if b.pattern == "saddle" else 0.0)
    )
    end = x + (0.75 + muzzle) * r
    if not back:
        s.blob(((x + 0.5 * r, y - 0.22 * r, 0.0, r * 0.56), (end - 0.25 * r, y - 0.36 * r, 0.0, r * 0.36)), snout, 1.02)
        s.layer += 0.5
        s.hull(((end, y - 0.22 * r, 0.0, r * 0.19),), s.ink((34, 30, 34), 0.6))
        if s.detail:
            _face(s, b, x, y, r, end)
        s.layer -= 0.5
    if ears != "prick":
        s.layer += 0.6
        for side in order:
            _hang(s, b, x, y, r, side, ears)
        s.layer -= 0.6


def _face(s: Sketch, b: Beast, x: float, y: float, r: float, end: float) -> None:
    for side in (-1, 1):
        if s.facing(x + r, y, side * 0.4 * r, 0.7, 0.0, 0.7 * side):
            s.hull(((x + 0.72 * r, y + 0.24 * r, side * 0.42 * r, r * 0.14),), s.ink((36, 28, 28), 0.5))
            if s.detail > 2:
                s.hull(((x + 0.78 * r, y + 0.29 * r, side * 0.42 * r, r * 0.045),), s.ink((255, 255, 255), 1.0))
            if s.detail > 1:
                s.line(
                    [(end - 0.05 * r, y - 0.5 * r, side * 0.12 * r), (x + 0.6 * r, y - 0.55 * r, side * 0.42 * r)],
                    s.ink(darker(b.coat, 0.6), 0.5),
                    0.05 * r,
                    0.4,
                )
    if b.turn > 0.4 and s.detail > 1:
        s.hull(
            ((end - 0.2 * r, y - 0.75 * r, 0.0, r * 0.16), (end - 0.25 * r, y - 0.95 * r, 0.0, r * 0.14)),
            s.ink((226, 120, 124), 0.8),
        )


def _prick(s: Sketch, b: Beast, x: float, y: float, r: float, side: int, back: bool) -> None:
    ear = [
        (x - 0.35 * r, y + 0.4 * r, side * 0.95 * r),
        (x + 0.05 * r, y + 0.8 * r, side * 0.2 * r),
        (x - 0.2 * r, y + 1.75 * r, side * 0.62 * r),
    ]
    s.outline(
        [*ear, (x - 0.5 * r, y + 0.6 * r, side * 0.5 * r)], s.ink(b.second if b.pattern == "saddle" else b.coat, 0.45)
    )
    if s.detail > 1 and not back:
        s.outline(
            [
                (x - 0.2 * r, y + 0.6 * r, side * 0.78 * r),
                (x + 0.05 * r, y + 0.8 * r, side * 0.4 * r),
                (x - 0.12 * r, y + 1.5 * r, side * 0.6 * r),
            ],
            s.ink(mix(b.coat, (190, 130, 120), 0.5), 0.5),
        )


def _hang(s: Sketch, b: Beast, x: float, y: float, r: float, side: int, ears: str) -> None:
    shade = darker(b.second if b.pattern in ("spots", "saddle") else b.coat, 0.22)
    drop = -0.85 if ears == "hang" else 0.25
    s.hull(
        (
            (x - 0.3 * r, y + 0.72 * r, side * 0.72 * r, r * 0.24),
            (x - 0.28 * r, y + drop * r, side * 1.08 * r, r * 0.3),
            (x - 0.05 * r, y + (drop + 0.45) * r, side * 1.02 * r, r * 0.26),
        ),
        s.ink(shade, 0.6),
    )


def tail(s: Sketch, b: Beast, rump: Point3, looks: Looks) -> None:
    """A tail that stands, hangs, curls over the back, or waves like a plume."""
    t, (x, y, _), style = b.tall, rump, looks[2]
    if b.pose in ("sit", "lie"):
        points: list[Point3] = [
            (x - 0.2 * t, 0.12 * t, 0.0),
            (x - 0.5 * t, 0.07 * t, 0.1 * t),
            (x - 0.72 * t, 0.09 * t, 0.22 * t),
        ]
    else:
        points = {
            "up": [
                (x - 0.16 * t, y + 0.08 * t, 0.0),
                (x - 0.36 * t, y + 0.34 * t, 0.0),
                (x - 0.42 * t, y + 0.62 * t, 0.04 * t),
            ],
            "low": [(x - 0.18 * t, y, 0.0), (x - 0.38 * t, y - 0.24 * t, 0.0), (x - 0.44 * t, y - 0.5 * t, 0.0)],
            "curl": [
                (x - 0.16 * t, y + 0.1 * t, 0.0),
                (x - 0.26 * t, y + 0.4 * t, 0.0),
                (x - 0.04 * t, y + 0.46 * t, 0.06 * t),
            ],
            "plume": [
                (x - 0.16 * t, y + 0.04 * t, 0.0),
                (x - 0.44 * t, y + 0.12 * t, 0.0),
                (x - 0.68 * t, y + 0.3 * t, 0.0),
            ],
        }[style]
    thick = (0.05, 0.055, 0.025) if style in ("up", "low") else (0.07, 0.11, 0.05)
    for k in (0, 1):
        s.blob(((*points[k], thick[k] * t), (*points[k + 1], thick[k + 1] * t)), b.coat)


def figure(b: Beast, looks: Looks) -> Figure:
    """A known dog."""
    f = quadruped.skeleton(b)
    tall = max(f.head[1] + 1.2 * b.head * b.tall, b.tall * 1.1 if b.pose in ("walk", "stand") else 0.0)
    painter = partial(quadruped.paint, b=b, head=partial(head, looks=looks), tail=partial(tail, looks=looks))
    return Figure(tall, b.long * b.tall * 1.5, 0.5 * b.tall, painter)


def make(dice: Dice) -> Figure:
    """A dog."""
    return figure(*breed(dice))


KIND = Kind("dog", make, {"sidewalk": 3.0, "grass": 2.0, "kerb": 0.4, "road": 0.5}, along=0.4, tallest=0.6)
