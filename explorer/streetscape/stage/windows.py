"""Windows and what dresses them: frames, shutters, flower boxes, balconies; shop fronts and awnings."""

from __future__ import annotations

import numpy as np

from explorer.streetscape.camera import Point3
from explorer.streetscape.canvas import Canvas
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import PAINT, Colour, darker, lighter, mix
from explorer.streetscape.stage.ground import tone
from explorer.streetscape.stage.house import House, Panes, Row, course
from explorer.streetscape.stage.plan import Plan

GLOWS: tuple[Colour, ...] = ((255, 214, 140), (255, 196, 112), (250, 230, 180), (196, 214, 236))
FLOWERS: tuple[Colour, ...] = ((216, 84, 92), (240, 180, 90), (226, 140, 170))
Grid = tuple[Row, Row, float, float]


def _grid(h: House) -> Grid:
    """Centres (n,) of the windows along and up, and their half extents."""
    step, rise = (h.t1 - h.t0) / h.columns, (h.height - 3.9) / h.floors
    t = h.t0 + step * (np.arange(h.columns) + 0.5)
    y = 3.7 + rise * (np.arange(h.floors) + 0.5)
    return np.tile(t, h.floors), np.repeat(y, h.columns), step * h.wide / 2, rise * h.tall / 2


def upper_floors(canvas: Canvas, plan: Plan, h: House, dice: Dice) -> None:
    """All windows above the ground floor."""
    grid = _grid(h)
    t, y, dt, dy = grid
    share, light, panes = plan.light.lamps * dice.between(0.15, 0.6), plan.light, Panes(plan, h)
    lit = np.array([dice.unit() < share for _ in range(len(t))])
    fine, dark = h.px > 8, ~lit
    if h.px > 11:
        trim = tone(plan, h.trim, h.depth, h.shade * 0.95)
        panes.add(t - dt - 0.14, t + dt + 0.14, y - dy - 0.16, y + dy + 0.14, trim)
    glass = tone(plan, h.glass, h.depth, h.shade * 0.6)
    panes.add(t[dark] - dt, t[dark] + dt, y[dark] - dy, y[dark] + dy, glass, fine)
    if fine and light.lamps < 0.9:
        sky = mix(glass, light.sky[-1][1], 0.42)
        panes.add(t[dark] - dt, t[dark] + dt * 0.1, y[dark] - dy * 0.1, y[dark] + dy, sky)
    if share > 0 and lit.any():
        glow, haze = dice.pick(GLOWS[:3]), light.haze_at(h.depth)
        panes.add(t[lit] - dt, t[lit] + dt, y[lit] - dy, y[lit] + dy, mix(glow, light.haze, haze), fine)
        if fine:
            curtain = mix(darker(glow, 0.25), light.haze, haze)
            panes.add(t[lit] - dt, t[lit] - dt * 0.3, y[lit] - dy, y[lit] + dy, curtain)
    if h.px > 12:
        _dress(panes, plan, h, dice, grid)
    if h.px > 17:
        _bars(panes, plan, h, grid)
    panes.paint(canvas)


def _bars(panes: Panes, plan: Plan, h: House, grid: Grid) -> None:
    t, y, dt, dy = grid
    frame = tone(plan, darker(h.trim, 0.1), h.depth, h.shade * 0.9)
    panes.add(t - 0.04, t + 0.04, y - dy, y + dy, frame)
    panes.add(t - dt, t + dt, y + dy * 0.25, y + dy * 0.25 + 0.06, frame)
    sill = tone(plan, darker(h.wall, 0.3), h.depth, h.shade * 0.7)
    panes.add(t - dt - 0.2, t + dt + 0.2, y - dy - 0.3, y - dy - 0.16, sill)


def _dress(panes: Panes, plan: Plan, h: House, dice: Dice, grid: Grid) -> None:
    """Shutters, flower boxes, balconies or lintels, each house its own."""
    t, y, dt, dy = grid
    style = dice.weigh({"plain": 1.5, "shutters": 1.4, "boxes": 1.2, "balcony": 1.2, "lintel": 1.4})
    if style == "shutters":
        ink = tone(plan, dice.pick(PAINT), h.depth, h.shade * 0.8)
        panes.add(t - dt * 1.8 - 0.04, t - dt - 0.04, y - dy, y + dy, ink)
        panes.add(t + dt + 0.04, t + dt * 1.8 + 0.04, y - dy, y + dy, ink)
    elif style == "boxes":
        flower = tone(plan, dice.pick(FLOWERS), h.depth, h.shade)
        leaves = tone(plan, plan.palette.leaves[0], h.depth, h.shade * 0.8)
        panes.add(t - dt - 0.1, t + dt + 0.1, y - dy - 0.1, y - dy + 0.22, leaves)
        panes.add(t - dt * 0.6, t - dt * 0.2, y - dy + 0.08, y - dy + 0.24, flower)
        panes.add(t + dt * 0.2, t + dt * 0.7, y - dy + 0.04, y - dy + 0.22, flower)
    elif style == "balcony":
        wide, rail = dt + 0.35, tone(plan, (58, 60, 68), h.depth, 0.5)
        slab = tone(plan, darker(h.wall, 0.2), h.depth, h.shade * 0.8)
        panes.add(t - wide, t + wide, y - dy - 0.3, y - dy - 0.16, slab)
        panes.add(t - wide, t + wide, y - dy + 0.5, y - dy + 0.58, rail)
        for k in range(7):
            x = t - wide + k * wide / 3 - 0.02
            panes.add(x, x + 0.05, y - dy - 0.16, y - dy + 0.5, rail)
    elif style == "lintel":
        panes.add(t - dt - 0.3, t + dt + 0.3, y + dy + 0.12, y + dy + 0.34, tone(plan, h.trim, h.depth, h.shade))


def home_front(canvas: Canvas, plan: Plan, h: House, dice: Dice) -> None:
    """A ground floor that is no shop: a door and windows with stone frames."""
    count = max(2, h.columns)
    step, panes = (h.t1 - h.t0) / count, Panes(plan, h)
    t, half = h.t0 + step * (np.arange(count) + 0.5), min(0.62, 0.3 * step)
    door = np.arange(count) == dice.whole(0, count - 1)
    low, high = np.where(door, 0.0, 1.05), np.full(count, 2.7)
    panes.add(t - half - 0.14, t + half + 0.14, low - 0.12, high + 0.16, tone(plan, h.trim, h.depth, h.shade * 0.9))
    on = plan.light.lamps * dice.between(0.0, 1.4) > 0.6
    glass = mix(GLOWS[0], plan.light.haze, plan.light.haze_at(h.depth)) if on else tone(plan, h.glass, h.depth, 0.5)
    panes.add(t - half, t + half, low, high, glass)
    panes.add(
        t[door] - half,
        t[door] + half,
        low[door],
        high[door] - 0.4,
        tone(plan, dice.pick(PAINT), h.depth, h.shade * 0.7),
    )
    if h.px > 12 and not on:
        sky = mix(glass, plan.light.sky[-1][1], 0.4)
        panes.add(t[~door] - half, t[~door] + half * 0.1, low[~door] + 0.7, high[~door], sky)
    if h.px > 17:
        panes.add(t - 0.04, t + 0.04, low, high, tone(plan, darker(h.trim, 0.1), h.depth, h.shade * 0.9))
    panes.paint(canvas)


def shop_front(canvas: Canvas, plan: Plan, h: House, shop: Colour, dice: Dice) -> list[tuple[Point3, float, Colour]]:
    """A shop on the ground floor; returns its light, if it is on."""
    wide, on = h.t1 - h.t0, plan.light.lamps > 0.3
    back = course(plan, h, h.t0 + 0.3, h.t1 - 0.3, 0.1, 3.3)
    canvas.fill(back, tone(plan, darker(shop, 0.15), h.depth, h.shade * 0.8), None)
    sign = course(plan, h, h.t0 + 0.4, h.t1 - 0.4, 2.62, 3.2)
    canvas.fill(sign, tone(plan, lighter(shop, 0.12), h.depth, h.shade), None)
    count = max(2, int(wide / 2.4))
    step = (wide - 0.9) / count
    t = h.t0 + 0.45 + step * np.arange(count)
    glow, haze = dice.pick(GLOWS), plan.light.haze_at(h.depth)
    pane = mix(glow, plan.light.haze, haze) if on else tone(plan, (86, 106, 118), h.depth, 0.55)
    _shop_windows(canvas, plan, h, dice, t, step, pane, on)
    if dice.chance(0.55):
        _awning(canvas, plan, h, t, step, dice.pick(PAINT), 4 if h.px > 12 else 1)
    return [(plan.world((h.t0 + h.t1) / 2, h.a - 0.6 * h.out, 1.2), 2.2, glow)] if on else []


def _shop_windows(
    canvas: Canvas, plan: Plan, h: House, dice: Dice, t: Row, step: float, pane: Colour, on: bool
) -> None:
    count, panes = len(t), Panes(plan, h)
    low = np.where(np.arange(count) == dice.whole(0, count - 1), 0.12, 0.7)
    high = np.full(count, 2.45)
    panes.add(t + 0.14, t + step - 0.14, low, high, pane)
    shelf = dice.between(0.4, 0.9)
    if h.px > 8:
        panes.add(t + 0.4, t + step * 0.5, low + 0.05, low + shelf, mix(pane, (40, 36, 44), 0.35))
        panes.add(t + step * 0.62, t + step - 0.3, low + 0.05, low + shelf * 0.6, mix(pane, (60, 40, 44), 0.25))
        if not on:
            panes.add(t + step * 0.55, t + step - 0.2, low + 0.9, high - 0.05, mix(pane, plan.light.sky[-1][1], 0.4))
    if h.px > 9:
        letters = np.arange(4) * 0.5 + (h.t0 + h.t1) / 2 - 1.0
        panes.add(letters, letters + 0.3, np.full(4, 2.75), np.full(4, 3.06), tone(plan, h.trim, h.depth, 1.0))
    panes.paint(canvas)


def _awning(canvas: Canvas, plan: Plan, h: House, t: Row, step: float, colour: Colour, stripes: int) -> None:
    """A cloth over the shop windows, striped when near."""
    w, cam, reach = plan.world, plan.camera, h.a - 1.1 * h.out
    cream = (244, 238, 226)
    cloths = (colour, cream) if stripes > 1 else (mix(colour, cream, 0.3),)
    start, wide, count = float(t[0]), step / stripes, len(t) * stripes if stripes > 1 else 1
    if stripes == 1:
        wide = step * len(t)
    for k, ink in enumerate(cloths):
        tops, rims = [], []
        for j in range(k, count, len(cloths)):
            a, b = start + wide * j, start + wide * (j + 1)
            tops.append(cam.project([w(a, h.a, 2.7), w(b, h.a, 2.7), w(b, reach, 2.25), w(a, reach, 2.25)]))
            rims.append(cam.project([w(a, reach, 2.25), w(b, reach, 2.25), w(b, reach, 2.05), w(a, reach, 2.05)]))
        canvas.fill_all(tops, tone(plan, ink, h.depth, h.shade + 0.2), "building")
        canvas.fill_all(rims, tone(plan, ink, h.depth, h.shade * 0.7), "building")
