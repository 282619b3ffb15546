"""Clutter that pretends: posters that show things, statues of them; none of it counts."""

from __future__ import annotations

from dataclasses import replace

from explorer.streetscape import raster, solid
from explorer.streetscape.camera import Camera, Point3
from explorer.streetscape.clutter import Item
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import PAINT, Colour, darker, lighter, mix
from explorer.streetscape.registry import Figure, kinds
from explorer.streetscape.sketch import Sketch

STONE: tuple[Colour, ...] = ((196, 194, 186), (150, 160, 150), (120, 138, 126), (170, 150, 120))
SHOWN = ("person", "bicycle", "car", "bus", "truck", "boat", "bird", "cat", "dog")


def poster(dice: Dice) -> Figure:
    """A panel on legs or at the ground with a flat picture of a thing, in few colours."""
    figure = kinds()[dice.pick(SHOWN)].make(dice.child())
    wide = dice.between(1.0, 1.5) * (1.9 if figure.length > 1.6 else 1.0)
    tall, foot = wide * (0.62 if figure.length > 1.6 else 1.35), dice.between(0.1, 0.9)
    paper, frame, ink = mix(dice.pick(PAINT), (250, 246, 236), 0.45), dice.pick(PAINT), dice.pick(PAINT)
    yaw, mono = dice.pick((0.0, 0.06, -0.08, 0.5)), dice.chance(0.6)

    def paint(s: Sketch) -> None:
        for z in (-0.4, 0.4):
            s.line([(0, 0, z * wide), (0, foot + 0.1, z * wide)], s.ink((86, 90, 96), 0.5), 0.09, 0.8)
        solid.box(s, (-0.06, foot, -wide / 2 - 0.07), (0.06, foot + tall + 0.14, wide / 2 + 0.07), darker(frame, 0.35))
        if not s.facing(0.07, 1, 0, 1, 0, 0):
            return
        s.polygon(solid.end_quad(0.07, foot + 0.07, foot + 0.07 + tall, wide / 2), s.ink(paper, 0.75))
        s.polygon(
            solid.end_quad(0.072, foot + 0.07, foot + 0.07 + tall * 0.2, wide / 2), s.ink(mix(paper, ink, 0.5), 0.75)
        )
        if s.detail:
            _picture(s, figure, yaw, ink if mono else None, foot + 0.07, tall, wide)
            s.polygon(solid.end_quad(0.075, foot + tall * 0.86, foot + tall * 0.96, wide * 0.3), s.ink(ink, 0.7))

    return Figure(foot + tall + 0.2, 0.3, wide, paint)


def _picture(s: Sketch, figure: Figure, yaw: float, mono: Colour | None, foot: float, tall: float, wide: float) -> None:
    long = max(figure.length, figure.width, 0.2) * 1.1
    unit = min(wide * 0.86 / long, tall * 0.66 / max(figure.height, 0.2))
    camera = Camera(200, 200, 1000.0, 0.0, 0.0, figure.height / 2)
    far = 1000.0 / 40.0
    inner = Sketch(camera, replace(s.light, haze_per_m=0.0, lamps=0.0), 0.0, far, yaw, figure.height)
    inner.detail = min(s.detail - 1, 1)
    inner.stone = mono
    figure.paint(inner)
    middle = foot + tall * 0.14 + figure.height * unit / 2

    def plane(u: float, v: float) -> Point3:
        return 0.08, middle - v / 40 * unit, u / 40 * unit

    raster.onto(inner, s, plane)


def statue(dice: Dice) -> Figure:
    """A stone person or beast on a block."""
    figure = kinds()[dice.pick(("person", "dog", "cat", "bird", "person"))].make(dice.child())
    grow, block = 1.0, dice.between(0.3, 0.9)
    stone = dice.pick(STONE) if dice.chance(0.55) else dice.pick(PAINT)
    half = max(figure.length, figure.width) * 0.5 * grow if figure.length < 1.5 else 0.5
    half = min(half, 0.55)

    def paint(s: Sketch) -> None:
        s.stone = stone
        solid.box(s, (-half, -block, -half), (half, -0.06, half), stone, lighter(stone, 0.15))
        solid.box(s, (-half - 0.06, -0.08, -half - 0.06), (half + 0.06, 0.0, half + 0.06), lighter(stone, 0.1))
        figure.paint(s)

    return Figure(figure.height, 2 * half, 2 * half, paint, base=block)


PRETENDERS: dict[str, Item] = {
    "poster": Item(poster, {"sidewalk": 2.0, "kerb": 1.0, "grass": 0.4}, weight=4.5),
    "statue": Item(statue, {"sidewalk": 1.5, "grass": 1.5}, weight=4.5),
}
