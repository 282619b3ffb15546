"""What figures do to the ground before anything stands on it: shadows, pools of light, wet reflections."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from explorer.streetscape import glow, raster
from explorer.streetscape.actors import Actor
from explorer.streetscape.canvas import LABEL, Canvas, Patch, blend
from explorer.streetscape.image import soften
from explorer.streetscape.sketch import Sketch
from explorer.streetscape.stage import house
from explorer.streetscape.stage.plan import Plan


@dataclass(frozen=True)
class Painted:
    """An actor with its sketch and its pixels."""

    actor: Actor
    sketch: Sketch
    patch: Patch


def on_the_ground(
    canvas: Canvas, plan: Plan, painted: list[Painted], shops: list[glow.Lamp], houses: list[house.House]
) -> None:
    """Shadows, pools of light and wet reflections, before anything stands on them."""
    cam, light = plan.camera, plan.light
    first = max(int(cam.horizon), 0)
    if first >= canvas.height:
        return
    sheet, contact = (np.zeros((canvas.height, canvas.width), np.uint8) for _ in range(2))
    for one in painted:
        if one.actor.base <= 1.2 and one.actor.base > -0.1:
            if light.cast > 0.2 and one.sketch.detail:
                raster.shadow(one.sketch, sheet)
            _contact(contact, plan, one.actor)
    if light.cast > 0.25:
        house.shadows(sheet, plan, houses)
    soft = max(3, canvas.width // 90 | 1)
    cast = soften(sheet[first:], 3).astype(np.uint16) * int(light.cast * 256)
    dark = np.maximum(cast, soften(contact[first:], soft).astype(np.uint16) * 100) >> 8
    dark *= _takes_shadow()[canvas.label[first:]]
    area = canvas.picture[first:]
    for channel, share in enumerate((256, 244, 222)):
        area[..., channel] = (area[..., channel] * (256 - ((dark * share) >> 8))) >> 8
    below = canvas.picture[first:]
    if light.lamps > 0.3:
        ground_cam = replace(cam, height=cam.height - first, horizon=cam.horizon - first)
        for lamp in [*shops, *(lamp for one in painted for lamp in one.sketch.shine)]:
            glow.pool(below, ground_cam, lamp, 0.55 * light.lamps)
            if light.wet:
                glow.streak(below, ground_cam, lamp, light.wet * light.lamps)
    for one in painted:
        on_water = one.actor.base < -0.1
        if (light.wet or on_water) and one.actor.base < 0.1:
            _reflect(canvas, plan, one, 0.5 if on_water else light.wet * 0.5)


@lru_cache(maxsize=1)
def _takes_shadow() -> NDArray[np.uint16]:
    """1 for the labels of ground that a shadow darkens."""
    table = np.zeros(256, np.uint16)
    table[[LABEL[name] for name in ("road", "sidewalk", "vegetation")]] = 1
    return table


def _contact(sheet: NDArray[np.uint8], plan: Plan, actor: Actor) -> None:
    """The soft dark spot under a figure."""
    cam = plan.camera
    u0, _, u1, _ = actor.box
    row, wide = cam.row(0.0, actor.z), max((u1 - u0) / 2 * 1.06, 1.5)
    deep = max(wide * min(0.5, cam.above / actor.z * 0.55), 1.0)
    if row - deep > sheet.shape[0] or row < 0:
        return
    centre = (int((u0 + u1) * 8), int(row * 16))
    cv2.ellipse(
        sheet, centre, (int(min(wide, 4000) * 16), int(min(deep, 4000) * 16)), 0, 0, 360, (255,), -1, cv2.LINE_8, 4
    )


def _reflect(canvas: Canvas, plan: Plan, one: Painted, strength: float) -> None:
    """Mirror a figure at its foot on wet ground or water."""
    foot = round(plan.camera.row(min(one.actor.base, 0.0), one.actor.z))
    keep = min(foot - one.patch.top, one.patch.rgba.shape[0])
    if keep < 2:
        return
    rgba = one.patch.rgba[:keep][::-1]
    fade = np.linspace(256, 60, keep).astype(np.uint16) * int(strength * 256) >> 8
    faint = ((rgba * fade[:, None, None]) >> 8).astype(np.uint8)
    part = Patch(one.patch.left, foot, faint).clip(canvas.width, canvas.height)
    if part is None:
        return
    rows, columns, image = part
    ground_label = canvas.label[rows, columns]
    wet = ("water",) if one.actor.base < -0.1 else ("road", "sidewalk")
    flat = np.isin(ground_label, [LABEL[name] for name in wet])
    image = np.where(flat[..., None], image, 0)
    blend(canvas.picture[rows, columns], image[..., :3], image[..., 3])
