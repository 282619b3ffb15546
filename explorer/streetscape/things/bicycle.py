"""Bicycles: tubes, rims and spokes, parked or under a rider."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from explorer.streetscape import trig
from explorer.streetscape.camera import Point3
from explorer.streetscape.dice import Dice
from explorer.streetscape.outfit import Outfit
from explorer.streetscape.palette import METAL, PAINT, RUBBER, Colour, darker, lighter
from explorer.streetscape.registry import Figure, Kind
from explorer.streetscape.sketch import Sketch
from explorer.streetscape.things import person


@dataclass(frozen=True)
class Build:
    """One bicycle; metres, colours and names."""

    wheel: float
    base: float
    frame: Colour
    tyre: Colour
    saddle: Colour
    style: str
    extra: str
    bars: str
    steer: float
    spokes: int
    turn: float


def build(dice: Dice) -> Build:
    """A bicycle."""
    small = dice.chance(0.15)
    return Build(
        wheel=dice.between(0.2, 0.26) if small else dice.between(0.31, 0.36),
        base=0.8 if small else dice.between(0.98, 1.12),
        frame=dice.pick(PAINT),
        tyre=dice.pick((RUBBER, RUBBER, (196, 178, 150), (110, 70, 50))),
        saddle=dice.pick(((52, 44, 42), (130, 84, 54), (40, 40, 48))),
        style=dice.weigh({"diamond": 3.0, "step": 2.0, "cruiser": 1.0}),
        extra=dice.weigh({"none": 2.0, "basket": 1.2, "rack": 1.2, "guards": 1.6}),
        bars=dice.pick(("flat", "drop", "swept")),
        steer=dice.middle(-0.09, 0.09),
        spokes=dice.pick((8, 12, 16)),
        turn=dice.unit(),
    )


def _wheel(s: Sketch, b: Build, cx: float, steer: float) -> None:
    c, w, r = trig.cosine(steer), trig.sine(steer), b.wheel
    hub: Point3 = (cx, r, 0.0)
    if s.detail > 1:
        ink = s.ink(METAL, 0.8)
        for k in range(b.spokes):
            a, e = trig.cosine(b.turn + k / b.spokes), trig.sine(b.turn + k / b.spokes)
            s.line([hub, (cx + r * 0.94 * a * c, r + r * 0.94 * e, r * a * w)], ink, 0.006, 0.3)
    rim = [(cx + r * 0.9 * a * c, r + r * 0.9 * e, r * 0.9 * a * w) for a, e in trig.ring(20)]
    tyre = [(cx + r * 0.97 * a * c, r + r * 0.97 * e, r * 0.97 * a * w) for a, e in trig.ring(24)]
    if s.detail > 1:
        s.line([*rim, rim[0]], s.ink(METAL, 0.9), 0.016, 0.4)
    s.line([*tyre, tyre[0]], s.ink(b.tyre, 0.6), 0.042, 1.0)
    s.hull(((*hub, 0.035),), s.ink(METAL, 0.6))


def joints(b: Build) -> dict[str, Point3]:
    """Where the frame's tubes meet."""
    r, half = b.wheel, b.base / 2
    big = r / 0.34
    return {
        "rear": (-half, r, 0.0),
        "front": (half, r, 0.0),
        "crank": (-0.08 * big, r * 0.82, 0.0),
        "seat": (-0.22 * big, 0.86 * big, 0.0),
        "saddle": (-0.25 * big, 0.96 * big, 0.0),
        "head": (half - 0.16 * big, 0.82 * big, 0.0),
        "bar": (half - 0.2 * big, 1.0 * big, 0.0),
        "low": (half - 0.12 * big, 0.68 * big, 0.0),
        "grip": (half - (0.12 if b.bars == "drop" else 0.3) * big, 1.0 * big, 0.0),
    }


def paint(s: Sketch, b: Build) -> None:
    """The whole bicycle."""
    s.soft = False
    j = joints(b)
    _wheel(s, b, j["rear"][0], 0.0)
    _wheel(s, b, j["front"][0], b.steer)
    tube, light = s.ink(b.frame, 0.6), s.ink(lighter(b.frame, 0.25), 1.0)
    dark = s.ink((60, 60, 66), 0.6)
    top = j["head"] if b.style == "diamond" else j["low"]
    start = j["seat"] if b.style == "diamond" else (j["seat"][0] * 0.8, j["seat"][1] * 0.66, 0.0)
    thin = [(j["rear"], j["crank"]), (j["rear"], j["seat"])]
    thick = [(j["crank"], j["seat"]), (start, top), (j["crank"], j["low"]), (j["head"], j["front"])]
    for a, e in thin:
        s.line([a, e], tube, 0.026, 0.8)
    for a, e in thick:
        s.line([a, e], tube, 0.044, 1.0)
        if s.detail > 1:
            s.line([(a[0], a[1] + 0.012, a[2]), (e[0], e[1] + 0.012, e[2])], light, 0.012, 0.3)
    s.line([j["seat"], j["saddle"]], s.ink(METAL), 0.026, 0.7)
    s.line([j["head"], j["bar"]], s.ink(METAL), 0.028, 0.7)
    x, y, _ = j["saddle"]
    s.hull(((x - 0.1, y + 0.02, 0.0, 0.05), (x + 0.14, y + 0.02, 0.0, 0.024)), s.ink(b.saddle, 0.7))
    _bars(s, b, j)
    x, y, _ = j["crank"]
    s.hull(((x, y, 0.0, 0.085),), dark) if s.detail else None
    for side in (-1, 1):
        s.line(
            [
                (x, y, 0.0),
                (x + 0.12 * side, y - 0.1 * side, 0.06 * side),
                (x + 0.12 * side, y - 0.1 * side, 0.14 * side),
            ],
            dark,
            0.022,
            0.6,
        )
    _extras(s, b, j)


def _bars(s: Sketch, b: Build, j: dict[str, Point3]) -> None:
    (x, y, _), (gx, gy, _) = j["bar"], j["grip"]
    ink = s.ink(METAL, 0.7)
    for side in (-1, 1):
        end = (gx, gy - (0.1 if b.bars == "drop" else -0.02), 0.26 * side)
        s.line([(x, y, 0.0), (x + 0.04, y + 0.02, 0.2 * side), end], ink, 0.026, 0.8)
        s.line([end, (end[0] - 0.1, end[1], end[2])], s.ink(b.saddle, 0.6), 0.04, 0.8)
    if s.light.lamps:
        s.hull(((x + 0.12, y - 0.08, 0.0, 0.05),), s.glow((255, 246, 214)))


def _extras(s: Sketch, b: Build, j: dict[str, Point3]) -> None:
    dark, r = s.ink(darker(b.frame, 0.35), 0.6), b.wheel
    if b.extra == "guards":
        for x in (j["rear"][0], j["front"][0]):
            arc = [(x + r * 1.06 * trig.cosine(k / 24), r + r * 1.06 * trig.sine(k / 24), 0.0) for k in range(12)]
            s.line(arc, dark, 0.03, 0.7)
    elif b.extra == "rack":
        x, y = j["rear"][0], r * 2.12
        s.line([(x - 0.24, y, 0.0), (x + 0.2, y, 0.0), (x, r, 0.0), (x - 0.2, y, 0.0)], dark, 0.022, 0.6)
        s.blob([(x + dx, y + 0.1, z * 0.1, 0.09) for dx in (-0.15, 0.1) for z in (-1, 1)], b.saddle)
    elif b.extra == "basket":
        x, y = j["bar"][0] + 0.2, j["bar"][1] - 0.08
        weave = s.ink((190, 150, 100), 0.7)
        for side in (1, -1) if s.depth(0, 1) > 0 else (-1, 1):
            s.polygon(
                [
                    (x - 0.14, y + 0.1, 0.16 * side),
                    (x + 0.16, y + 0.1, 0.16 * side),
                    (x + 0.11, y - 0.14, 0.12 * side),
                    (x - 0.1, y - 0.14, 0.12 * side),
                ],
                weave,
            )
        for end in (0.16, -0.14):
            low = 0.11 if end > 0 else -0.1
            s.polygon(
                [
                    (x + end, y + 0.1, -0.16),
                    (x + end, y + 0.1, 0.16),
                    (x + low, y - 0.14, 0.12),
                    (x + low, y - 0.14, -0.12),
                ],
                s.ink((168, 128, 84), 0.6),
            )


def seat(o: Outfit, b: Build) -> person.Joints:
    """Joints of somebody riding this bicycle."""
    h, j = o.height, joints(b)
    sx, sy, _ = j["saddle"]
    hips = (sx, sy + 0.07 * h, 0.0)
    gx, gy, _ = j["grip"]
    chest = (sx + (0.26 if b.bars == "drop" else 0.13) * h, hips[1] + (0.22 if b.bars == "drop" else 0.28) * h, 0.0)
    head = (chest[0] + 0.06 * h, chest[1] + 0.125 * h, 0.0)
    cx, cy, _ = j["crank"]
    legs, arms = [], []
    for side in (-1, 1):
        hip = (hips[0], hips[1], side * 0.055 * h)
        foot = (cx + 0.12 * side, max(cy - 0.1 * side, 0.0) + 0.03 * h, side * 0.08 * h)
        legs.append((hip, _knee(hip, foot, 0.245 * h, 1), foot))
        root = (chest[0], chest[1], side * 0.11 * h)
        hand = (gx, gy + 0.03, side * 0.24)
        arms.append((root, _knee(root, hand, 0.17 * h, -1), hand))
    return person.Joints(hips, chest, head, (legs[0], legs[1]), (arms[0], arms[1]))


def _knee(a: Point3, b: Point3, length: float, forward: int) -> Point3:
    """The joint of a two-part limb whose parts are `length` long, bent forward or back."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    gap = max(math.sqrt(dx * dx + dy * dy), 1e-6)
    rise = math.sqrt(max(length * length - gap * gap / 4, 0.0)) * forward
    return ((a[0] + b[0]) / 2 - dy / gap * rise, (a[1] + b[1]) / 2 + dx / gap * rise, (a[2] + b[2]) / 2)


def rider_paint(o: Outfit, b: Build) -> Callable[[Sketch], None]:
    """How to paint somebody on this bicycle."""
    return partial(person.paint, o=o, j=seat(o, b))


def figure(b: Build) -> Figure:
    """A known bicycle."""
    return Figure(joints(b)["bar"][1] + 0.05, b.base + 2 * b.wheel, 0.5, partial(paint, b=b))


def make(dice: Dice) -> Figure:
    """A bicycle that nobody rides."""
    return figure(build(dice))


KIND = Kind("bicycle", make, {"sidewalk": 2.2, "road": 1.6, "kerb": 2.2, "grass": 0.6}, along=0.5)
