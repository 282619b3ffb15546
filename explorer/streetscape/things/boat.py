"""Boats: a hull, and what makes it a rowing boat, a yacht, a cutter or a ferry."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from explorer.streetscape import solid
from explorer.streetscape.camera import Point3
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import GLASS, PAINT, Colour, darker, lighter, mix
from explorer.streetscape.registry import Figure, Kind
from explorer.streetscape.sketch import Sketch

WARM = (255, 240, 200)


@dataclass(frozen=True)
class Build:
    """One boat; metres, colours and names."""

    style: str
    length: float
    beam: float
    side: float
    sheer: float
    mast: float
    hull: Colour
    stripe: Colour
    house: Colour
    sail: Colour
    second: Colour
    furled: bool
    stern: float
    houses: int


_SIZES = {
    "row": (2.8, 4.6, 0.42),
    "sail": (6.0, 10.0, 0.9),
    "motor": (5.0, 10.0, 1.0),
    "cutter": (7.0, 12.0, 1.3),
    "ferry": (11.0, 18.0, 1.3),
}


def build(dice: Dice) -> Build:
    """A boat."""
    style = dice.weigh({"row": 1.6, "sail": 3.0, "motor": 2.0, "cutter": 2.0, "ferry": 1.2})
    low, high, side = _SIZES[style]
    length = dice.between(low, high)
    return Build(
        style=style,
        length=length,
        beam=length * dice.between(0.26, 0.36) * (0.8 if style == "ferry" else 1.0),
        side=side * dice.between(0.85, 1.2),
        sheer=dice.between(0.1, 0.5),
        mast=length * dice.between(1.05, 1.4),
        hull=dice.pick(PAINT),
        stripe=dice.pick(PAINT),
        house=dice.pick(((244, 240, 230), (236, 226, 206), (190, 140, 96), dice.pick(PAINT))),
        sail=dice.pick(((248, 244, 234), (240, 228, 204), (206, 100, 72), dice.pick(PAINT))),
        second=dice.pick(PAINT),
        furled=dice.chance(0.35),
        stern=dice.between(0.55, 0.95),
        houses=dice.whole(1, 2),
    )


def _ring(b: Build, height: float, wide: float, long: float) -> list[Point3]:
    """Outline of the deck at a height, from the stern along one side to the bow and back."""
    e, w = b.length / 2 * long, b.beam / 2 * wide
    half = [
        (-e, w * b.stern, 0.0),
        (-e * 0.4, w, 0.0),
        (e * 0.3, w * 0.92, 0.25),
        (e * 0.75, w * 0.5, 0.7),
        (e, 0.0, 1.0),
    ]
    up = [(x, height + b.sheer * lift * height, z) for x, z, lift in half]
    return [*up, *((x, y, -z) for x, y, z in reversed(up[:-1]))]


def paint(s: Sketch, b: Build) -> None:
    """The whole boat."""
    deck, line = _ring(b, b.side, 1.0, 1.0), _ring(b, 0.0, 0.84, 0.86)
    water = [(x, 0.0, z) for x, _, z in line]
    n = len(deck)
    s.outline([*deck, *water], s.ink(b.hull, 0.3))
    faces = []
    for k in range(n):
        a, c = deck[k], deck[(k + 1) % n]
        p, q = water[k], water[(k + 1) % n]
        out = solid.normal(p, q, c)
        flip = 1 if out[0] * (a[0] + c[0]) / b.length + out[2] * (a[2] + c[2]) / b.beam > 0 else -1
        faces.append(
            (
                -s.depth((a[0] + c[0]) / 2, (a[2] + c[2]) / 2),
                (p, q, c, a),
                (out[0] * flip, out[1] * flip, out[2] * flip),
            )
        )
    s.polygon(deck, s.ink(mix(b.house, (150, 110, 76), 0.7), 0.62), convex=True)
    s.polygon(
        [(x * 0.9, y - 0.02, z * 0.82) for x, y, z in deck], s.ink(mix(b.house, (120, 84, 60), 0.8), 0.4), convex=True
    )
    _top(s, b)
    for _, quad, out in sorted(faces, key=lambda item: item[0]):
        if solid.face(s, quad, b.hull, out, 1.05):
            lit = s.lit(*out)
            s.polygon(solid.part(quad, 0, 1, 0.0, 0.2), s.ink(darker(b.stripe, 0.3), lit))
            s.polygon(solid.part(quad, 0, 1, 0.78, 0.9), s.ink(lighter(b.stripe, 0.2), lit))
            s.line([quad[3], quad[2]], s.ink(lighter(b.hull, 0.45), 0.95), 0.07, 0.6)
    if b.style in ("motor", "cutter", "ferry") and s.detail:
        _fenders(s, b)


def _fenders(s: Sketch, b: Build) -> None:
    side = solid.near_side(s, 1.0)
    for k in range(3):
        x = (-0.3 + 0.24 * k) * b.length
        s.hull(
            ((x, b.side * 0.62, side * b.beam * 0.5, 0.13), (x, b.side * 0.4, side * b.beam * 0.48, 0.13)),
            s.ink((240, 238, 230), 0.8),
        )


def _top(s: Sketch, b: Build) -> None:
    {"row": _rowing, "sail": _sailing, "motor": _motor, "cutter": _cutter, "ferry": _ferry}[b.style](s, b)


def _rowing(s: Sketch, b: Build) -> None:
    for share in (-0.25, 0.12):
        x, w = b.length * share, b.beam * 0.44
        s.polygon(
            (
                (x, b.side * 0.86, -w),
                (x + 0.25, b.side * 0.86, -w),
                (x + 0.25, b.side * 0.86, w),
                (x, b.side * 0.86, w),
            ),
            s.ink((190, 146, 100), 0.8),
        )
    if b.furled:
        for z in (-1, 1):
            s.line(
                [(0.1, b.side, z * b.beam * 0.45), (-0.3, b.side * 0.4, z * (b.beam * 0.5 + 0.9))],
                s.ink((206, 164, 112), 0.8),
                0.06,
                0.7,
            )


def _cabin(s: Sketch, b: Build, x0: float, x1: float, low: float, tall: float, share: float, panes: int) -> None:
    w = b.beam * share / 2
    solid.box(s, (x0, low, -w), (x1, low + tall, w), b.house, lighter(b.house, 0.2))
    lit = s.light.lamps > 0.5
    for side in (-1.0, 1.0):
        z = side * (w + 0.005)
        if not s.facing(x0, low, z, 0, 0, side):
            continue
        quad = solid.side_quad(x0, x1, low, low + tall, z)
        for k in range(panes):
            pane = solid.part(quad, (k + 0.14) / panes, (k + 0.86) / panes, 0.42, 0.84)
            if lit:
                s.polygon(pane, s.glow((255, 222, 150)))
            else:
                solid.glass(s, pane, GLASS, (0, 0, side), glint=panes < 5)
    for x, out in ((x0 - 0.005, -1.0), (x1 + 0.005, 1.0)):
        if s.facing(x, low, 0, out, 0, 0):
            solid.glass(
                s,
                solid.part(solid.end_quad(x, low, low + tall, w), 0.1, 0.9, 0.45, 0.86),
                GLASS,
                (out, 0, 0),
                glint=False,
            )


def _sailing(s: Sketch, b: Build) -> None:
    y, e = b.side, b.length / 2
    _cabin(s, b, -e * 0.3, e * 0.35, y * 0.95, 0.45, 0.5, 3)
    mast, top = 0.12 * b.length, y + b.mast
    boom = y + 0.75
    if b.furled:
        s.limb((mast, boom, 0.0), (-e * 0.85, boom + 0.05, 0.0), 0.1, 0.13, b.sail)
    else:
        bend = 0.12 * b.length
        s.polygon(
            [
                (mast - 0.05, boom, 0.0),
                (-e * 0.9, boom + 0.1, bend * 0.4),
                (-e * 0.55, y + b.mast * 0.4, bend * 0.5),
                (-e * 0.15, y + b.mast * 0.75, bend * 0.2),
                (mast - 0.05, top - 0.1, 0.0),
            ],
            s.ink(b.sail, 0.85),
            convex=False,
        )
        s.polygon(
            [(mast + 0.1, boom + 0.1, 0.0), (e * 0.96, y * 1.1 + 0.1, 0.0), (mast + 0.1, y + b.mast * 0.82, 0.0)],
            s.ink(b.second if b.houses == 2 else b.sail, 0.65),
        )
        if s.detail > 1:
            for k in range(3):
                h = y + b.mast * (0.25 + 0.2 * k)
                s.line(
                    [(mast - 0.05, h, 0.0), (mast - (0.8 - 0.22 * k) * e, h + 0.05, bend * 0.3)],
                    s.ink(darker(b.sail, 0.15), 0.7),
                    0.03,
                    0.4,
                )
    s.line([(mast, y, 0.0), (mast, top, 0.0)], s.ink((226, 222, 214), 0.8), 0.11, 1.0)
    s.line([(mast, boom, 0.0), (-e * 0.88, boom, 0.0)], s.ink((200, 190, 176), 0.7), 0.09, 0.8)
    for x in (-e * 0.98, e * 0.98):
        s.line([(x, y, 0.0), (mast, top, 0.0)], s.ink((90, 92, 98), 0.6), 0.02, 0.35)


def _motor(s: Sketch, b: Build) -> None:
    e = b.length / 2
    _cabin(s, b, -e * 0.35, e * 0.3, b.side, 1.0, 0.66, 3)
    if b.houses == 2:
        _cabin(s, b, -e * 0.3, e * 0.05, b.side + 1.0, 0.75, 0.5, 2)
    y = b.side * (1 + b.sheer * 0.6)
    s.line(
        [(e * 0.35, y + 0.5, b.beam * 0.36), (e * 0.9, y + 0.62, 0.0), (e * 0.35, y + 0.5, -b.beam * 0.36)],
        s.ink((220, 222, 224), 0.9),
        0.04,
        0.5,
    )
    s.line([(-e * 0.2, b.side + 1.0, 0.0), (-e * 0.26, b.side + 2.6, 0.0)], s.ink((200, 202, 206), 0.8), 0.05, 0.7)


def _cutter(s: Sketch, b: Build) -> None:
    e = b.length / 2
    back = b.houses == 2
    x0, x1 = (-e * 0.8, -e * 0.25) if back else (e * 0.05, e * 0.5)
    _cabin(s, b, x0, x1, b.side, 1.9, 0.55, 2)
    solid.box(s, (x0 - 0.1, b.side + 1.9, -b.beam * 0.31), (x1 + 0.15, b.side + 2.03, b.beam * 0.31), b.stripe)
    at, top = (e * 0.1 if back else -e * 0.3), b.side + b.mast * 0.55
    wood = s.ink((150, 110, 76), 0.7)
    s.line([(at, b.side, 0.0), (at, top, 0.0)], wood, 0.14, 1.0)
    s.line([(at, b.side + 0.9, 0.0), (at - (0.5 if not back else -0.6) * e, top * 0.8, 0.0)], wood, 0.1, 0.8)
    for x in (-e * 0.95, e * 0.95):
        s.line([(x, b.side * 1.2, 0.0), (at, top, 0.0)], s.ink((80, 80, 86), 0.5), 0.025, 0.35)
    s.hull(
        [(at + dx, b.side + 0.25, z * b.beam * 0.2, 0.28) for dx in (-0.5, 0.5) for z in (-1, 1)], s.ink(b.second, 0.6)
    )


def _ferry(s: Sketch, b: Build) -> None:
    e = b.length / 2
    _cabin(s, b, -e * 0.8, e * 0.55, b.side, 1.5, 0.84, 8)
    _cabin(s, b, -e * 0.5, e * 0.35, b.side + 1.5, 1.3, 0.66, 6 if b.houses == 2 else 4)
    x, y = -e * 0.25, b.side + 2.8
    ring = [(x + dx, y + dy, z * 0.4) for dx in (-0.4, 0.4) for dy in (0.0, 1.3) for z in (-1, 1)]
    s.outline(ring, s.ink(b.stripe, 0.6))
    s.outline([(px, y + 1.0 + (py - y) * 0.22, pz) for px, py, pz in ring], s.ink((48, 48, 54), 0.5))


def make(dice: Dice) -> Figure:
    """A boat."""
    b = build(dice)
    tall = {
        "row": b.side * 1.6,
        "sail": b.side + b.mast,
        "motor": b.side + 2.0,
        "cutter": b.side + b.mast * 0.55,
        "ferry": b.side + 4.1,
    }
    return Figure(tall[b.style], b.length, b.beam, partial(paint, b=b))


KIND = Kind("boat", make, {"water": 1.0}, along=0.6, tallest=0.7)
