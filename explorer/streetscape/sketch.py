"""One thing as a list of solid marks in its own metres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.streetscape import trig
from explorer.streetscape.camera import NEAR, Camera, Point3
from explorer.streetscape.palette import Colour
from explorer.streetscape.weather import Light

Ink = tuple[int, int, int, int]
BLOB, POLYGON, CONVEX, LINE, CLIP, UNCLIP, OUTLINE = range(7)
LAMP = (1.0, 0.80, 0.52)


class Mark(NamedTuple):
    """One primitive: its kind, its rows in the point lists, its ink, line width in metres, least width in pixels."""

    layer: float
    kind: int
    start: int
    stop: int
    ink: Ink
    width: float = 0.0
    least: float = 0.0


class Sketch:
    """Marks of one thing that stands at (x, z) and looks along `yaw` turns (0: to the right, 1/4: away, -1/4: at us).

    Local metres: x forward, y up, z to the thing's left. `detail` is 0 for a speck, 1 small, 2 middle, 3 large.
    """

    def __init__(
        self,
        camera: Camera,
        light: Light,
        x: float,
        z: float,
        yaw: float,
        tall: float,
        base: float = 0.0,
        lamp: float = 0.0,
    ) -> None:
        self.camera, self.light, self.x, self.z, self.base = camera, light, x, z, base
        self.cos, self.sin = trig.cosine(yaw), trig.sine(yaw)
        self.tall_px = tall * camera.scale(z)
        self.detail = sum(self.tall_px >= limit for limit in (26, 68, 150))
        self.layer = 0.0
        self.soft = True
        self.fused = False
        self.stone: Colour | None = None
        haze = light.haze_at(z)
        self._haze = tuple(channel * haze for channel in light.haze)
        self._lit = tuple((t + lamp * g) * (1 - haze) for t, g in zip(light.tint, LAMP, strict=True))
        self._shade = tuple((t + 0.6 * lamp * g) * (1 - haze) for t, g in zip(light.shade_tint, LAMP, strict=True))
        self._clear = 1 - haze
        self.points: list[Point3] = []
        self.spots: list[tuple[float, float, float, float, float, float]] = []
        self.marks: list[Mark] = []
        self.shine: list[tuple[Point3, float, Colour]] = []
        self._seen: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        x, y, z = light.sunward
        self._sun: Point3 = self.cos * x + self.sin * z, y, self.cos * z - self.sin * x
        self.side = 1.0 if light.sun[0] > 0 else -1.0

    def ink(self, colour: Colour, shade: float = 1.0) -> Ink:
        """A colour under the scene's light: shade 1 is full light, 0 shadow, more is a highlight."""
        lit, dark, haze = self._lit, self._shade, self._haze
        if self.stone is not None:
            grey = (colour[0] + colour[1] + colour[2]) / 765 * 0.35 + 0.65
            colour = (int(self.stone[0] * grey), int(self.stone[1] * grey), int(self.stone[2] * grey))
        return (
            min(255, int(colour[0] * (dark[0] + (lit[0] - dark[0]) * shade) + haze[0])),
            min(255, int(colour[1] * (dark[1] + (lit[1] - dark[1]) * shade) + haze[1])),
            min(255, int(colour[2] * (dark[2] + (lit[2] - dark[2]) * shade) + haze[2])),
            255,
        )

    def glow(self, colour: Colour) -> Ink:
        """A colour that shines by itself: only haze dims it."""
        return (
            min(255, int(colour[0] * self._clear + self._haze[0])),
            min(255, int(colour[1] * self._clear + self._haze[1])),
            min(255, int(colour[2] * self._clear + self._haze[2])),
            255,
        )

    def depth(self, x: float, z: float) -> float:
        """How far behind the thing's own centre a local point lies, in metres."""
        return x * self.sin + z * self.cos

    def facing(self, x: float, y: float, z: float, nx: float, ny: float, nz: float) -> bool:
        """Whether a face at a local point with a local outward normal looks at the camera."""
        wx, wz = x * self.cos - z * self.sin + self.x, x * self.sin + z * self.cos + self.z
        return (
            wx * (nx * self.cos - nz * self.sin)
            + wz * (nx * self.sin + nz * self.cos)
            + (y + self.base - self.camera.above) * ny
            < 0
        )

    def lit(self, nx: float, ny: float, nz: float) -> float:
        """Shade of a face with a local unit normal."""
        sun = self._sun
        toward: float = nx * sun[0] + ny * sun[1] + nz * sun[2]
        return 0.22 + 0.85 * max(0.0, toward) + 0.08 * ny

    def polygon(self, points: Sequence[Point3], ink: Ink, convex: bool | None = None) -> None:
        """A flat polygon."""
        start = len(self.points)
        self.points.extend(points)
        kind = CONVEX if (convex if convex is not None else len(points) <= 4) else POLYGON
        self.marks.append(Mark(self.layer, kind, start, len(self.points), ink))

    def outline(self, points: Sequence[Point3], ink: Ink) -> None:
        """The convex outline round points in space."""
        start = len(self.points)
        self.points.extend(points)
        self.marks.append(Mark(self.layer, OUTLINE, start, len(self.points), ink))

    def line(self, points: Sequence[Point3], ink: Ink, width: float, least: float = 0.5) -> None:
        """An open line `width` metres thick, at least `least` pixels."""
        start = len(self.points)
        self.points.extend(points)
        self.marks.append(Mark(self.layer, LINE, start, len(self.points), ink, width, least))

    def hull(
        self, spots: Sequence[tuple[float, float, float, float]], ink: Ink, ox: float = 0.0, oy: float = 0.0
    ) -> None:
        """The outline round balls (x, y, z, radius), all moved on the picture by (ox, oy) radii right and up."""
        start = len(self.spots)
        self.spots.extend((x, y, z, r, ox, oy) for x, y, z, r in spots)
        self.marks.append(Mark(self.layer, BLOB, start, len(self.spots), ink))

    def blob(self, spots: Sequence[tuple[float, float, float, float]], colour: Colour, shade: float = 1.0) -> None:
        """A rounded body round balls, modelled by light when it is large enough to see."""
        if self.detail < 2:
            self.hull(spots, self.ink(colour, 0.66 * shade))
            return
        level = self.layer
        self.hull(spots, self.ink(colour, 0.26 * shade))
        self.layer = level + 0.2 * self.fused
        near = [(x, y, z, r * 0.82) for x, y, z, r in spots]
        self.hull(near, self.ink(colour, 0.66 * shade), 0.17 * self.side, 0.13)
        if self.detail > 2:
            self.layer = level + 0.3 * self.fused
            near = [(x, y, z, r * 0.52) for x, y, z, r in spots]
            self.hull(near, self.ink(colour, 0.95 * shade), 0.34 * self.side, 0.3)
        self.layer = level

    def lamp(self, at: Point3, size: float, colour: Colour) -> None:
        """A light that glows round itself where lamps are on; size in metres."""
        if self.light.lamps:
            x, y, z = at
            world = (x * self.cos - z * self.sin + self.x, y + self.base, x * self.sin + z * self.cos + self.z)
            self.shine.append((world, size, colour))

    def limb(self, a: Point3, b: Point3, ra: float, rb: float, colour: Colour, shade: float = 1.0) -> None:
        """A tapered limb from a to b."""
        self.blob(((*a, ra), (*b, rb)), colour, shade)

    def clip(self) -> None:
        """From here on paint only where there is paint already."""
        self.marks.append(Mark(self.layer, CLIP, 0, 0, (0, 0, 0, 0)))

    def unclip(self) -> None:
        """End of clip()."""
        self.marks.append(Mark(self.layer, UNCLIP, 0, 0, (0, 0, 0, 0)))

    def _world(self, local: NDArray[np.float64]) -> NDArray[np.float64]:
        x, z = local[:, 0], local[:, 2]
        world = local.copy()
        world[:, 0] = x * self.cos - z * self.sin + self.x
        world[:, 1] += self.base
        world[:, 2] = np.maximum(x * self.sin + z * self.cos + self.z, NEAR)
        return world

    def placed(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """World points (n, 3) of polygons and lines, and of balls with radius and offset (m, 6)."""
        if self._seen is None:
            points = np.array(self.points, np.float64).reshape(-1, 3)
            spots = np.array(self.spots, np.float64).reshape(-1, 6)
            self._seen = self._world(points), self._world(spots)
        return self._seen

    def flat(self, world: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Columns and rows (n, 2) of world points, and pixels in a metre (n,) at each."""
        scale = self.camera.focal / world[:, 2]
        flat = np.empty((len(world), 2))
        flat[:, 0] = self.camera.centre + world[:, 0] * scale
        flat[:, 1] = self.camera.horizon + (self.camera.above - world[:, 1]) * scale
        return flat, scale
