"""Buses: long boxes full of windows and people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from explorer.streetscape import solid
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import GLASS, HAIR, PAINT, SKIN, Colour, darker, lighter
from explorer.streetscape.registry import Figure, Kind
from explorer.streetscape.sketch import Sketch

AMBER, RED, WARM = (255, 190, 70), (226, 50, 44), (255, 240, 200)


@dataclass(frozen=True)
class Build:
    """One bus; metres, colours and names."""

    length: float
    half: float
    height: float
    decks: int
    paint: Colour
    second: Colour
    glass: Colour
    livery: str
    wheel: float
    axles: tuple[float, ...]
    riders: tuple[tuple[float, Colour, Colour], ...]
    sill: float
    lights: bool


def build(dice: Dice) -> Build:
    """A bus."""
    style = dice.weigh({"city": 4.0, "mini": 1.2, "double": 1.4, "coach": 1.2, "old": 0.8})
    length = {"mini": dice.between(5.6, 7.0), "double": dice.between(8.5, 10.5)}.get(style, dice.between(8.5, 12.0))
    height = {"mini": 2.6, "double": 4.2, "coach": 3.4}.get(style, 3.0) * dice.between(0.96, 1.05)
    paint = dice.pick(PAINT)
    riders = tuple((dice.unit(), dice.pick(SKIN), dice.pick(HAIR)) for _ in range(dice.whole(0, 9)))
    return Build(
        length=length,
        half=dice.between(1.1, 1.27),
        height=height,
        decks=2 if style == "double" else 1,
        paint=paint,
        second=dice.pick(PAINT) if dice.chance(0.6) else (242, 238, 228),
        glass=dice.pick((GLASS, (64, 82, 96), (92, 120, 126))),
        livery=dice.weigh({"plain": 2.0, "skirt": 1.6, "roof": 1.6, "band": 1.2, "swoosh": 1.0}),
        wheel=dice.between(0.44, 0.52),
        axles=(-0.29 * length, 0.31 * length) if style != "coach" else (-0.33 * length, -0.22 * length, 0.31 * length),
        riders=riders,
        sill=1.5 if style == "coach" else dice.between(1.05, 1.25),
        lights=dice.chance(0.8),
    )


def paint(s: Sketch, b: Build) -> None:
    """The whole bus."""
    near = solid.near_side(s, 1.0)
    e, w = b.length / 2, b.half
    order = sorted(b.axles, key=lambda x: -s.depth(x, 0.0))
    for x in order:
        for side in (-near, near):
            solid.tyre(s, x, w - 0.05, b.wheel, side)
    solid.box(s, (-e, 0.3, -w), (e, b.height - 0.12, w), b.paint)
    solid.box(
        s,
        (-e + 0.1, b.height - 0.12, -w + 0.1),
        (e - 0.1, b.height, w - 0.1),
        b.second if b.livery == "roof" else b.paint,
    )
    for z in (-1.0, 1.0):
        if s.facing(0, 1.0, z * w, 0, 0, z):
            _side(s, b, z)
    if s.facing(e, 1, 0, 1, 0, 0):
        _front(s, b)
    if s.facing(-e, 1, 0, -1, 0, 0):
        _rear(s, b)
    for x in order:
        solid.arch(s, x, w + 0.01, b.wheel, near)
        solid.wheel(s, x, w + 0.015, b.wheel, near, 6)


def _side(s: Sketch, b: Build, side: float) -> None:
    z, e, lit = side * (b.half + 0.006), b.length / 2, s.lit(0, 0, side)
    second = s.ink(b.second, lit)
    if b.livery == "skirt":
        s.polygon(solid.side_quad(-e, e, 0.3, 0.8, z), second)
    elif b.livery == "band":
        s.polygon(solid.side_quad(-e, e, b.sill - 0.28, b.sill - 0.1, z), second)
    elif b.livery == "roof":
        s.polygon(solid.side_quad(-e, e, b.height - 0.4, b.height - 0.12, z), second)
    elif b.livery == "swoosh":
        s.polygon(((-e, 0.3, z), (-e * 0.1, 0.3, z), (-e * 0.55, b.height - 0.12, z), (-e, b.height - 0.12, z)), second)
    s.polygon(solid.side_quad(-e, e, 0.3, 0.5, z), s.ink(darker(b.paint, 0.45), lit * 0.8))
    deck = (b.height - 0.3 - b.sill) / b.decks
    for k in range(b.decks):
        low = b.sill + k * deck
        high = low + deck - (0.5 if b.decks == 2 and k == 0 else 0.12)
        _windows(s, b, z, low, high, side, doors=k == 0)


def _windows(s: Sketch, b: Build, z: float, low: float, high: float, side: float, doors: bool) -> None:
    e = b.length / 2 - 0.18
    count = max(3, int(b.length / 1.45))
    step, out = 2 * e / count, (0.0, 0.0, side)
    pane = lighter(b.glass, 0.05) if s.light.lamps < 0.5 else b.glass
    lit = s.light.lamps > 0.5 and b.lights
    for k in range(count):
        x0, x1 = -e + k * step + 0.05, -e + (k + 1) * step - 0.05
        door = doors and side < 0 and k in (count - 1, count // 2)
        quad = solid.side_quad(x0, x1, 0.42 if door else low, high, z)
        if lit:
            s.polygon(quad, s.glow((255, 224, 158) if k % 3 else (244, 206, 140)))
        else:
            solid.glass(s, quad, pane, out, glint=(k % 2 == 0))
        if door and s.detail > 1:
            s.line([((x0 + x1) / 2, 0.42, z), ((x0 + x1) / 2, high, z)], s.ink((40, 42, 48)), 0.06, 0.6)
    if s.detail and abs(s.cos) > 0.5:
        _riders(s, b, z, low, e, lit)


def _riders(s: Sketch, b: Build, z: float, low: float, e: float, lit: bool) -> None:
    for where, skin, hair in b.riders:
        x, y = -e + 0.3 + (2 * e - 0.9) * where, low + 0.28
        shade = 0.5 if not lit else 0.2
        s.hull(((x - 0.12, low + 0.1, z, 0.1), (x + 0.12, low + 0.1, z, 0.1)), s.ink(darker(b.second, 0.4), shade))
        s.hull(((x, y + 0.06, z, 0.125),), s.ink(skin, shade))
        s.hull(((x - 0.02, y + 0.12, z, 0.12),), s.ink(hair, shade))


def _front(s: Sketch, b: Build) -> None:
    e, w = b.length / 2 + 0.006, b.half
    out, on = (1.0, 0.0, 0.0), b.lights and s.light.lamps > 0
    lit = s.lit(*out)
    if b.livery in ("skirt", "band"):
        s.polygon(solid.end_quad(e, 0.3, 0.8, w), s.ink(b.second, lit))
    top = b.sill + (b.height - 0.3 - b.sill) / b.decks - (0.3 if b.decks == 2 else 0.28)
    solid.glass(s, solid.end_quad(e, b.sill - 0.22, top, w * 0.92), b.glass, out)
    if b.decks == 2:
        solid.glass(s, solid.end_quad(e, top + 0.62, b.height - 0.36, w * 0.92), b.glass, out)
    sign = solid.end_quad(e, top + 0.05, top + 0.36, w * 0.8)
    s.polygon(sign, s.ink((30, 30, 34), 0.4))
    if s.detail:
        for k in range(4):
            s.polygon(solid.part(sign, 0.1 + 0.2 * k, 0.24 + 0.2 * k - (k == 2) * 0.05, 0.25, 0.75), s.glow(AMBER))
    if s.detail > 1:
        s.line([(e, b.sill - 0.22, 0), (e, top, 0)], s.ink((50, 52, 58)), 0.04, 0.5)
    for side in (-1, 1):
        s.hull(((e, 0.66, side * w * 0.76, 0.15),), s.glow(WARM) if on else s.ink((240, 240, 236), 0.95))
        if on:
            s.lamp((e, 0.66, side * w * 0.76), 1.0, WARM)
        if s.detail > 1:
            s.line(
                [(e, top, side * w), (e + 0.3, top - 0.1, side * (w + 0.12)), (e + 0.3, top - 0.5, side * (w + 0.12))],
                s.ink((40, 40, 46)),
                0.08,
                0.8,
            )
    s.polygon(solid.end_quad(e, 0.3, 0.46, w * 0.98), s.ink((44, 46, 52), 0.4))


def _rear(s: Sketch, b: Build) -> None:
    e, w = -b.length / 2 - 0.006, b.half
    on = b.lights and s.light.lamps > 0
    solid.glass(s, solid.end_quad(e, b.height * 0.62, b.height - 0.4, w * 0.8), b.glass, (-1.0, 0.0, 0.0))
    s.polygon(solid.end_quad(e, 0.55, 1.05, w * 0.6), s.ink(darker(b.paint, 0.3), 0.5))
    s.polygon(solid.end_quad(e, 0.3, 0.46, w * 0.98), s.ink((44, 46, 52), 0.4))
    for side in (-1, 1):
        for y in (0.75, 1.15):
            s.hull(((e, y, side * w * 0.84, 0.12),), s.glow(RED) if on else s.ink((180, 46, 44), 0.8))
        if on:
            s.lamp((e, 0.9, side * w * 0.84), 0.6, RED)


def make(dice: Dice) -> Figure:
    """A bus."""
    b = build(dice)
    return Figure(b.height, b.length, 2 * b.half, partial(paint, b=b))


KIND = Kind("bus", make, {"road": 1.0}, along=0.9, tallest=0.75)
