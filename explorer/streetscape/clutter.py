"""Unlabelled things that stand about: the furniture of the street."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.streetscape import greens, solid, trig
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import PAINT, Colour, darker, lighter, mix
from explorer.streetscape.registry import Figure
from explorer.streetscape.sketch import Sketch

STEEL: tuple[Colour, ...] = ((70, 74, 82), (96, 100, 106), (54, 70, 66), (120, 124, 128))


@dataclass(frozen=True)
class Item:
    """A kind of clutter: how to make it, where it stands (odds), what its pixels are called."""

    make: Callable[[Dice], Figure]
    places: dict[str, float]
    label: str = "void"
    weight: float = 1.0


def _bin(d: Dice) -> Figure:
    colour, tall, round_ = d.pick(PAINT), d.between(0.8, 1.15), d.chance(0.6)

    def paint(s: Sketch) -> None:
        if round_:
            s.outline([(0.26 * a, y, 0.26 * b) for y in (0.02, tall) for a, b in trig.ring(12)], s.ink(colour, 0.35))
            s.outline(
                [(0.12 * a + 0.06, y, 0.12 * b - 0.06) for y in (0.1, tall - 0.05) for a, b in trig.ring(8)],
                s.ink(colour, 0.8),
            )
            s.outline(
                [(0.29 * a, y, 0.29 * b) for y in (tall - 0.08, tall) for a, b in trig.ring(12)],
                s.ink(darker(colour, 0.4), 0.6),
            )
        else:
            solid.box(s, (-0.3, 0.05, -0.28), (0.3, tall, 0.28), colour)
            solid.box(s, (-0.34, tall, -0.32), (0.34, tall + 0.1, 0.32), darker(colour, 0.3))

    return Figure(tall, 0.6, 0.6, paint)


def _hydrant(d: Dice) -> Figure:
    colour, cap = d.pick(PAINT), d.pick(PAINT)

    def paint(s: Sketch) -> None:
        solid.drum(s, 0.0, 0.08, 0.2, s.ink(darker(colour, 0.2), 0.5))
        solid.drum(s, 0.06, 0.62, 0.13, s.ink(colour, 0.35))
        solid.drum(s, 0.1, 0.6, 0.07, s.ink(colour, 0.8), 0.03)
        for x, z in ((0.0, 0.24), (0.24, 0.0), (0.0, -0.24), (-0.24, 0.0)):
            s.limb((0, 0.46, 0), (x, 0.46, z), 0.07, 0.06, cap)
        solid.drum(s, 0.6, 0.66, 0.18, s.ink(darker(cap, 0.2), 0.7))
        s.outline([(0.14 * a, 0.66, 0.14 * b) for a, b in trig.ring(10)] + [(0.0, 0.8, 0.0)], s.ink(cap, 0.8))

    return Figure(0.82, 0.45, 0.45, paint)


def _bench(d: Dice) -> Figure:
    wood, steel = d.pick(((170, 116, 72), (140, 96, 66), (110, 130, 110), d.pick(PAINT))), d.pick(STEEL)

    def paint(s: Sketch) -> None:
        for x in (-0.75, 0.75):
            s.line([(x, 0.0, 0.2), (x, 0.45, 0.2), (x, 0.45, -0.22), (x, 0.0, -0.22)], s.ink(steel, 0.5), 0.06, 0.8)
        for k in range(3):
            s.polygon(
                [
                    (-0.95, 0.46, 0.2 - 0.15 * k),
                    (0.95, 0.46, 0.2 - 0.15 * k),
                    (0.95, 0.46, 0.07 - 0.15 * k),
                    (-0.95, 0.46, 0.07 - 0.15 * k),
                ],
                s.ink(wood, 0.9),
            )
        for k in range(2):
            y = 0.58 + 0.19 * k
            s.polygon(
                [(-0.95, y, -0.25), (0.95, y, -0.25), (0.95, y + 0.14, -0.28), (-0.95, y + 0.14, -0.28)],
                s.ink(wood, 0.7 + 0.2 * k),
            )

    return Figure(0.95, 2.0, 0.6, paint)


def _sign(d: Dice) -> Figure:
    tall, colour, edge, shape = (
        d.between(2.1, 3.0),
        d.pick(PAINT),
        d.pick(PAINT),
        d.pick(("disc", "box", "tri", "arrow")),
    )

    def paint(s: Sketch) -> None:
        s.soft = False
        s.line([(0, 0, 0), (0, tall, 0)], s.ink((150, 154, 158), 0.7), 0.07, 0.9)
        y, r = tall - 0.3, 0.34
        if shape == "disc":
            outer = [(0.04, y + r * b, r * a) for a, b in trig.ring(20)]
            inner = [(0.05, y + r * 0.72 * b, r * 0.72 * a) for a, b in trig.ring(20)]
        elif shape == "tri":
            outer = [(0.04, y + r * b, r * a) for a, b in ((0, 1.1), (1.05, -0.7), (-1.05, -0.7))]
            inner = [(0.05, y + r * b, r * a) for a, b in ((0, 0.66), (0.66, -0.5), (-0.66, -0.5))]
        else:
            wide = 1.0 if shape == "box" else 1.9
            outer = [(0.04, y + r * b, r * a * wide) for a, b in ((-1, -0.9), (1, -0.9), (1, 0.9), (-1, 0.9))]
            inner = [
                (0.05, y + r * b * 0.3, r * a * wide * 0.75) for a, b in ((-1, -0.9), (1, -0.9), (1, 0.9), (-1, 0.9))
            ]
        s.polygon(outer, s.ink(edge, 0.75), convex=True)
        s.polygon(inner, s.ink(mix(colour, (250, 250, 246), 0.5), 0.9), convex=True)

    return Figure(tall, 0.2, 0.8, paint)


def _lamp(d: Dice) -> Figure:
    tall, steel, arm = d.between(4.2, 6.5), d.pick(STEEL), d.pick((0.0, 0.9, 1.3))

    def paint(s: Sketch) -> None:
        s.soft = False
        s.line([(0, 0, 0), (0, tall, 0)], s.ink(steel, 0.4), 0.13, 1.0)
        s.line([(0, 0, -0.03), (0, tall, -0.03)], s.ink(lighter(steel, 0.25), 0.9), 0.04, 0.4)
        s.hull(((0, 0.1, 0, 0.16), (0, 0.6, 0, 0.1)), s.ink(darker(steel, 0.2), 0.4))
        bulb = s.glow((255, 232, 176)) if s.light.lamps else s.ink((236, 232, 220), 0.9)
        if arm:
            s.line([(0, tall - 0.3, 0), (0.2, tall, 0), (arm, tall + 0.05, 0)], s.ink(steel, 0.5), 0.09, 0.9)
            s.hull(((arm - 0.3, tall, 0, 0.1), (arm + 0.2, tall, 0, 0.08)), s.ink(steel, 0.3))
            s.hull(((arm - 0.2, tall - 0.08, 0, 0.07), (arm + 0.12, tall - 0.08, 0, 0.06)), bulb)
            s.lamp((arm, tall - 0.15, 0), 1.5, (255, 220, 150))
        else:
            s.hull(((0, tall + 0.2, 0, 0.24),), bulb)
            s.hull(((0, tall + 0.4, 0, 0.16), (0, tall + 0.55, 0, 0.04)), s.ink(steel, 0.4))
            s.lamp((0, tall + 0.2, 0), 1.5, (255, 220, 150))

    return Figure(tall, 0.4, 0.4, paint)


def _bollard(d: Dice) -> Figure:
    steel, tall = d.pick((*STEEL, *PAINT[:4])), d.between(0.7, 1.05)

    def paint(s: Sketch) -> None:
        for low, high, r, colour in ((0.0, tall, 0.09, steel), (tall * 0.7, tall * 0.84, 0.094, (240, 238, 230))):
            solid.drum(s, low, high, r, s.ink(colour, 0.35))
            solid.drum(s, low + 0.02, high, r * 0.5, s.ink(colour, 0.9), 0.02)
        solid.drum(s, tall, tall + 0.04, 0.1, s.ink(darker(steel, 0.3), 0.7))

    return Figure(tall, 0.2, 0.2, paint)


def _cone(d: Dice) -> Figure:
    colour = d.pick(((236, 108, 50), (226, 84, 60), (240, 190, 60)))

    def paint(s: Sketch) -> None:
        solid.box(s, (-0.2, 0.0, -0.2), (0.2, 0.05, 0.2), darker(colour, 0.3))
        s.hull(((0, 0.08, 0, 0.16), (0, 0.7, 0, 0.03)), s.ink(colour, 0.7))
        s.hull(((0, 0.34, 0, 0.11), (0, 0.46, 0, 0.085)), s.ink((246, 244, 238), 0.8))

    return Figure(0.72, 0.4, 0.4, paint)


def _crate(d: Dice) -> Figure:
    """A container, kiosk or skip: a box with the size and colours of a vehicle."""
    length, width, tall = d.between(1.6, 4.5), d.between(1.2, 2.2), d.between(1.1, 2.8)
    colour, second, panes = d.pick(PAINT), d.pick(PAINT), d.whole(0, 4)

    def paint(s: Sketch) -> None:
        e, w = length / 2, width / 2
        solid.box(s, (-e, 0.0, -w), (e, tall, w), colour, lighter(colour, 0.1))
        for side in (-1.0, 1.0):
            if s.facing(0, 1, side * w, 0, 0, side):
                quad = solid.side_quad(-e, e, 0, tall, side * (w + 0.005))
                for k in range(panes):
                    solid.glass(
                        s,
                        solid.part(quad, (k + 0.12) / panes, (k + 0.88) / panes, 0.42, 0.82),
                        (96, 118, 130),
                        (0, 0, side),
                    )
                s.polygon(solid.part(quad, 0, 1, 0.0, 0.14), s.ink(darker(colour, 0.4), 0.5))
                s.polygon(solid.part(quad, 0, 1, 0.88, 1.0), s.ink(second, 0.7))
        if panes > 2:
            solid.box(s, (-e - 0.25, tall, -w - 0.25), (e + 0.25, tall + 0.15, w + 0.25), second)

    return Figure(tall, length, width, paint)


def _sack(d: Dice) -> Figure:
    colour, tall = d.pick((*PAINT, (44, 44, 52), (60, 62, 66))), d.between(0.3, 0.6)

    def paint(s: Sketch) -> None:
        s.blob(((0, tall * 0.42, 0, tall * 0.45), (tall * 0.5, tall * 0.36, 0.05, tall * 0.36)), colour)
        s.blob(((0.05, tall * 0.9, 0, tall * 0.12), (0.02, tall * 1.1, 0, tall * 0.06)), colour)

    return Figure(tall * 1.2, tall * 1.7, tall, paint)


ITEMS: dict[str, Item] = {
    "bin": Item(_bin, {"sidewalk": 3.0, "kerb": 2.0, "grass": 0.5}),
    "hydrant": Item(_hydrant, {"kerb": 2.0, "sidewalk": 0.6}),
    "bench": Item(_bench, {"sidewalk": 2.0, "grass": 1.0}),
    "sign": Item(_sign, {"kerb": 2.0, "sidewalk": 0.4}, weight=1.3),
    "lamp": Item(_lamp, {"kerb": 2.0, "grass": 0.3}, weight=1.8),
    "bollard": Item(_bollard, {"kerb": 2.0, "sidewalk": 0.5}),
    "cone": Item(_cone, {"road": 1.0, "kerb": 1.0}),
    "crate": Item(_crate, {"sidewalk": 1.6, "road": 0.7, "grass": 0.6}, weight=1.2),
    "planter": Item(greens.planter, {"sidewalk": 2.0}),
    "sack": Item(_sack, {"sidewalk": 1.5, "kerb": 1.0}),
    "tree": Item(greens.tree, {"kerb": 1.6, "grass": 5.0}, "vegetation", 2.4),
    "hedge": Item(greens.hedge, {"grass": 2.5, "sidewalk": 0.5}, "vegetation", 1.0),
}
