"""Flat-faced bodies: faces that look at us, boxes, prisms along x, wheels."""

from __future__ import annotations

import math
from collections.abc import Sequence

from explorer.streetscape import trig
from explorer.streetscape.camera import Point3
from explorer.streetscape.palette import METAL, RUBBER, Colour, lighter
from explorer.streetscape.sketch import Ink, Sketch

Quad = tuple[Point3, Point3, Point3, Point3]


def normal(a: Point3, b: Point3, c: Point3) -> Point3:
    """Unit normal of the plane through three points, by the right hand."""
    ux, uy, uz = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    vx, vy, vz = c[0] - a[0], c[1] - a[1], c[2] - a[2]
    n = (uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx)
    size = math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]) or 1.0
    return n[0] / size, n[1] / size, n[2] / size


def face(s: Sketch, points: Sequence[Point3], colour: Colour, out: Point3, gain: float = 1.0) -> bool:
    """Fill a face when it looks at us, lit by its outward normal; says whether it did."""
    if not s.facing(*points[0], *out):
        return False
    s.polygon(points, s.ink(colour, s.lit(*out) * gain))
    return True


def at(q: Quad, u: float, v: float) -> Point3:
    """Point of a quad: u from its first corner to its second, v from its first to its last."""
    a, b, c, d = q
    p, w = 1 - u, 1 - v
    return (
        (a[0] * p + b[0] * u) * w + (d[0] * p + c[0] * u) * v,
        (a[1] * p + b[1] * u) * w + (d[1] * p + c[1] * u) * v,
        (a[2] * p + b[2] * u) * w + (d[2] * p + c[2] * u) * v,
    )


def part(q: Quad, u0: float, u1: float, v0: float, v1: float) -> Quad:
    """A rectangle of a quad's own coordinates."""
    return at(q, u0, v0), at(q, u1, v0), at(q, u1, v1), at(q, u0, v1)


def box(s: Sketch, low: Point3, high: Point3, colour: Colour, top: Colour | None = None) -> None:
    """The faces of an upright box that look at us."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    face(s, ((x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)), top or colour, (0, 1, 0))
    for x, out in ((x0, -1.0), (x1, 1.0)):
        face(s, ((x, y0, z0), (x, y0, z1), (x, y1, z1), (x, y1, z0)), colour, (out, 0, 0))
    for z, out in ((z0, -1.0), (z1, 1.0)):
        face(s, ((x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)), colour, (0, 0, out))


def side_quad(x0: float, x1: float, y0: float, y1: float, z: float) -> Quad:
    """A rectangle on a side of a vehicle: u runs forward, v up."""
    return (x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)


def end_quad(x: float, y0: float, y1: float, half: float) -> Quad:
    """A rectangle on the front or rear of a vehicle: u runs across, v up."""
    return (x, y0, -half), (x, y0, half), (x, y1, half), (x, y1, -half)


def near_side(s: Sketch, half: float) -> float:
    """z of the side that looks at us."""
    return half if s.facing(0, 0.8, half, 0, 0, 1) else -half


def prism(s: Sketch, profile: Sequence[tuple[float, float]], half: float, colour: Colour, waist: float = 1.0) -> None:
    """A profile in x, y drawn across z from -half to half; the profile runs forward along the top and back below."""
    strips = []
    for (xa, ya), (xb, yb) in zip(profile, [*profile[1:], profile[0]], strict=True):
        length = math.sqrt((xb - xa) * (xb - xa) + (yb - ya) * (yb - ya)) or 1.0
        out = ((ya - yb) / length, (xb - xa) / length, 0.0)
        quad = ((xa, ya, -half), (xb, yb, -half), (xb, yb, half), (xa, ya, half))
        strips.append((-s.depth((xa + xb) / 2, 0.0) - 0.01 * (ya + yb), quad, out))
    for _, quad, out in sorted(strips, key=lambda item: item[0]):
        face(s, quad, colour, out)
    for z in (-half, half):
        out = (0.0, 0.0, 1.0 if z > 0 else -1.0)
        if s.facing(0, 0.5, z, *out):
            s.polygon([(x, y, z * waist) for x, y in profile], s.ink(colour, s.lit(*out)), convex=False)


def disc(
    s: Sketch, x: float, y: float, z: float, radius: float, colour: Colour, shade: float, corners: int = 20
) -> None:
    """A flat round face that looks along z."""
    s.polygon([(x + radius * a, y + radius * b, z) for a, b in trig.ring(corners)], s.ink(colour, shade), convex=True)


def drum(s: Sketch, low: float, high: float, radius: float, ink: Ink, aside: float = 0.0) -> None:
    """An upright cylinder's outline, moved a little forward and to the right."""
    s.outline([(radius * a + aside, y, radius * b - aside) for y in (low, high) for a, b in trig.ring(10)], ink)


def tyre(s: Sketch, x: float, half: float, radius: float, side: float) -> None:
    """The tread of a wheel whose outer face lies at z = side * half; the body is painted over it."""
    z = side * half
    inner = z - side * min(0.24, half)
    s.outline(
        [(x + radius * a, radius + radius * b, q) for q in (inner, z) for a, b in trig.ring(14)], s.ink(RUBBER, 0.25)
    )


def wheel(s: Sketch, x: float, half: float, radius: float, side: float, spokes: int = 5) -> None:
    """The outer face of a wheel, when it looks at us."""
    z = side * half
    if not s.facing(x, radius, z, 0.0, 0.0, side):
        return
    disc(s, x, radius, z, radius, RUBBER, 0.6)
    if s.detail:
        disc(s, x, radius, z, radius * 0.66, METAL, 0.75)
    if s.detail > 1:
        disc(s, x, radius, z, radius * 0.58, (92, 96, 104), 0.5)
        for k in range(spokes):
            a, b = trig.cosine(k / spokes + x), trig.sine(k / spokes + x)
            s.line(
                [(x, radius, z), (x + radius * 0.62 * a, radius + radius * 0.62 * b, z)],
                s.ink(METAL, 0.9),
                radius * 0.2,
                0.6,
            )
        disc(s, x, radius, z, radius * 0.2, lighter(METAL, 0.2), 0.9, 12)


def arch(s: Sketch, x: float, half: float, radius: float, side: float) -> None:
    """The dark arch over a wheel."""
    z = side * half
    if s.facing(x, radius, z, 0.0, 0.0, side):
        points = [(x + radius * 1.2 * a, max(radius + radius * 1.2 * b, radius * 0.7), z) for a, b in trig.ring(20)]
        s.polygon(points, s.ink((34, 34, 40), 0.3), convex=True)


def glass(s: Sketch, q: Quad, colour: Colour, out: Point3, glint: bool = True) -> None:
    """A pane that looks at us, with the sky in its upper part."""
    if not s.facing(*q[0], *out):
        return
    lamps = s.light.lamps
    s.polygon(q, s.ink(colour, 0.35 + 0.3 * s.lit(*out)))
    if glint and s.detail and lamps < 0.9:
        sky = s.ink(lighter(colour, 0.42), 0.75)
        s.polygon((at(q, 0.0, 1.0), at(q, 0.62, 1.0), at(q, 0.28, 0.34), at(q, 0.0, 0.34)), sky)
        if s.detail > 1:
            s.polygon((at(q, 0.72, 1.0), at(q, 0.82, 1.0), at(q, 0.42, 0.2), at(q, 0.32, 0.2)), sky)
