"""The buildings of a street: which there are, and the upright rectangles of their fronts on the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from explorer.streetscape.camera import NEAR, Point2
from explorer.streetscape.canvas import Canvas, fixed
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import PAINT, Colour
from explorer.streetscape.stage.plan import Plan

Row = NDArray[np.floating]
GLASS: tuple[Colour, ...] = ((92, 116, 132), (70, 92, 110), (110, 136, 146))


@dataclass(frozen=True)
class House:
    """One building: t0..t1 along the street, front at `a`, `out` +1 or -1 away from the street; metres and colours.

    shade: how much light its front gets; px: pixels in a metre at its middle.
    """

    t0: float
    t1: float
    a: float
    out: float
    height: float
    wall: Colour
    roof: Colour
    trim: Colour
    glass: Colour
    pitched: bool
    shop: Colour | None
    floors: int
    columns: int
    tall: float
    wide: float
    brick: bool
    depth: float
    shade: float
    px: float


def row(plan: Plan, front: float, dice: Dice) -> list[House]:
    """The buildings of one side of the street that can be seen, farthest first."""
    houses: list[House] = []
    t = -70.0 - dice.between(0, 8)
    tall = dice.between(8.0, 15.0) if abs(front) < 40 else dice.between(10.0, 18.0)
    while t < 130.0:
        width = dice.between(7.0, 13.0) * (1.0 if t < 45 else 1.8)
        house = _house(plan, front, t, width, tall * dice.between(0.7, 1.35), dice)
        if _in_view(plan, front, t, t + width):
            houses.append(house)
        t += width + (dice.between(2.0, 9.0) if dice.chance(0.1) else 0.0)
    return sorted(houses, key=lambda h: -h.depth)


def _house(plan: Plan, front: float, t: float, width: float, height: float, dice: Dice) -> House:
    p, out = plan.palette, 1.0 if front > 0 else -1.0
    x, _, z = plan.world(t + width / 2, front)
    depth = max(math.sqrt(x * x + z * z), 1.0)
    shop = dice.pick(PAINT) if dice.chance(0.6) and abs(front) < 40 else None
    sun = plan.light.sunward
    toward = -(plan.across[0] * sun[0] + plan.across[1] * sun[2]) * out
    shade = 0.45 + 0.6 * max(0.0, toward)
    return House(
        t,
        t + width,
        front,
        out,
        height,
        dice.pick(p.walls),
        dice.pick(p.roofs),
        p.trim,
        dice.pick(GLASS),
        dice.chance(0.6),
        shop,
        max(1, int((height - 3.6) / dice.between(2.9, 3.5))),
        max(2, int(width / dice.between(2.0, 3.0))),
        dice.between(0.5, 0.72),
        dice.between(0.38, 0.68),
        dice.chance(0.35),
        depth,
        shade,
        plan.camera.scale(depth),
    )


def _in_view(plan: Plan, front: float, t0: float, t1: float) -> bool:
    cam = plan.camera
    (x0, _, z0), (x1, _, z1) = plan.world(t0, front), plan.world(t1, front)
    if max(z0, z1) <= NEAR:
        return False
    left, right = cam.column(x0, max(z0, NEAR)), cam.column(x1, max(z1, NEAR))
    return min(z0, z1) < 6 or (max(left, right) > -0.02 * cam.width and min(left, right) < 1.02 * cam.width)


def shadows(sheet: NDArray[np.uint8], plan: Plan, houses: list[House]) -> None:
    """Paint the shadows that houses throw into the street into a sheet (h, w)."""
    sun, (vx, vz), (ux, uz), w = plan.light.sun, plan.across, plan.along, plan.world
    over_t, over_a = -(sun[0] * ux + sun[2] * uz) / sun[1], -(sun[0] * vx + sun[2] * vz) / sun[1]
    for h in houses:
        if over_a * h.out < 0:
            t, a = h.height * over_t, h.height * over_a
            foot = [w(h.t0, h.a), w(h.t1, h.a), w(h.t1 + t, h.a + a), w(h.t0 + t, h.a + a)]
            shape = plan.camera.project(foot)
            if len(shape) > 2:
                cv2.fillPoly(sheet, [fixed(shape)], (255,), cv2.LINE_AA, 4)


def course(plan: Plan, h: House, t0: float, t1: float, low: float, high: float) -> list[Point2]:
    """One upright rectangle of the front on the picture, cut where it passes the lens."""
    cam, (ux, uz), (vx, vz) = plan.camera, plan.along, plan.across
    z0, z1 = t0 * uz + h.a * vz, t1 * uz + h.a * vz
    if z0 < NEAR or z1 < NEAR:
        w = plan.world
        return cam.project([w(t0, h.a, low), w(t1, h.a, low), w(t1, h.a, high), w(t0, h.a, high)])
    s0, s1, top, foot = cam.focal / z0, cam.focal / z1, cam.above - high, cam.above - low
    left, right, base = cam.centre + (t0 * ux + h.a * vx) * s0, cam.centre + (t1 * ux + h.a * vx) * s1, cam.horizon
    return [(left, base + foot * s0), (right, base + foot * s1), (right, base + top * s1), (left, base + top * s0)]


class Panes:
    """Many upright rectangles of one front, gathered in layers and projected at once."""

    def __init__(self, plan: Plan, house: House) -> None:
        self._plan, self._house = plan, house
        self._rows: list[tuple[Row, Row, Row, Row]] = []
        self._inks: list[tuple[Colour, bool]] = []

    def add(self, t0: Row, t1: Row, y0: Row, y1: Row, colour: Colour, smooth: bool = True) -> None:
        """A layer of rectangles t0..t1 along the street and y0..y1 up, over the layers before."""
        self._rows.append((t0, t1, y0, y1))
        self._inks.append((colour, smooth))

    def paint(self, canvas: Canvas) -> None:
        """Fill all layers in order; what lies behind the lens or out of the frame is left out."""
        if not self._rows:
            return
        t0, t1, y0, y1 = (np.concatenate(parts) for parts in zip(*self._rows, strict=True))
        quads, keep = self._project(t0, t1, y0, y1)
        start = 0
        for rows, (colour, smooth) in zip(self._rows, self._inks, strict=True):
            stop = start + len(rows[0])
            canvas.fill_fixed(quads[start:stop][keep[start:stop]], colour, smooth)
            start = stop

    def _project(self, t0: Row, t1: Row, y0: Row, y1: Row) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Corners (n, 4, 2) in sixteenths of a pixel, and which of the rectangles can be seen."""
        cam, a = self._plan.camera, self._house.a
        (ux, uz), (vx, vz) = self._plan.along, self._plan.across
        z0, z1 = t0 * uz + a * vz, t1 * uz + a * vz
        s0, s1 = 16 * cam.focal / np.maximum(z0, NEAR), 16 * cam.focal / np.maximum(z1, NEAR)
        low, high = cam.above - y0, cam.above - y1
        flat = np.empty((len(t0), 4, 2))
        flat[:, 0, 0] = flat[:, 3, 0] = (t0 * ux + a * vx) * s0
        flat[:, 1, 0] = flat[:, 2, 0] = (t1 * ux + a * vx) * s1
        flat[:, 0, 1], flat[:, 1, 1] = low * s0, low * s1
        flat[:, 2, 1], flat[:, 3, 1] = high * s1, high * s0
        flat += (16 * cam.centre - 8, 16 * cam.horizon - 8)
        left, right = np.minimum(flat[:, 0, 0], flat[:, 1, 0]), np.maximum(flat[:, 0, 0], flat[:, 1, 0])
        keep = (z0 > NEAR) & (z1 > NEAR) & (right > -32) & (left < 16 * cam.width + 32)
        keep &= (np.maximum(flat[:, 0, 1], flat[:, 1, 1]) > -32) & (
            np.minimum(flat[:, 2, 1], flat[:, 3, 1]) < 16 * cam.height + 32
        )
        return np.rint(np.clip(flat, -480_000, 480_000)).astype(np.int32), keep
