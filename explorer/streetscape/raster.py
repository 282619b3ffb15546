"""How the marks of a sketch become pixels, a shadow on the ground, or a flat picture on a plane."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from explorer.streetscape import trig
from explorer.streetscape.camera import NEAR, Point3
from explorer.streetscape.canvas import SHIFT, Patch
from explorer.streetscape.image import halve, outline, scaled
from explorer.streetscape.sketch import BLOB, CLIP, CONVEX, LINE, OUTLINE, POLYGON, Sketch

CORNERS = 16
FINE, SMOOTH = 44, 170


def patch(s: Sketch) -> Patch | None:
    """The thing in pixels, or None when it has no extent."""
    points, balls = s.placed()
    flat, scale = s.flat(points)
    centres, growth = s.flat(balls)
    radius = balls[:, 3] * growth
    centres[:, 0] += balls[:, 4] * radius
    centres[:, 1] -= balls[:, 5] * radius
    low = np.concatenate([flat, centres - radius[:, None]])
    high = np.concatenate([flat, centres + radius[:, None]])
    if not len(low):
        return None
    width, height = s.camera.width, s.camera.height
    x0, x1 = max(int(low[:, 0].min()) - 2, -2 * width), min(int(high[:, 0].max()) + 3, 3 * width)
    y0, y1 = max(int(low[:, 1].min()) - 2, -2 * height), min(int(high[:, 1].max()) + 3, 3 * height)
    if x1 <= x0 or y1 <= y0:
        return None
    side = max(x1 - x0, y1 - y0)
    fold = 4 if side < FINE else 2 if side < SMOOTH else 1
    origin = np.array([x0, y0])
    unit = fold * (1 << SHIFT)
    at = np.rint((flat - origin) * unit - (1 << SHIFT) / 2).astype(np.int32)
    rings = (centres - origin)[:, None, :] + trig.circle(CORNERS)[None] * radius[:, None, None]
    around = np.rint(rings * unit - (1 << SHIFT) / 2).astype(np.int32)
    sheet = np.zeros(((y1 - y0) * fold, (x1 - x0) * fold, 4), np.uint8)
    _paint(s, sheet, at, around, scale, fold)
    return Patch(x0, y0, _model(s, _shrink(sheet, fold)))


def _paint(
    s: Sketch,
    sheet: NDArray[np.uint8],
    at: NDArray[np.int32],
    around: NDArray[np.int32],
    scale: NDArray[np.float64],
    fold: int,
) -> None:
    kind_of_line = cv2.LINE_8 if fold == 4 else cv2.LINE_AA
    kept: NDArray[np.uint8] | None = None
    marks = s.marks
    if any(mark.layer for mark in marks):
        marks = sorted(marks, key=lambda mark: mark.layer)
    for mark in marks:
        if mark.kind == BLOB:
            ring = around[mark.start : mark.stop].reshape(-1, 2)
            if mark.stop - mark.start > 1:
                ring = outline(ring)
            cv2.fillConvexPoly(sheet, ring, mark.ink, kind_of_line, SHIFT)
        elif mark.kind == CONVEX:
            cv2.fillConvexPoly(sheet, at[mark.start : mark.stop], mark.ink, kind_of_line, SHIFT)
        elif mark.kind == OUTLINE:
            cv2.fillConvexPoly(sheet, outline(at[mark.start : mark.stop]), mark.ink, kind_of_line, SHIFT)
        elif mark.kind == POLYGON:
            cv2.fillPoly(sheet, [at[mark.start : mark.stop]], mark.ink, kind_of_line, SHIFT)
        elif mark.kind == LINE:
            thick = max(mark.width * float(scale[mark.start]), mark.least) * fold
            line = at[mark.start : mark.stop]
            cv2.polylines(sheet, [line], False, mark.ink, max(1, int(thick + 0.5)), kind_of_line, SHIFT)
        elif mark.kind == CLIP:
            kept = sheet[..., 3].copy()
        elif kept is not None:
            sheet[:] = cv2.bitwise_and(sheet, sheet, mask=kept)


def _model(s: Sketch, rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Soft light over the whole thing: brighter above and towards the light, darker near the ground."""
    height, width = rgba.shape[:2]
    if not s.soft or s.detail < 1:
        return rgba
    down = 256 - (np.arange(height) * 46) // height
    across = (np.arange(width) * 30) // width
    across = 226 + across if s.side > 0 else 256 - across
    gain = ((down[:, None] * across[None, :]) >> 8).clip(0, 255).astype(np.uint8)
    return scaled(rgba, np.stack([gain, gain, gain, np.full_like(gain, 255)], axis=2))


def shadow(s: Sketch, sheet: NDArray[np.uint8]) -> None:
    """Paint the shadow this thing casts on the ground into a sheet (h, w)."""
    points, balls = s.placed()
    flat, _ = s.flat(_dropped(s, points))
    ground = _dropped(s, balls)
    centres, scale = s.flat(ground)
    squeeze = np.empty((len(balls), 1, 2))
    squeeze[:, 0, 0] = balls[:, 3] * scale
    squeeze[:, 0, 1] = squeeze[:, 0, 0] * np.minimum(1.0, s.camera.above / ground[:, 2])
    rings = _sixteenths(centres[:, None, :] + trig.circle(8)[None] * squeeze)
    edges = _sixteenths(flat)
    for start, stop, is_ball in _masses(s):
        ring = rings[start:stop].reshape(-1, 2) if is_ball else edges[start:stop]
        cv2.fillConvexPoly(sheet, outline(ring), (255,), cv2.LINE_AA, SHIFT)


def _dropped(s: Sketch, world: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the light throws points (n, 3 or more) on the ground."""
    sun, drop = s.light.sun, np.maximum(world[:, 1], 0.0)
    ground = np.zeros((len(world), 3))
    ground[:, 0] = world[:, 0] - drop * (sun[0] / sun[1])
    ground[:, 2] = np.maximum(world[:, 2] - drop * (sun[2] / sun[1]), NEAR)
    return ground


def _masses(s: Sketch) -> list[tuple[int, int, bool]]:
    """The marks that throw the shadow: every first blob and every polygon that is not tiny."""
    seen: list[tuple[int, int, bool]] = []
    for mark in s.marks:
        if mark.kind == BLOB and s.spots[mark.start][4] == 0.0:
            seen.append((mark.start, mark.stop, True))
        elif mark.kind in (CONVEX, POLYGON) and len(seen) < 24:
            seen.append((mark.start, mark.stop, False))
    return seen[:24]


def onto(s: Sketch, other: Sketch, plane: Callable[[float, float], Point3]) -> None:
    """Copy all marks as a flat picture onto a plane of another sketch; the plane takes columns and rows."""
    points, balls = s.placed()
    flat, _ = s.flat(points)
    centres, scale = s.flat(balls)
    radius = (balls[:, 3] * scale)[:, None]
    centres = centres + balls[:, 4:6] * radius * np.array([1.0, -1.0])
    rings = centres[:, None, :] + trig.circle(10)[None] * radius[:, :, None]
    unit = float(scale.mean()) if len(scale) else s.camera.scale(s.z)
    for mark in s.marks:
        if mark.kind == BLOB:
            other.outline([plane(u, v) for u, v in rings[mark.start : mark.stop].reshape(-1, 2).tolist()], mark.ink)
        elif mark.kind in (CONVEX, POLYGON):
            other.polygon(
                [plane(u, v) for u, v in flat[mark.start : mark.stop].tolist()], mark.ink, mark.kind == CONVEX
            )
        elif mark.kind == OUTLINE:
            other.outline([plane(u, v) for u, v in flat[mark.start : mark.stop].tolist()], mark.ink)
        elif mark.kind == LINE:
            a, b = plane(0.0, 0.0), plane(mark.width * unit, 0.0)
            wide = abs(a[0] - b[0]) + abs(a[2] - b[2])
            other.line([plane(u, v) for u, v in flat[mark.start : mark.stop].tolist()], mark.ink, wide, mark.least)


def _sixteenths(points: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.clip(np.rint(points * (1 << SHIFT) - (1 << SHIFT) / 2), -400_000, 400_000).astype(np.int32)


def _shrink(sheet: NDArray[np.uint8], fold: int) -> NDArray[np.uint8]:
    """Average blocks of fold x fold (1, 2 or 4) pixels; halving is whole-number arithmetic in OpenCV."""
    while fold > 1:
        sheet = halve(sheet)
        fold //= 2
    return sheet
