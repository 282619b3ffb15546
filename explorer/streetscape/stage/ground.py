"""The ground: strips of road, pavement, grass and water in one perspective, with their surfaces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.streetscape.camera import Point2
from explorer.streetscape.canvas import LABEL, Canvas
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import Colour, darker, lighter, mix
from explorer.streetscape.stage.plan import WATER_LEVEL, Plan, Strip
from explorer.streetscape.stage.textures import PER_METRE, SIDE, SURFACES, tiles

REACH = 300.0


def tone(plan: Plan, colour: Colour, depth: float, shade: float = 1.0) -> Colour:
    """A ground or wall colour under the light at a depth."""
    light, haze = plan.light, plan.light.haze_at(depth)
    d, t, f, clear = light.shade_tint, light.tint, light.haze, 1 - haze
    return (
        int(min(255.0, colour[0] * (d[0] + (t[0] - d[0]) * shade)) * clear + f[0] * haze),
        int(min(255.0, colour[1] * (d[1] + (t[1] - d[1]) * shade)) * clear + f[1] * haze),
        int(min(255.0, colour[2] * (d[2] + (t[2] - d[2]) * shade)) * clear + f[2] * haze),
    )


def band(plan: Plan, near: float, far: float, t0: float = -REACH, t1: float = REACH, y: float = 0.0) -> list[Point2]:
    """A strip of ground on the picture."""
    w = plan.world
    return plan.camera.project([w(t0, near, y), w(t1, near, y), w(t1, far, y), w(t0, far, y)])


def base_colour(plan: Plan, strip: Strip) -> Colour:
    """Local colour of a strip."""
    p = plan.palette
    wet = 0.35 * plan.light.wet
    ground = {
        "road": p.road if strip.surface == "asphalt" else mix(p.road, p.paving, 0.45),
        "sidewalk": p.paving,
        "vegetation": p.grass,
        "water": p.water,
    }
    return darker(ground[strip.label], wet if strip.label in ("road", "sidewalk") else 0.0)


def paint(canvas: Canvas, plan: Plan, dice: Dice) -> None:
    """All strips, far ground first, then lines on the road."""
    cam = plan.camera
    far = plan.strips[-1]
    low = max(cam.horizon, 0.0)
    rest = plan.palette.grass if far.label == "vegetation" else plan.palette.paving
    label = "vegetation" if far.label == "vegetation" else "sidewalk"
    ground = [(0.0, low), (cam.width, low), (cam.width, cam.height + 2.0), (0.0, cam.height + 2.0)]
    canvas.fill(ground, tone(plan, rest, 60.0, 0.8), label)
    order = sorted(plan.strips, key=lambda s: s.label != "water")
    for strip in order:
        level = WATER_LEVEL if strip.label == "water" else 0.0
        shape = band(plan, strip.near, strip.far, y=level)
        if len(shape) > 2:
            canvas.fill(shape, tone(plan, base_colour(plan, strip), 8.0, 0.9), strip.label)
        if strip.label == "water":
            w = plan.world
            wall = cam.project(
                [
                    w(-REACH, strip.far, WATER_LEVEL),
                    w(REACH, strip.far, WATER_LEVEL),
                    w(REACH, strip.far),
                    w(-REACH, strip.far),
                ]
            )
            canvas.fill(wall, tone(plan, darker(plan.palette.paving, 0.45), strip.far, 0.5), "sidewalk")
    haze_rows(canvas, plan)
    for strip in order:
        if strip.label == "road":
            _marks(canvas, plan, strip, dice)
        if strip.label == "sidewalk":
            _kerb(canvas, plan, strip)
    surface(canvas, plan)


def haze_rows(canvas: Canvas, plan: Plan) -> None:
    """Close the far ground in with haze, row by row."""
    cam = plan.camera
    first = max(int(cam.horizon) + 1, 0)
    if first >= canvas.height:
        return
    depth = cam.focal * cam.above / (np.arange(first, canvas.height) + 0.5 - cam.horizon)
    thick = depth * plan.light.haze_per_m
    share = np.rint((1 - 1 / (1 + thick + 0.5 * thick * thick)) * 256).astype(np.uint16)[:, None, None]
    area = canvas.picture[first:]
    area[:] = (area * (256 - share) + np.array(plan.light.haze, np.uint16) * share) >> 8


def _kerb(canvas: Canvas, plan: Plan, strip: Strip) -> None:
    for edge, side in ((strip.near, 0.16), (strip.far, -0.16)):
        shape = band(plan, edge, edge + side, -120.0, 120.0)
        canvas.fill(shape, tone(plan, lighter(plan.palette.paving, 0.25), 10.0, 0.95), None)
    gutter = band(plan, strip.near - 0.2, strip.near, -120.0, 120.0)
    canvas.fill(gutter, tone(plan, darker(plan.palette.paving, 0.5), 10.0, 0.6), None)


def _marks(canvas: Canvas, plan: Plan, strip: Strip, dice: Dice) -> None:
    """Lane lines, a stop line or a crossing; paint is worn."""
    paint_colour = mix(plan.palette.road, (240, 238, 228), 0.72)
    middle = (strip.near + strip.far) / 2
    start, phase = dice.between(-4, 4), dice.unit() * 6
    near: list[list[Point2]] = []
    far: list[list[Point2]] = []
    for k in range(-14, 15):
        t = k * 6.0 + phase
        dash = band(plan, middle - 0.08, middle + 0.08, t, t + 3.0)
        if len(dash) > 2:
            (near if abs(k) < 5 else far).append(dash)
    canvas.fill_all(near, tone(plan, paint_colour, 12.0))
    canvas.fill_all(far, tone(plan, paint_colour, 50.0))
    if dice.chance(0.45):
        t = start + (dice.between(6, 22) if plan.along[1] > 0.6 else dice.between(-6, 6))
        bars = [band(plan, a, a + 0.5, t, t + 3.0) for a in np.arange(strip.near + 0.4, strip.far - 0.5, 1.0).tolist()]
        canvas.fill_all([bar for bar in bars if len(bar) > 2], tone(plan, paint_colour, 12.0))


def _codes(plan: Plan) -> NDArray[np.int32]:
    """Which tile each label wears; the last one is blank."""
    codes = np.full(256, len(SURFACES), np.int32)
    for strip in plan.strips:
        codes[LABEL[strip.label]] = SURFACES.index(strip.surface)
    return codes


def surface(canvas: Canvas, plan: Plan) -> None:
    """Lay the tiles on the ground in perspective; they fade where they would be finer than the pixels."""
    cam = plan.camera
    first = max(int(cam.horizon) + 2, 0)
    if first >= canvas.height:
        return
    depth = cam.focal * cam.above / (np.arange(first, canvas.height) + 0.5 - cam.horizon)
    ray = (np.arange(canvas.width) + 0.5 - cam.centre) / cam.focal
    u = _texels(depth, ray * plan.along[0] + plan.along[1])
    v = _texels(depth, ray * plan.across[0] + plan.across[1])
    label = canvas.label[first:]
    code = _codes(plan)[label]
    gain = tiles().reshape(-1)[(code << 20) + (v << 10) + u]
    fine = np.minimum(cam.focal * cam.above / (depth * depth) / 10, 1.0) * np.minimum(1.0, 24 / depth)
    fade = np.rint(np.maximum(fine, 0.05) * 64).astype(np.int16)[:, None]
    lift = ((gain.astype(np.int16) - 128) * fade >> 6) + 128
    area = canvas.picture[first:]
    np.copyto(area, np.minimum((area * lift.astype(np.uint16)[..., None]) >> 7, 255).astype(np.uint8))


def _texels(depth: NDArray[np.floating], ray: NDArray[np.floating]) -> NDArray[np.int32]:
    """Tile coordinate of every ground pixel along one direction of the street."""
    return (depth[:, None] * (ray * PER_METRE)[None, :]).astype(np.int32) & (SIDE - 1)
