"""Birds: on the wing, on their feet, on the water."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from explorer.streetscape import trig
from explorer.streetscape.camera import Point3
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import FUR, PAINT, Colour, darker, mix
from explorer.streetscape.registry import Figure, Kind
from explorer.streetscape.sketch import Sketch


@dataclass(frozen=True)
class Build:
    """One bird; `long` is its body in metres, all other lengths are shares of it."""

    long: float
    neck: float
    leg: float
    bill: float
    span: float
    coat: Colour
    second: Colour
    bare: Colour
    tip: Colour
    pose: str
    flap: float
    bow: float
    fat: float
    bank: float


def build(dice: Dice) -> Build:
    """A bird."""
    kind = dice.weigh({"pigeon": 2.5, "gull": 2.5, "crow": 1.5, "wader": 1.2, "duck": 1.2, "parrot": 0.8})
    long = {"pigeon": 0.34, "gull": 0.5, "crow": 0.45, "wader": 0.7, "duck": 0.5, "parrot": 0.4}[kind] * dice.between(
        0.9, 1.3
    )
    coat = dice.pick(FUR) if dice.chance(0.75) else dice.pick(PAINT)
    return Build(
        long=long,
        neck={"wader": 0.75, "duck": 0.36, "gull": 0.22}.get(kind, 0.16) * dice.between(0.85, 1.1),
        leg={"wader": 0.85, "duck": 0.16}.get(kind, 0.27) * dice.between(0.85, 1.1),
        bill={"wader": 0.42, "gull": 0.2}.get(kind, 0.16),
        span=dice.between(1.1, 1.5),
        coat=coat,
        second=dice.pick((darker(coat, 0.4), mix(coat, (250, 248, 240), 0.6), dice.pick(FUR))),
        bare=dice.pick(((230, 150, 60), (70, 64, 66), (214, 110, 90), (226, 190, 90))),
        tip=dice.pick((darker(coat, 0.6), (40, 40, 46), coat)),
        pose=dice.weigh({"stand": 3.0, "peck": 1.0, "fly": 3.2}),
        flap=dice.between(-0.16, 0.2),
        bow=dice.between(-0.05, 0.12),
        fat=dice.between(0.19, 0.26),
        bank=dice.between(-0.06, 0.06),
    )


def paint(s: Sketch, b: Build) -> None:
    """The whole bird."""
    if b.pose == "fly":
        _flying(s, b)
    else:
        _standing(s, b)


def _standing(s: Sketch, b: Build) -> None:
    n = b.long
    y = (b.leg + b.fat) * n
    peck = b.pose == "peck"
    if b.pose != "swim":
        for side in sorted((-1, 1), key=lambda q: -s.depth(0, q)):
            foot = (0.06 * n + 0.08 * n * side * (1 if b.bow > 0 else 0), 0.0, side * 0.09 * n)
            ink = s.ink(b.bare, 0.6)
            s.line(
                [
                    (-0.02 * n, y - b.fat * n * 0.6, side * 0.08 * n),
                    (-0.06 * n + foot[0], b.leg * 0.5 * n, side * 0.09 * n),
                    foot,
                ],
                ink,
                0.04 * n,
                0.7,
            )
            s.line(
                [(foot[0] - 0.05 * n, 0.012 * n, foot[2]), (foot[0] + 0.14 * n, 0.012 * n, foot[2])],
                ink,
                0.035 * n,
                0.6,
            )
    tilt = -0.12 * n if peck else 0.1 * n
    chest, rear = (0.18 * n, y + tilt * 0.5, 0.0), (-0.3 * n, y - tilt * 0.4, 0.0)
    tail = (-0.74 * n, y - tilt * 0.9, 0.0)
    up = -(0.1 + b.neck * 0.5) if peck else 0.2 + b.neck
    head = ((0.46 if peck else 0.3) * n, y + up * n, 0.0)
    away = s.depth(1.0, 0.0) > 0.3
    if away:
        _head(s, b, head, chest, away)
    s.outline(
        [(rear[0], rear[1] + 0.05 * n, z * 0.1 * n) for z in (-1, 1)]
        + [(tail[0], tail[1], z * 0.1 * n) for z in (-1, 1)]
        + [(tail[0], tail[1] - 0.05 * n, 0.0)],
        s.ink(b.tip, 0.5),
    )
    s.blob(((*chest, b.fat * n * 1.05), (*rear, b.fat * n * 0.55), (-0.05 * n, y, 0.0, b.fat * n)), b.coat)
    _folded(s, b, y, tilt)
    if not away:
        _head(s, b, head, chest, away)


def _folded(s: Sketch, b: Build, y: float, tilt: float) -> None:
    n, side = b.long, -1.0 if s.depth(0, 1) > 0 else 1.0
    z = side * b.fat * n * 0.9
    s.hull(
        (
            (0.12 * n, y + 0.06 * n + tilt * 0.3, z, 0.12 * n),
            (-0.2 * n, y - 0.02 * n, z, 0.11 * n),
            (-0.6 * n, y - tilt * 0.6, z * 0.3, 0.03 * n),
        ),
        s.ink(b.second, 0.6),
    )
    if s.detail > 1:
        s.hull(
            ((-0.2 * n, y - 0.06 * n, z, 0.05 * n), (-0.62 * n, y - tilt * 0.6 - 0.02 * n, z * 0.3, 0.025 * n)),
            s.ink(b.tip, 0.5),
        )
        s.hull(
            ((0.1 * n, y + 0.1 * n + tilt * 0.3, z, 0.07 * n), (-0.1 * n, y + 0.08 * n, z, 0.06 * n)),
            s.ink(mix(b.second, (255, 255, 255), 0.2), 0.85),
        )


def _head(s: Sketch, b: Build, head: Point3, chest: Point3, away: bool) -> None:
    n, (x, y, _) = b.long, head
    r = 0.13 * n
    s.limb(
        (chest[0] + 0.02 * n, chest[1] + 0.03 * n, 0.0),
        (x, y, 0.0),
        b.fat * n * 0.72 if b.neck < 0.5 else 0.08 * n,
        r * 0.72,
        b.coat,
    )
    down = 0.5 if b.pose == "peck" else 0.06
    if not away:
        s.hull(
            ((x + r * 0.5, y, 0.0, r * 0.42), (x + r * 0.6 + b.bill * n, y - down * b.bill * n, 0.0, 0.012 * n)),
            s.ink(b.bare, 0.8),
        )
    s.blob(((x, y, 0.0, r), (x + 0.3 * r, y - 0.1 * r, 0.0, r * 0.8)), b.second if b.bow > 0.06 else b.coat, 1.05)
    if s.detail and not away:
        for side in (-1, 1):
            if s.facing(x, y, side * r, 0.3, 0, side):
                s.hull(((x + 0.42 * r, y + 0.2 * r, side * 0.7 * r, r * 0.2),), s.ink((250, 246, 236), 0.8))
                s.hull(((x + 0.46 * r, y + 0.2 * r, side * 0.72 * r, r * 0.13),), s.ink((24, 22, 26), 0.4))


def _flying(s: Sketch, b: Build) -> None:
    n = b.long
    y = 0.55 * n
    chest, rear = (0.2 * n, y, 0.0), (-0.3 * n, y - 0.02 * n, 0.0)
    far = 1.0 if s.depth(0, 1) > 0 else -1.0
    _wing(s, b, y, far, 0.78)
    s.outline(
        [(-0.3 * n, y, z * 0.08 * n) for z in (-1, 1)] + [(-0.78 * n, y + 0.02 * n, z * 0.2 * n) for z in (-1, 1)],
        s.ink(b.second, 0.5),
    )
    s.blob(((*chest, b.fat * n * 0.82), (*rear, b.fat * n * 0.45)), b.coat)
    s.clip()
    s.hull(
        ((0.15 * n, y - b.fat * n * 0.7, 0.0, 0.1 * n), (-0.3 * n, y - b.fat * n * 0.4, 0.0, 0.05 * n)),
        s.ink(mix(b.coat, (250, 246, 236), 0.4), 0.5),
    )
    s.unclip()
    _head(s, b, ((0.32 + b.neck * 0.5) * n, y + 0.06 * n, 0.0), chest, s.depth(1.0, 0.0) > 0.6)
    _wing(s, b, y, -far, 1.0)


def _wing(s: Sketch, b: Build, y: float, side: float, shade: float) -> None:
    n, lift = b.long, b.flap + side * b.bank
    root, reach = 0.1 * n, b.span * n
    c1, s1 = trig.cosine(lift), trig.sine(lift)
    c2, s2 = trig.cosine(lift - 0.09), trig.sine(lift - 0.09)
    elbow_z, elbow_y = root + 0.42 * reach * c1, y + 0.06 * n + 0.42 * reach * s1
    tip_z, tip_y = elbow_z + 0.58 * reach * c2, elbow_y + 0.58 * reach * s2
    shoulder = [(0.24 * n, y + 0.06 * n, side * root * 0.6), (-0.2 * n, y + 0.04 * n, side * root * 0.6)]
    elbow = [(0.34 * n, elbow_y, side * elbow_z), (-0.16 * n, elbow_y - 0.03 * n, side * elbow_z)]
    tip = (-0.08 * n, tip_y, side * tip_z)
    outer = (-0.3 * n, (elbow_y + tip_y) / 2 - 0.03 * n, side * (elbow_z + tip_z) / 2)
    s.polygon([elbow[0], tip, outer, elbow[1]], s.ink(b.tip, 0.62 * shade), convex=False)
    s.polygon([shoulder[0], elbow[0], elbow[1], shoulder[1]], s.ink(b.second, 0.7 * shade), convex=False)
    if s.detail:
        s.polygon(
            [shoulder[0], elbow[0], (0.14 * n, elbow_y, side * elbow_z), (0.06 * n, y + 0.06 * n, side * root * 0.6)],
            s.ink(b.coat, 0.95 * shade),
            convex=False,
        )
        s.polygon([elbow[0], tip, (0.1 * n, elbow_y, side * elbow_z)], s.ink(mix(b.coat, b.tip, 0.35), 0.85 * shade))
    if s.detail > 1:
        for k in range(4):
            u = 0.2 + 0.2 * k
            a = ((0.2 - 0.3 * u) * n, elbow_y * (1 - u) + tip_y * u, side * (elbow_z * (1 - u) + tip_z * u))
            s.line(
                [a, ((-0.12 - 0.1 * u) * n, a[1] - 0.02 * n, a[2])],
                s.ink(darker(b.tip, 0.35), 0.5 * shade),
                0.014 * n,
                0.4,
            )


def make(dice: Dice) -> Figure:
    """A bird."""
    return figure(build(dice))


def figure(b: Build) -> Figure:
    """A known bird."""
    if b.pose == "fly":
        return Figure(1.1 * b.long, 1.3 * b.long, 2.2 * b.span * b.long, partial(paint, b=b), places=(("air", 1.0),))
    tall = (b.leg + 2 * b.fat + b.neck + 0.22) * b.long
    return Figure(tall, 1.3 * b.long, 0.5 * b.long, partial(paint, b=b))


KIND = Kind(
    "bird",
    make,
    {"sidewalk": 2.6, "grass": 1.6, "kerb": 0.6, "road": 0.4},
    along=0.3,
    tallest=0.5,
)
