"""Trucks: a cab and what it carries; some have the size, the colours and even the painted windows of a bus."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from explorer.streetscape import solid, trig
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import GLASS, PAINT, Colour, darker, lighter
from explorer.streetscape.registry import Figure, Kind
from explorer.streetscape.sketch import Sketch

RED, WARM = (226, 50, 44), (255, 244, 206)


@dataclass(frozen=True)
class Build:
    """One truck; metres, colours and names."""

    length: float
    half: float
    height: float
    cab: float
    roof: float
    nose: float
    paint: Colour
    load: Colour
    mark: Colour
    glass: Colour
    body: str
    sign: str
    wheel: float
    axles: tuple[float, ...]
    lights: bool


def build(dice: Dice) -> Build:
    """A truck."""
    body = dice.weigh({"box": 4.0, "step": 1.2, "tank": 1.0, "tipper": 1.2, "flat": 1.2, "curtain": 1.4})
    length = dice.between(5.2, 6.6) if body == "step" else dice.between(6.0, 10.5)
    cab, paint = dice.between(1.5, 1.9), dice.pick(PAINT)
    roof = dice.between(2.3, 2.8)
    rear = (-0.3 * length,) if length < 7.5 else (-0.36 * length, -0.36 * length + 1.15)
    return Build(
        length=length,
        half=dice.between(1.05, 1.25),
        height=dice.between(2.7, 3.6) if body != "step" else dice.between(2.6, 2.9),
        cab=cab,
        roof=roof,
        nose=dice.between(0.7, 1.0) if dice.chance(0.3) else 0.0,
        paint=paint,
        load=dice.pick(((238, 234, 226), (226, 228, 228), paint, dice.pick(PAINT), dice.pick(PAINT))),
        mark=dice.pick(PAINT),
        glass=dice.pick((GLASS, (64, 82, 96), (92, 120, 126))),
        body=body,
        sign=dice.weigh({"none": 1.5, "stripe": 1.5, "word": 2.0, "disc": 1.0, "windows": 0.9}),
        wheel=dice.between(0.43, 0.52),
        axles=(*rear, length / 2 - cab * 0.55),
        lights=dice.chance(0.75),
    )


def paint(s: Sketch, b: Build) -> None:
    """The whole truck."""
    near = solid.near_side(s, 1.0)
    order = sorted(b.axles, key=lambda x: -s.depth(x, 0.0))
    for x in order:
        for side in (-near, near):
            solid.tyre(s, x, b.half - 0.06, b.wheel, side)
    split = b.length / 2 - b.cab - b.nose
    parts = [
        (0.0 - b.length / 4, partial(_body, s, b, -b.length / 2, split)),
        (split + 0.5, partial(_cab, s, b, split, near)),
    ]
    solid.box(s, (-b.length / 2, 0.55, -b.half * 0.8), (split + 0.3, 0.85, b.half * 0.8), (58, 58, 64))
    for _, draw in sorted(parts, key=lambda item: -s.depth(item[0], 0.0)):
        draw()
    for x in order:
        if x > split or b.body == "step":
            solid.arch(s, x, b.half + 0.01, b.wheel, near)
        solid.wheel(s, x, b.half + 0.015, b.wheel, near, 6)


def _cab(s: Sketch, b: Build, x0: float, near: float) -> None:
    e, w, high = b.length / 2, b.half * 0.97, b.roof
    if b.nose:
        solid.box(s, (e - b.nose, 0.4, -w * 0.9), (e, 1.35, w * 0.9), b.paint)
    front = e - b.nose
    outline = [
        (x0, 0.4),
        (x0, high),
        (front - 0.42, high),
        (front - 0.04, high * 0.56),
        (front, 0.5),
        (front - 0.05, 0.4),
    ]
    solid.prism(s, outline, w, b.paint)
    for z in (-1.0, 1.0):
        if s.facing(x0, 1, z * w, 0, 0, z):
            _cab_side(s, b, x0, front, z)
    quad = (
        (front - 0.05, high * 0.57, -w),
        (front - 0.05, high * 0.57, w),
        (front - 0.41, high - 0.02, w),
        (front - 0.41, high - 0.02, -w),
    )
    n = solid.normal(quad[0], quad[1], quad[2])
    flip = 1 if n[0] > 0 else -1
    solid.glass(s, solid.part(quad, 0.06, 0.94, 0.06, 0.86), b.glass, (n[0] * flip, n[1] * flip, n[2] * flip))
    _face(s, b, e + 0.01, w)


def _cab_side(s: Sketch, b: Build, x0: float, front: float, side: float) -> None:
    z, lit = side * (b.half * 0.97 + 0.005), s.lit(0, 0, side)
    s.polygon(solid.side_quad(x0, front, 0.4, 0.7, z), s.ink(darker(b.paint, 0.4), lit))
    top = b.roof - 0.18
    quad = (
        (x0 + 0.35, b.roof * 0.57, z),
        (front - 0.14, b.roof * 0.57, z),
        (front - 0.46, top, z),
        (x0 + 0.35, top, z),
    )
    solid.glass(s, quad, b.glass, (0.0, 0.0, side))
    if s.detail > 1:
        s.line(
            [(x0 + 0.28, top, z), (x0 + 0.28, 0.72, z), (front - 0.2, 0.72, z)],
            s.ink(darker(b.paint, 0.4), lit),
            0.02,
            0.4,
        )
        s.line(
            [(front - 0.1, top, side * (b.half + 0.16)), (front - 0.1, top - 0.5, side * (b.half + 0.16))],
            s.ink((40, 40, 46)),
            0.12,
            0.8,
        )


def _face(s: Sketch, b: Build, e: float, w: float) -> None:
    if not s.facing(e, 1, 0, 1, 0, 0):
        return
    on = b.lights and s.light.lamps > 0
    s.polygon(solid.end_quad(e, 0.4, 0.68, w * 0.98), s.ink((52, 54, 60), 0.5))
    grille = solid.end_quad(e, 0.74, 1.22, w * 0.55)
    s.polygon(grille, s.ink((60, 62, 70), 0.5))
    if s.detail > 1:
        for k in range(4):
            s.polygon(solid.part(grille, 0.04, 0.96, 0.1 + 0.24 * k, 0.2 + 0.24 * k), s.ink((150, 154, 160), 0.7))
    for side in (-1, 1):
        s.hull(((e, 0.86, side * w * 0.78, 0.14),), s.glow(WARM) if on else s.ink((240, 240, 236), 0.95))
        if on:
            s.lamp((e, 0.86, side * w * 0.78), 1.0, WARM)


def _body(s: Sketch, b: Build, x0: float, split: float) -> None:
    x1, w = split - (0.0 if b.body == "step" else 0.15), b.half
    if b.body in ("box", "step", "curtain"):
        solid.box(
            s, (x0, 0.45 if b.body == "step" else 0.85, -w), (x1, b.height, w), b.paint if b.body == "step" else b.load
        )
        for side in (-1.0, 1.0):
            if s.facing(x0, 1.2, side * w, 0, 0, side):
                _lettering(s, b, x0, x1, side)
    elif b.body == "tank":
        _tank(s, b, x0, x1)
    else:
        solid.box(s, (x0, 0.85, -w), (x1, 1.05 if b.body == "flat" else 1.9, w), b.load, darker(b.load, 0.3))
        _heap(s, b, x0, x1)
    _tail(s, b, x0 - 0.006, w)


def _lettering(s: Sketch, b: Build, x0: float, x1: float, side: float) -> None:
    z, lit = side * (b.half + 0.006), s.lit(0, 0, side)
    quad = solid.side_quad(x0, x1, 0.85, b.height, z)
    ink, wide = s.ink(b.mark, lit), x1 - x0
    if b.body == "curtain" and s.detail:
        for k in range(int(wide / 0.7)):
            x = x0 + 0.4 + 0.7 * k
            s.line([(x, 0.9, z), (x, b.height - 0.06, z)], s.ink(darker(b.load, 0.22), lit), 0.07, 0.4)
    if b.sign == "stripe":
        s.polygon(solid.part(quad, 0.0, 1.0, 0.12, 0.3), ink)
        s.polygon(solid.part(quad, 0.0, 1.0, 0.34, 0.38), ink)
    elif b.sign == "word":
        for k in range(4):
            s.polygon(solid.part(quad, 0.16 + 0.17 * k, 0.28 + 0.17 * k, 0.4, 0.72 if k % 2 == 0 else 0.6), ink)
    elif b.sign == "disc":
        solid.disc(s, (x0 + x1) / 2, b.height * 0.56, z, 0.62, b.mark, lit)
        solid.disc(s, (x0 + x1) / 2 - 0.12, b.height * 0.56 + 0.12, z, 0.3, lighter(b.mark, 0.4), lit)
    elif b.sign == "windows":
        for k in range(5):
            s.polygon(solid.part(quad, 0.05 + 0.19 * k, 0.2 + 0.19 * k, 0.42, 0.84), s.ink(darker(b.mark, 0.5), lit))
    s.line([(x0, b.height - 0.03, z), (x1, b.height - 0.03, z)], s.ink(lighter(b.load, 0.3), lit), 0.05, 0.4)
    s.line([(x0, 0.88, z), (x1, 0.88, z)], s.ink((96, 98, 104), lit), 0.07, 0.5)


def _tank(s: Sketch, b: Build, x0: float, x1: float) -> None:
    r, y = b.half * 0.92, 1.75
    ring = [(r * c, r * 0.8 * d) for c, d in trig.ring(20)]
    s.outline([(x, y + v, u) for x in (x0, x1) for u, v in ring], s.ink(b.load, 0.25))
    s.outline([(x, y + 0.12 + v * 0.72, u * 0.85) for x in (x0 + 0.1, x1 - 0.1) for u, v in ring], s.ink(b.load, 0.62))
    s.outline(
        [(x, y + 0.34 + v * 0.34, u * 0.6) for x in (x0 + 0.15, x1 - 0.15) for u, v in ring],
        s.ink(lighter(b.load, 0.2), 1.0),
    )
    for x, out in ((x0, -1.0), (x1, 1.0)):
        if s.facing(x, y, 0, out, 0, 0):
            s.polygon([(x, y + v, u) for u, v in ring], s.ink(darker(b.load, 0.12), 0.55), convex=True)
            s.polygon([(x, y + v * 0.7, u * 0.7) for u, v in ring], s.ink(b.load, 0.6), convex=True)
    if s.detail:
        for share in (0.25, 0.75):
            x = x0 + (x1 - x0) * share
            s.line([(x, y + v, u) for u, v in [*ring[10:], ring[0]]], s.ink(b.mark, 0.6), 0.1, 0.6)


def _heap(s: Sketch, b: Build, x0: float, x1: float) -> None:
    low = 1.05 if b.body == "flat" else 1.75
    if b.sign in ("none", "stripe"):
        for k in range(3):
            a = x0 + (x1 - x0) * (0.06 + 0.31 * k)
            tall = low + (0.6 if b.body == "flat" else 0.35) + 0.3 * ((k * 7) % 3)
            solid.box(s, (a, low, -b.half * 0.8), (a + (x1 - x0) * 0.27, tall, b.half * 0.8), lighter(b.mark, 0.16 * k))
    else:
        spots = [
            (x0 + (x1 - x0) * (0.2 + 0.2 * k), low, z * b.half * 0.4, 0.35 + 0.22 * (k % 2))
            for k in range(4)
            for z in (-1, 1)
        ]
        s.blob(spots, darker(b.mark, 0.1))
        solid.face(s, solid.side_quad(x0, x1, 0.85, low, b.half), b.load, (0, 0, 1))
        solid.face(s, solid.side_quad(x0, x1, 0.85, low, -b.half), b.load, (0, 0, -1))
        solid.face(s, solid.end_quad(x0, 0.85, low, b.half), b.load, (-1, 0, 0))


def _tail(s: Sketch, b: Build, x: float, w: float) -> None:
    if not s.facing(x, 1, 0, -1, 0, 0):
        return
    on = b.lights and s.light.lamps > 0
    if b.body in ("box", "step", "curtain") and s.detail:
        s.line([(x, 0.9, 0), (x, b.height - 0.1, 0)], s.ink(darker(b.load, 0.4), 0.5), 0.04, 0.5)
        for z in (-0.35, 0.35):
            s.line([(x, 1.0, z * w), (x, b.height - 0.15, z * w)], s.ink(darker(b.load, 0.25), 0.5), 0.03, 0.4)
    s.polygon(solid.end_quad(x, 0.5, 0.7, w * 0.96), s.ink((44, 46, 52), 0.4))
    for side in (-1, 1):
        s.hull(((x, 0.72, side * w * 0.82, 0.11),), s.glow(RED) if on else s.ink((180, 46, 44), 0.8))
        if on:
            s.lamp((x, 0.72, side * w * 0.82), 0.55, RED)


def make(dice: Dice) -> Figure:
    """A truck."""
    b = build(dice)
    return Figure(max(b.height, b.roof), b.length, 2 * b.half, partial(paint, b=b))


KIND = Kind("truck", make, {"road": 1.0}, along=0.88, tallest=0.75)
