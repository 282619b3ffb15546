"""Walls and roofs of a row of buildings in perspective."""

from __future__ import annotations

import numpy as np

from explorer.streetscape.camera import Point3
from explorer.streetscape.canvas import Canvas
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import Colour, darker
from explorer.streetscape.stage.ground import tone
from explorer.streetscape.stage.house import House, course
from explorer.streetscape.stage.plan import Plan
from explorer.streetscape.stage.windows import home_front, shop_front, upper_floors


def paint(canvas: Canvas, plan: Plan, houses: list[House], dice: Dice) -> list[tuple[Point3, float, Colour]]:
    """Paint buildings, farthest first; returns the lights (world point, size, colour) of their shops."""
    lights: list[tuple[Point3, float, Colour]] = []
    for house in houses:
        own = dice.child()
        _walls(canvas, plan, house)
        _bricks(canvas, plan, house)
        if house.px > 3.2:
            upper_floors(canvas, plan, house, own)
        _trims(canvas, plan, house)
        if house.shop is None and house.px > 6:
            home_front(canvas, plan, house, own)
        if house.shop is not None and house.px > 4:
            lights += shop_front(canvas, plan, house, house.shop, own)
    return lights


def _walls(canvas: Canvas, plan: Plan, h: House) -> None:
    cam, w = plan.camera, plan.world
    for t, sign in ((h.t0, -1.0), (h.t1, 1.0)):
        x, _, z = w(t, h.a)
        if (x * plan.along[0] + z * plan.along[1]) * sign < 0:
            back = h.a + 9 * h.out
            side = cam.project([w(t, h.a, 0), w(t, h.a, h.height), w(t, back, h.height), w(t, back, 0)])
            canvas.fill(side, tone(plan, darker(h.wall, 0.15), h.depth, h.shade * 0.6), "building")
    if h.pitched and plan.along[1] < 0.85:
        back, top = h.a + 3.5 * h.out, h.height + 3
        roof = cam.project(
            [w(h.t0, h.a, h.height), w(h.t1, h.a, h.height), w(h.t1 - 0.4, back, top), w(h.t0 + 0.4, back, top)]
        )
        canvas.fill(roof, tone(plan, h.roof, h.depth, min(1.0, h.shade + 0.15)), "building")
    bands = 5 if h.height * h.px > 110 else 2
    for k in range(bands):
        quad = course(plan, h, h.t0, h.t1, h.height * k / bands, h.height * (k + 1) / bands)
        gain = h.shade * (0.72 + 0.34 * (k + 0.5) / bands)
        canvas.fill(quad, tone(plan, h.wall, h.depth, gain), "building")


def _trims(canvas: Canvas, plan: Plan, h: House) -> None:
    def strip(low: float, high: float, colour: Colour, gain: float) -> None:
        canvas.fill(course(plan, h, h.t0, h.t1, low, high), tone(plan, colour, h.depth, h.shade * gain), None)

    strip(h.height - 0.55, h.height, h.trim if h.columns % 2 else darker(h.wall, 0.25), 1.0)
    if h.px > 5:
        strip(h.height - 0.75, h.height - 0.55, darker(h.wall, 0.4), 0.6)
    strip(0.0, 0.6, darker(h.wall, 0.42), 0.6)
    if h.px > 12:
        strip(3.5, 3.7, h.trim, 1.0)


def _bricks(canvas: Canvas, plan: Plan, h: House) -> None:
    if h.brick and h.px > 16:
        w, cam = plan.world, plan.camera
        ink = tone(plan, darker(h.wall, 0.16), h.depth, h.shade * 0.8)
        rows = np.arange(0.7, h.height - 1, 0.42).tolist()
        lines = [cam.project([w(h.t0, h.a, y), w(h.t1, h.a, y), w(h.t1, h.a, y + 0.02)])[:2] for y in rows]
        canvas.stroke([line for line in lines if len(line) == 2], ink)
