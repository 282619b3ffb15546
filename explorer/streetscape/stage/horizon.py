"""What lies far away: a skyline and a line of trees, fading into the air."""

from __future__ import annotations

from explorer.streetscape.camera import Point2
from explorer.streetscape.canvas import Canvas
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import mix
from explorer.streetscape.stage.ground import tone
from explorer.streetscape.stage.plan import Plan


def paint(canvas: Canvas, plan: Plan, dice: Dice) -> None:
    """Two depths of houses, sometimes hills, then trees."""
    if dice.chance(0.35):
        _hills(canvas, plan, dice)
    for depth, tall in ((320.0, 42.0), (190.0, 24.0)):
        _houses(canvas, plan, dice, depth, tall)
    _trees(canvas, plan, dice, 150.0)


def _hills(canvas: Canvas, plan: Plan, dice: Dice) -> None:
    cam = plan.camera
    line: list[Point2] = [(-5.0, cam.horizon + 3)]
    heights = dice.many(6, 0.03, 0.16)
    for k in range(25):
        u = k / 24 * 5
        i = min(int(u), 4)
        f = u - i
        f = f * f * (3 - 2 * f)
        line.append((cam.width * k / 24, cam.horizon - cam.height * (heights[i] * (1 - f) + heights[i + 1] * f)))
    line += [(cam.width + 5.0, cam.horizon + 3)]
    canvas.fill(line, tone(plan, mix(plan.palette.leaves[0], plan.light.haze, 0.35), 260.0, 0.6), "vegetation")


def _houses(canvas: Canvas, plan: Plan, dice: Dice, depth: float, tall: float) -> None:
    cam = plan.camera
    left, right = cam.span(depth)
    x, base = left - 10.0, cam.horizon + cam.focal * cam.above / depth + 1
    line: list[Point2] = [(cam.column(x, depth), base)]
    lit: list[list[Point2]] = []
    while x < right + 10:
        wide, high = dice.between(8, 24), tall * dice.between(0.25, 1.0)
        a, b, y = cam.column(x, depth), cam.column(x + wide, depth), cam.row(high, depth)
        line += [(a, y), (b, y)]
        if dice.chance(0.25):
            line += [(b, y), ((a + b) / 2, cam.row(high * 1.25, depth)), (a, y), (b, y)]
        for _ in range(4 if plan.light.lamps > 0.4 else 0):
            u, v = a + (b - a) * dice.between(0.1, 0.8), y + (base - y) * dice.between(0.1, 0.8)
            lit.append(
                [(u, v), (u + (b - a) * 0.12, v), (u + (b - a) * 0.12, v + (b - a) * 0.14), (u, v + (b - a) * 0.14)]
            )
        x += wide
    line.append((cam.column(x, depth), base))
    ink = tone(plan, mix(plan.palette.walls[1], plan.palette.roofs[0], 0.5), depth, 0.5)
    canvas.fill(line, mix(ink, plan.light.haze, 0.35), "building")
    canvas.fill_all(lit, mix(mix((255, 206, 130), plan.light.haze, plan.light.haze_at(depth)), ink, 0.25))


def _trees(canvas: Canvas, plan: Plan, dice: Dice, depth: float) -> None:
    cam = plan.camera
    base = cam.horizon + cam.focal * cam.above / depth + 2
    for layer, leaf in enumerate(plan.palette.leaves[:2]):
        line: list[Point2] = [(-5.0, base)]
        x = -5.0
        while x < cam.width + 12:
            r = cam.scale(depth) * dice.between(2.0, 5.5)
            high = base - cam.scale(depth) * dice.between(4.0, 9.0) * (0.8 if layer else 1.0)
            line += [
                (x, high + r * 0.5),
                (x + r * 0.35, high + r * 0.08),
                (x + r * 0.9, high),
                (x + r * 1.4, high + r * 0.3),
            ]
            x += r * 1.5
        line.append((x, base))
        canvas.fill(line, mix(tone(plan, leaf, depth, 0.4 + 0.25 * layer), plan.light.haze, 0.22), "vegetation")
