"""The sky: a gradient, clouds, sun or moon, stars."""

from __future__ import annotations

import math

import numpy as np

from explorer.streetscape import trig
from explorer.streetscape.canvas import LABEL, Canvas
from explorer.streetscape.dice import Dice
from explorer.streetscape.image import soften, stretch
from explorer.streetscape.stage.plan import Plan
from explorer.streetscape.stage.textures import clouds


def paint(canvas: Canvas, plan: Plan, dice: Dice) -> None:
    """Fill the picture with sky; whatever stands before it is painted later."""
    height = canvas.height
    low = max(int(plan.camera.horizon) + 2, 2)
    share = np.minimum(np.arange(height) / low, 1.0)
    where = [stop for stop, _ in plan.light.sky]
    for channel in range(3):
        tone = np.interp(share, where, [colour[channel] for _, colour in plan.light.sky])
        canvas.picture[..., channel] = np.floor(tone + 0.5).astype(np.uint8)[:, None]
    canvas.label[:] = LABEL["sky"]
    if plan.light.name == "night":
        _stars(canvas, plan, dice)
    if plan.light.name in ("dusk", "night") or (
        plan.light.name == "day" and plan.light.cloud < 0.6 and dice.chance(0.3)
    ):
        _disc(canvas, plan, dice)
    if plan.light.cloud > 0.02:
        _clouds(canvas, plan, dice, low)


def _stars(canvas: Canvas, plan: Plan, dice: Dice) -> None:
    for _ in range(40):
        x, y = int(dice.unit() * canvas.width), int(dice.unit() * plan.camera.horizon * 0.8)
        if 0 <= y < canvas.height:
            light = 90 + int(dice.unit() * 130)
            canvas.picture[y, x] = np.maximum(canvas.picture[y, x], (light, light, min(255, light + 20)))


def _disc(canvas: Canvas, plan: Plan, dice: Dice) -> None:
    side = 1 if plan.light.sun[0] > 0 else -1
    x = canvas.width * (0.5 + side * dice.between(0.05, 0.4))
    night = plan.light.name == "night"
    y = plan.camera.horizon * (dice.between(0.15, 0.5) if night else dice.between(0.45, 0.9))
    r = math.sqrt(canvas.width * canvas.height) * dice.between(0.018, 0.045)
    colour = (240, 238, 220) if night else (255, 244, 206)
    for grow, share in ((3.4, 0.12), (2.4, 0.16), (1.7, 0.22), (1.25, 0.3), (1.0, 1.0)):
        ring = trig.circle(48) * (r * grow) + np.array([x, y])
        box = np.clip([ring[:, 0].min(), ring[:, 1].min(), ring[:, 0].max() + 1, ring[:, 1].max() + 1], 0, 4096).astype(
            int
        )
        area = canvas.picture[box[1] : box[3], box[0] : box[2]]
        if not area.size:
            continue
        yy, xx = np.arange(area.shape[0])[:, None] + box[1] - y, np.arange(area.shape[1])[None, :] + box[0] - x
        gap = np.clip((r * grow) - np.sqrt(xx * xx + yy * yy) + 0.5, 0, 1 if share == 1.0 else r * grow) / (
            1 if share == 1.0 else r * grow
        )
        weight = np.rint(gap * share * 256).astype(np.int32)[..., None]
        area[:] = (area * (256 - weight) + np.array(colour) * weight) >> 8


def _clouds(canvas: Canvas, plan: Plan, dice: Dice, low: int) -> None:
    tile, width = clouds(), canvas.width
    low = min(low, canvas.height)
    y = np.arange(0, low, 2, dtype=np.int32)
    depth = 32768 // (low - y + low // 5 + 4)
    down = (depth + int(dice.unit() * 512)) & 511
    step, start = dice.between(0.5, 1.1), int(dice.unit() * 512)
    columns = ((np.arange(0, width, 2) - width // 2) * (step * 200 / max(width, 64))).astype(np.int32)
    along = ((columns[None, :] * depth[:, None]) // 180 + start) & 511
    thick = tile[down[:, None], along]
    keep = int(255 * (1 - plan.light.cloud) * 0.8)
    faint = (np.maximum(thick, keep) - keep).astype(np.uint16) * 150 >> 8
    alpha = soften(faint.astype(np.uint8), 3)
    weight = stretch(alpha, width, low).astype(np.uint16)[..., None]
    area = canvas.picture[:low]
    colour = np.array(plan.light.cloud_colour, np.uint16)
    area[:] = (area * (256 - weight) + colour * weight) >> 8
