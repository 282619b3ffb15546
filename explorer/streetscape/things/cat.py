"""Cats: short muzzle, pointed ears, long tail."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from explorer.streetscape import quadruped, trig
from explorer.streetscape.camera import Point3
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import FUR, Colour, darker, mix
from explorer.streetscape.quadruped import Beast
from explorer.streetscape.registry import Figure, Kind
from explorer.streetscape.sketch import Sketch


def breed(dice: Dice) -> Beast:
    """A cat."""
    coat = dice.pick(FUR)
    return Beast(
        tall=dice.between(0.26, 0.36),
        long=dice.between(1.15, 1.4),
        chest=dice.between(0.21, 0.27),
        waist=dice.between(0.19, 0.26),
        leg=dice.between(0.07, 0.09),
        neck=dice.between(0.16, 0.3),
        head=dice.between(0.24, 0.28),
        coat=coat,
        second=darker(coat, 0.5) if dice.chance(0.7) else dice.pick(FUR),
        pattern=dice.weigh({"plain": 2.0, "stripes": 2.2, "spots": 1.0, "tuxedo": 1.0}),
        pose=dice.weigh({"walk": 3.0, "stand": 1.4, "sit": 3.2, "lie": 1.8}),
        phase=dice.unit(),
        turn=dice.between(-1, 1),
        belly=dice.chance(0.4),
        marks=tuple((dice.unit(), dice.unit(), dice.between(0.2, 0.45)) for _ in range(6)),
    )


def head(s: Sketch, b: Beast, at: Point3) -> None:
    """A round head with two tall triangles for ears."""
    x, y, _ = at
    r = b.head * b.tall
    back = s.depth(1.0, 0.0) > 0.45
    inner = mix(b.coat, (214, 140, 130), 0.6)
    for side in sorted((-1, 1), key=lambda q: -s.depth(0, q)):
        tip, foot = (x - 0.1 * r, y + 1.62 * r, side * 0.72 * r), y + 0.45 * r
        ear = [
            (x - 0.1 * r, foot, side * 0.98 * r),
            (x + 0.1 * r, y + 0.78 * r, side * 0.12 * r),
            tip,
            (x - 0.35 * r, foot, side * 0.6 * r),
        ]
        s.outline(ear, s.ink(b.coat, 0.5))
        if s.detail > 1 and not back:
            s.outline(
                [
                    (x + 0.12 * r, y + 0.74 * r, side * 0.82 * r),
                    (x + 0.14 * r, y + 0.78 * r, side * 0.36 * r),
                    (x, y + 1.36 * r, side * 0.7 * r),
                ],
                s.ink(inner, 0.6),
            )
    s.blob(
        ((x, y, -0.22 * r, r * 0.84), (x, y, 0.22 * r, r * 0.84), (x + 0.2 * r, y - 0.12 * r, 0.0, r * 0.8)),
        b.coat,
        1.04,
    )
    s.layer += 0.5
    _face(s, b, x, y, r, back)
    s.layer -= 0.5


def _face(s: Sketch, b: Beast, x: float, y: float, r: float, back: bool) -> None:
    light = mix(b.coat, (252, 246, 236), 0.7 if b.belly or b.pattern == "tuxedo" else 0.25)
    if back:
        return
    s.hull([(x + 0.82 * r, y - 0.3 * r, z * 0.22 * r, r * 0.3) for z in (-1, 1)], s.ink(light, 0.75))
    if s.detail and b.pattern == "stripes":
        for z in (-0.25, 0.0, 0.25):
            s.line(
                [(x + 0.85 * r, y + 0.3 * r, z * r), (x + 0.5 * r, y + 0.76 * r, z * 1.3 * r)],
                s.ink(b.second, 0.5),
                0.1 * r,
                0.4,
            )
    if s.detail:
        s.hull(((x + 1.08 * r, y - 0.18 * r, 0.0, r * 0.11),), s.ink((196, 110, 104), 0.6))
        eye = (172, 190, 92) if b.phase < 0.6 else (226, 178, 70)
        for side in (-1, 1):
            if s.facing(x + r, y, side * 0.4 * r, 0.8, 0.0, 0.6 * side):
                s.hull(((x + 0.78 * r, y + 0.12 * r, side * 0.46 * r, r * 0.2),), s.ink(eye, 0.9))
                s.hull(
                    [(x + 0.82 * r, y + k * r, side * 0.46 * r, r * 0.07) for k in (0.04, 0.2)],
                    s.ink((24, 24, 28), 0.4),
                )
    if s.detail > 1:
        for side in (-1, 1):
            for k in (-0.12, 0.1):
                s.line(
                    [(x + 0.95 * r, y - 0.28 * r, side * 0.3 * r), (x + 0.9 * r, y + (k - 0.25) * r, side * 1.35 * r)],
                    s.ink((246, 242, 236), 0.9),
                    0.02 * r,
                    0.3,
                )


def tail(s: Sketch, b: Beast, rump: Point3) -> None:
    """A long thin tail: up and curled, trailing, or wrapped round the feet."""
    t, (x, y, _) = b.tall, rump
    points: list[Point3] = []
    for k in range(8):
        u = k / 7
        if b.pose in ("sit", "lie"):
            points.append(
                (
                    x - 0.25 * t - 0.5 * t * u + 0.6 * t * u * u,
                    0.06 * t + 0.05 * t * (1 - u),
                    (0.1 + 0.7 * u) * t * (1 if b.turn > 0 else -1),
                )
            )
        elif b.turn > -0.3:
            points.append(
                (
                    x - 0.2 * t - 0.35 * t * u + 0.3 * t * u * u * b.phase,
                    y + 1.05 * t * u - 0.05 * t,
                    0.15 * t * trig.sine(u * b.turn),
                )
            )
        else:
            points.append((x - 0.2 * t - 0.85 * t * u, y - 0.25 * t * u + 0.5 * t * u * u, 0.0))
    for a, c in pairwise(points):
        s.hull(((*a, 0.065 * t), (*c, 0.058 * t)), s.ink(b.coat, 0.55))
    if b.pattern in ("stripes", "tuxedo"):
        tip: Colour = b.second if b.pattern == "stripes" else (246, 240, 230)
        s.hull(((*points[-1], 0.062 * t), (*points[-2], 0.06 * t)), s.ink(tip, 0.6))


def figure(b: Beast) -> Figure:
    """A known cat."""
    f = quadruped.skeleton(b)
    tall = f.head[1] + 1.6 * b.head * b.tall
    return Figure(tall, b.long * b.tall * 1.4, 0.5 * b.tall, partial(quadruped.paint, b=b, head=head, tail=tail))


def make(dice: Dice) -> Figure:
    """A cat."""
    return figure(breed(dice))


KIND = Kind("cat", make, {"sidewalk": 3.0, "grass": 2.0, "kerb": 0.6, "road": 0.4}, along=0.3, tallest=0.6)
