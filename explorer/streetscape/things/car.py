"""Cars: a body, a cabin that tapers, four wheels, lamps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from explorer.streetscape import solid
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import GLASS, HAIR, PAINT, SKIN, Colour, darker, lighter
from explorer.streetscape.registry import Figure, Kind
from explorer.streetscape.sketch import Sketch
from explorer.streetscape.solid import Quad

RED, WARM = (226, 50, 44), (255, 244, 206)


@dataclass(frozen=True)
class Build:
    """One car; lengths in metres, cabin ends as x at the belt and at the roof."""

    length: float
    half: float
    belt: float
    roof: float
    hood: float
    tail: float
    rear: tuple[float, float]
    front: tuple[float, float]
    wheel: float
    paint: Colour
    upper: Colour
    glass: Colour
    style: str
    extra: str
    driver: tuple[Colour, Colour] | None
    lights: bool


_SHAPES = {  # length, roof, belt, hood, tail height; cabin rear (belt, roof) and front (belt, roof) in shares of length
    "hatch": ((3.6, 4.1), 1.48, 0.88, 0.84, 0.9, (-0.47, -0.36), (0.26, 0.06)),
    "sedan": ((4.3, 4.9), 1.43, 0.86, 0.82, 0.88, (-0.34, -0.2), (0.24, 0.05)),
    "suv": ((4.2, 4.8), 1.72, 1.04, 0.98, 1.06, (-0.48, -0.42), (0.22, 0.08)),
    "wagon": ((4.4, 4.9), 1.5, 0.88, 0.82, 0.9, (-0.48, -0.41), (0.24, 0.05)),
    "van": ((4.4, 5.0), 1.92, 1.05, 0.98, 1.06, (-0.49, -0.47), (0.36, 0.17)),
    "coupe": ((4.0, 4.5), 1.3, 0.82, 0.76, 0.86, (-0.4, -0.16), (0.18, 0.0)),
    "classic": ((3.3, 3.9), 1.5, 0.92, 0.8, 0.74, (-0.36, -0.22), (0.2, 0.1)),
    "pickup": ((4.7, 5.2), 1.76, 1.04, 1.0, 1.02, (-0.06, -0.03), (0.24, 0.1)),
}


def build(dice: Dice) -> Build:
    """A car."""
    style = dice.weigh(
        {"hatch": 2.0, "sedan": 2.0, "suv": 2.0, "wagon": 1.2, "van": 1.0, "coupe": 0.8, "classic": 0.9, "pickup": 0.6}
    )
    lengths, roof, belt, hood, tail, rear, front = _SHAPES[style]
    length, paint, grow = dice.between(*lengths), dice.pick(PAINT), dice.between(0.95, 1.06)
    return Build(
        length=length,
        half=dice.between(0.82, 0.94),
        belt=belt * grow,
        roof=roof * grow,
        hood=hood * grow,
        tail=tail * grow,
        rear=(rear[0] * length, rear[1] * length),
        front=(front[0] * length, front[1] * length),
        wheel=dice.between(0.3, 0.36) * (1.12 if style in ("suv", "pickup") else 1.0),
        paint=paint,
        upper=dice.pick(((244, 240, 230), darker(paint, 0.6), dice.pick(PAINT))) if dice.chance(0.2) else paint,
        glass=dice.pick((GLASS, (70, 92, 108), (96, 122, 128), (58, 70, 82))),
        style=style,
        extra=dice.weigh({"none": 5.0, "taxi": 0.6, "rack": 0.7, "stripe": 0.8}),
        driver=(dice.pick(SKIN), dice.pick(HAIR)) if dice.chance(0.5) else None,
        lights=dice.chance(0.75),
    )


def paint(s: Sketch, b: Build) -> None:
    """The whole car."""
    near = solid.near_side(s, 1.0)
    half, axle = b.half, b.length * 0.31
    ends = sorted((-axle, axle), key=lambda x: -s.depth(x, 0.0))
    for x in ends:
        for side in (-near, near):
            solid.tyre(s, x, half - 0.04, b.wheel, side)
    s.outline(
        [(x, 0.2, z * half * 0.9) for x in (-axle * 1.3, axle * 1.3) for z in (-1, 1)]
        + [(x, 0.5, z * half * 0.9) for x in (-axle * 1.3, axle * 1.3) for z in (-1, 1)],
        s.ink((30, 30, 36), 0.2),
    )
    solid.prism(s, profile(b), half, b.paint)
    _side(s, b, near)
    _cabin(s, b, near)
    _ends(s, b)
    for x in ends:
        solid.arch(s, x, half + 0.004, b.wheel, near)
        solid.wheel(s, x, half + 0.01, b.wheel, near)


def profile(b: Build) -> list[tuple[float, float]]:
    """Outline of the lower body, forward along the top and back below."""
    e, h = b.length / 2, b.hood
    tail = [(-e, 0.42), (-e + 0.02, b.tail * 0.82), (-e + 0.12, b.tail)]
    if b.style == "classic":
        tail = [(-e, 0.4), (-e + 0.1, b.tail * 0.8), (-e + 0.4, b.tail)]
    return [
        *tail,
        (b.rear[0], b.belt),
        (b.front[0], b.belt),
        (e - 0.5, h),
        (e - 0.16, h - 0.1),
        (e - 0.02, h * 0.66),
        (e, 0.42),
        (e - 0.08, 0.24),
        (-e + 0.1, 0.24),
    ]


def _side(s: Sketch, b: Build, near: float) -> None:
    z, e = near * (b.half + 0.003), b.length / 2
    out = (0.0, 0.0, near)
    if not s.facing(0, 0.6, z, *out):
        return
    lit = s.lit(*out)
    s.polygon(solid.side_quad(-e + 0.06, e - 0.05, 0.24, 0.40, z), s.ink(darker(b.paint, 0.34), lit))
    if s.detail:
        s.polygon(
            (
                (-e + 0.14, b.belt - 0.1, z),
                (e - 0.3, b.hood - 0.14, z),
                (e - 0.3, b.hood - 0.08, z),
                (-e + 0.14, b.belt - 0.03, z),
            ),
            s.ink(lighter(b.paint, 0.3), lit * 1.1),
        )
    if b.extra == "stripe":
        s.polygon(
            solid.side_quad(-e + 0.08, e - 0.1, 0.5, 0.58, z),
            s.ink(b.upper if b.upper != b.paint else (240, 236, 226), lit),
        )
    if s.detail > 1:
        seam = s.ink(darker(b.paint, 0.4), lit)
        for share in (0.04, 0.52, 0.96) if b.style not in ("coupe", "pickup") else (0.1, 0.9):
            x = b.rear[1] + (b.front[0] - b.rear[1]) * share
            s.line([(x, b.belt, z), (x - 0.03, 0.36, z)], seam, 0.014, 0.4)
            s.line([(x + 0.12, b.belt - 0.14, z), (x + 0.3, b.belt - 0.14, z)], s.ink((210, 212, 214), lit), 0.03, 0.5)


def _cabin(s: Sketch, b: Build, near: float) -> None:
    low, high = b.half * 0.95, b.half * 0.76
    (r0, r1), (f0, f1) = b.rear, b.front
    y0, y1 = b.belt - 0.01, b.roof
    sides: dict[float, Quad] = {
        z: ((r0, y0, z * low), (f0, y0, z * low), (f1, y1, z * high), (r1, y1, z * high)) for z in (-1.0, 1.0)
    }
    back: Quad = ((r0, y0, -low), (r0, y0, low), (r1, y1, high), (r1, y1, -high))
    screen: Quad = ((f0, y0, -low), (f0, y0, low), (f1, y1, high), (f1, y1, -high))
    tilt = (low - high) / (y1 - y0)
    panes = [
        (back, _out(back, -1)),
        (screen, _out(screen, 1)),
        (sides[-near], (0.0, tilt, -near)),
        (sides[near], (0.0, tilt, near)),
    ]
    for quad, out in sorted(panes, key=lambda item: -s.depth(item[1][0], item[1][2])):
        if solid.face(s, quad, b.upper, out):
            if out[0] != 0.0:
                _screen(s, b, quad, out)
            else:
                _windows(s, b, quad, out)
    solid.face(s, ((r1, y1, -high), (f1, y1, -high), (f1, y1, high), (r1, y1, high)), b.upper, (0, 1, 0))
    _roof(s, b, high)


def _out(q: Quad, sign: int) -> tuple[float, float, float]:
    n = solid.normal(q[0], q[1], q[2])
    flip = 1 if n[0] * sign > 0 else -1
    return n[0] * flip, n[1] * flip, n[2] * flip


def _screen(s: Sketch, b: Build, quad: Quad, out: tuple[float, float, float]) -> None:
    solid.glass(s, solid.part(quad, 0.07, 0.93, 0.1, 0.92), b.glass, out)
    if b.driver and out[0] > 0 and s.detail > 1 and abs(s.sin) > 0.3:
        x, y, z = solid.at(quad, 0.32, 0.42)
        s.hull(((x, y - 0.14, z - 0.1, 0.12), (x, y - 0.14, z + 0.1, 0.12)), s.ink(darker(b.driver[1], 0.3), 0.3))
        s.hull(((x, y + 0.06, z, 0.1),), s.ink(b.driver[0], 0.35))


def _windows(s: Sketch, b: Build, quad: Quad, out: tuple[float, float, float]) -> None:
    cuts = {"coupe": (0.2, 0.9), "pickup": (0.12, 0.88), "van": (0.04, 0.36, 0.66, 0.95)}.get(
        b.style, (0.06, 0.3, 0.6, 0.93)
    )
    if b.style == "sedan":
        cuts = (0.14, 0.52, 0.93)
    for a, e in pairwise(cuts):
        solid.glass(s, solid.part(quad, a + 0.012, e - 0.012, 0.1, 0.88), b.glass, out)
    if b.driver and s.detail > 1 and abs(s.cos) > 0.5:
        x, y, z = solid.at(quad, (cuts[-2] + cuts[-1]) / 2 - 0.04, 0.42)
        s.hull(((x, y, z * 0.96, 0.1),), s.ink(b.driver[0], 0.4))
        s.hull(((x - 0.02, y + 0.04, z * 0.96, 0.1), (x - 0.06, y, z * 0.96, 0.06)), s.ink(b.driver[1], 0.3))


def _roof(s: Sketch, b: Build, high: float) -> None:
    middle = (b.rear[1] + b.front[1]) / 2
    if b.extra == "taxi":
        ink = s.glow((255, 226, 120)) if s.light.lamps else s.ink((250, 222, 110), 1.0)
        s.polygon([(middle, b.roof + y, z) for y, z in ((0, -0.24), (0, 0.24), (0.14, 0.2), (0.14, -0.2))], ink)
        s.polygon([(middle + x, b.roof + y, 0) for y, x in ((0, -0.1), (0, 0.1), (0.14, 0.06), (0.14, -0.06))], ink)
    elif b.extra == "rack" and b.style in ("suv", "wagon", "hatch", "van"):
        for x in (b.rear[1] + 0.3, b.front[1] - 0.2):
            s.line([(x, b.roof + 0.06, -high), (x, b.roof + 0.06, high)], s.ink((60, 60, 66)), 0.05, 0.6)
        if b.lights:
            solid.box(
                s, (b.rear[1] + 0.15, b.roof + 0.06, -0.35), (b.front[1] - 0.05, b.roof + 0.34, 0.35), (84, 88, 96)
            )


def _ends(s: Sketch, b: Build) -> None:
    e, w = b.length / 2 + 0.012, b.half
    on = b.lights and s.light.lamps > 0
    if s.facing(e, 0.6, 0, 1, 0, 0):
        s.polygon(solid.end_quad(e, 0.3, 0.46, w * 0.96), s.ink(darker(b.paint, 0.55), 0.5))
        s.polygon(solid.end_quad(e - 0.01, b.hood * 0.58, b.hood * 0.74, w * 0.46), s.ink((44, 46, 54), 0.5))
        s.polygon(solid.end_quad(e + 0.01, 0.36, 0.47, 0.26), s.ink((236, 234, 222), 0.7))
        for side in (-1, 1):
            lamp = (e - 0.02, b.hood * 0.67, side * w * 0.74)
            s.hull(((*lamp, 0.11), (lamp[0], lamp[1] + 0.02, lamp[2] + side * 0.08, 0.09)), s.ink((90, 92, 98)))
            s.hull(((*lamp, 0.085),), s.glow(WARM) if on else s.ink((238, 240, 236), 0.95))
            if on:
                s.lamp(lamp, 0.85, WARM)
    if s.facing(-e, 0.6, 0, -1, 0, 0):
        s.polygon(solid.end_quad(-e, 0.3, 0.44, w * 0.96), s.ink(darker(b.paint, 0.55), 0.5))
        s.polygon(solid.end_quad(-e - 0.01, 0.52, 0.64, 0.26), s.ink((236, 224, 160), 0.7))
        for side in (-1, 1):
            quad = solid.part(
                solid.end_quad(-e - 0.01, 0.58, b.tail * 0.92, w), *((0.02, 0.2) if side < 0 else (0.8, 0.98)), 0.1, 0.9
            )
            s.polygon(quad, s.glow(RED) if on else s.ink((176, 44, 44), 0.8))
            if on:
                s.lamp((-e, b.tail * 0.75, side * w * 0.8), 0.45, RED)


def figure(b: Build) -> Figure:
    """A known car."""
    return Figure(b.roof, b.length, 2 * b.half, partial(paint, b=b))


def make(dice: Dice) -> Figure:
    """A car."""
    return figure(build(dice))


KIND = Kind("car", make, {"road": 1.0}, along=0.82, tallest=0.55)
