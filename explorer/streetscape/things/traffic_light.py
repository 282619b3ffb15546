"""Traffic lights: on a post, on an arm, for cars or for people, seen from every side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from explorer.streetscape import solid
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import PAINT, Colour, darker, lighter
from explorer.streetscape.registry import Figure, Kind
from explorer.streetscape.sketch import Sketch

RED, AMBER, GREEN, WHITE = (250, 66, 50), (255, 182, 54), (78, 224, 128), (236, 240, 240)


@dataclass(frozen=True)
class Build:
    """One set of lights; metres, colours and names."""

    height: float
    case: Colour
    post: Colour
    lamps: tuple[tuple[Colour, bool], ...]
    lamp: float
    arm: float
    across: bool
    board: bool
    second: bool
    button: bool


def build(dice: Dice) -> Build:
    """A set of traffic lights."""
    walk = dice.chance(0.25)
    state = dice.weigh({"red": 3.0, "green": 3.0, "amber": 1.0, "both": 0.6, "off": 0.4})
    colours = (RED, GREEN) if walk else (RED, AMBER, GREEN)
    on = {"red": (RED,), "green": (GREEN,), "amber": (AMBER,), "both": (RED, AMBER), "off": ()}[state]
    arm = dice.between(1.2, 2.6) if not walk and dice.chance(0.22) else 0.0
    return Build(
        height=dice.between(2.1, 2.6) if walk else dice.between(2.4, 3.2) + (1.4 if arm else 0.0),
        case=dice.pick(
            ((44, 46, 52), (58, 66, 62), (214, 170, 62), (52, 78, 66), (90, 94, 100), darker(dice.pick(PAINT), 0.35))
        ),
        post=dice.pick(((90, 94, 100), (60, 64, 70), (150, 154, 158), (60, 84, 74))),
        lamps=tuple((c, c in on) for c in colours),
        lamp=dice.between(0.16, 0.21),
        arm=arm,
        across=not walk and dice.chance(0.15),
        board=not walk and dice.chance(0.3),
        second=dice.chance(0.25),
        button=dice.chance(0.4),
    )


def paint(s: Sketch, b: Build) -> None:
    """The post and its heads; the lamps look along +x."""
    s.soft = False
    tall, post = b.height, s.ink(b.post, 0.55)
    s.line([(0.0, 0.0, 0.0), (0.0, tall, 0.0)], post, 0.12, 1.0)
    if s.detail:
        s.line([(0.0, 0.0, -0.02), (0.0, tall, -0.02)], s.ink(lighter(b.post, 0.3), 0.9), 0.035, 0.5)
        s.hull(((0.0, 0.08, 0.0, 0.13), (0.0, 0.3, 0.0, 0.1)), s.ink(darker(b.post, 0.3), 0.5))
    if b.button and s.detail:
        solid.box(s, (-0.02, 1.0, -0.1), (0.16, 1.3, 0.1), (226, 186, 70))
    if b.arm:
        s.line([(0.0, tall - 0.15, 0.0), (0.0, tall, b.arm * 0.5), (0.0, tall, b.arm)], post, 0.1, 1.0)
        _head(s, b, tall + 0.1, b.arm)
        if b.second:
            _head(s, b, tall - 1.3, 0.0)
    else:
        _head(s, b, tall, 0.0)


def _head(s: Sketch, b: Build, top: float, z: float) -> None:
    count, r = len(b.lamps), b.lamp
    long, wide = (2.5 * r) * count + 0.1, 1.55 * r
    if b.across:
        low, high, half = top - 2 * wide, top, long / 2
    else:
        low, high, half = top - long, top, wide
    if b.board:
        s.polygon(
            [
                (-0.03, low - 0.16, z - half - 0.14),
                (-0.03, low - 0.16, z + half + 0.14),
                (-0.03, high + 0.16, z + half + 0.14),
                (-0.03, high + 0.16, z - half - 0.14),
            ],
            s.ink((34, 36, 40), 0.5),
        )
    solid.box(s, (-0.02, low, z - half), (0.26, high, z + half), b.case)
    if not s.facing(0.27, low, z, 1, 0, 0):
        return
    for k, (colour, on) in enumerate(b.lamps):
        step = 2.5 * r * (k + 0.5) + 0.05
        y, zk = ((low + high) / 2, z + half - step) if b.across else (high - step, z)
        _lamp(s, b, y, zk, colour, on)


def _lamp(s: Sketch, b: Build, y: float, z: float, colour: Colour, on: bool) -> None:
    r = b.lamp
    s.hull(((0.27, y, z, r * 1.12),), s.ink(darker(b.case, 0.5), 0.3))
    if on:
        s.hull(((0.28, y, z, r),), s.glow(colour))
        if s.detail:
            s.hull(((0.28, y + 0.15 * r, z, r * 0.55),), s.glow(lighter(colour, 0.45)))
        s.lamp((0.3, y, z), 0.55, colour)
    else:
        s.hull(((0.28, y, z, r * 0.92),), s.ink(darker(colour, 0.7), 0.6))
        if s.detail > 1:
            s.hull(((0.28, y + 0.35 * r, z - 0.3 * r, r * 0.2),), s.ink(darker(colour, 0.3), 0.8))
    if s.detail:
        hood = [
            (0.28, y + r * 1.15, z - r),
            (0.28, y + r * 1.15, z + r),
            (0.5, y + r * 0.95, z + r * 0.9),
            (0.5, y + r * 0.95, z - r * 0.9),
        ]
        s.polygon(hood, s.ink(darker(b.case, 0.2), 0.5))
        for side in (-1, 1):
            s.polygon(
                [
                    (0.28, y + r * 1.15, z + side * r),
                    (0.5, y + r * 0.95, z + side * r * 0.95),
                    (0.28, y + r * 0.1, z + side * r * 1.05),
                ],
                s.ink(darker(b.case, 0.3), 0.4),
            )


def make(dice: Dice) -> Figure:
    """A set of traffic lights."""
    b = build(dice)
    return Figure(b.height, 0.4, 0.5 + b.arm, partial(paint, b=b))


KIND = Kind("traffic light", make, {"kerb": 1.0}, along=0.85, tallest=0.9)
