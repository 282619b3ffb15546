"""Four-legged bodies: one skeleton for cats, dogs and their statues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.streetscape import trig
from explorer.streetscape.camera import Point3
from explorer.streetscape.palette import Colour, darker, mix
from explorer.streetscape.sketch import Sketch


@dataclass(frozen=True)
class Beast:
    """One animal; `tall` is the shoulder height in metres, all other lengths are shares of it."""

    tall: float
    long: float
    chest: float
    waist: float
    leg: float
    neck: float
    head: float
    coat: Colour
    second: Colour
    pattern: str
    pose: str
    phase: float
    turn: float
    belly: bool
    marks: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Frame4:
    """Where the body's landmarks are, in metres."""

    chest: Point3
    rump: Point3
    head: Point3
    feet: tuple[tuple[Point3, Point3, Point3], ...]


def _legs(b: Beast, chest: Point3, rump: Point3) -> tuple[tuple[Point3, Point3, Point3], ...]:
    t, legs = b.tall, []
    for k, (root, side) in enumerate(((chest, -1), (chest, 1), (rump, -1), (rump, 1))):
        hind = k > 1
        z = side * 0.13 * t * b.chest / 0.25
        swing = 0.0
        if b.pose == "walk":
            swing = 0.26 * t * trig.sine(b.phase + (0.5 if side > 0 else 0.0) + (0.5 if hind else 0.0))
        hip = (root[0] + (-0.02 if hind else 0.02) * t, root[1] - 0.08 * t, z)
        foot = (hip[0] + swing + (-0.03 * t if hind else 0.0), 0.035 * t + max(0.0, swing) * 0.12, z)
        knee = ((hip[0] + foot[0]) / 2 + (0.07 if hind else -0.015) * t, (hip[1] + foot[1]) * 0.52, z)
        if hind:
            ankle = (foot[0] - 0.1 * t, 0.24 * t, z)
            legs.append((hip, (knee[0] + 0.03 * t, knee[1] + 0.03 * t, z), ankle, foot))
        else:
            legs.append((hip, knee, (foot[0], foot[1] + 0.1 * t, z), foot))
    return tuple(legs)  # type: ignore[arg-type]


def skeleton(b: Beast) -> Frame4:
    """Landmarks of the animal in its pose."""
    t, span = b.tall, b.long * b.tall
    nod = 0.05 * t * trig.sine(b.phase)
    if b.pose == "sit":
        chest, rump = (0.16 * span, 0.80 * t, 0.0), (-0.26 * span, 0.26 * t, 0.0)
        head = (chest[0] + 0.12 * t, chest[1] + b.neck * t * 0.9, 0.0)
        legs = _legs(b, chest, (rump[0], 0.34 * t, 0.0))
        front = [
            (
                (chest[0] + 0.05 * t, 0.62 * t, z),
                (chest[0] + 0.09 * t, 0.36 * t, z),
                (chest[0] + 0.09 * t, 0.1 * t, z),
                (chest[0] + 0.1 * t, 0.035 * t, z),
            )
            for z in (legs[0][0][2] * 0.8, legs[1][0][2] * 0.8)
        ]
        back = [
            (
                (rump[0], 0.28 * t, z),
                (rump[0] + 0.3 * t, 0.3 * t, z * 1.15),
                (rump[0] + 0.06 * t, 0.08 * t, z * 1.2),
                (rump[0] + 0.32 * t, 0.035 * t, z * 1.2),
            )
            for z in (legs[2][0][2] * 1.2, legs[3][0][2] * 1.2)
        ]
        return Frame4(chest, rump, head, (*front, *back))  # type: ignore[arg-type]
    if b.pose == "lie":
        chest, rump = (0.36 * span, 0.3 * t, 0.0), (-0.36 * span, 0.27 * t, 0.0)
        head = (chest[0] + 0.22 * t, chest[1] + b.neck * t * (0.8 if b.turn > 0 else 0.35), 0.0)
        feet = []
        for root, side in ((chest, -1), (chest, 1), (rump, -1), (rump, 1)):
            z = side * 0.2 * t
            feet.append(
                (
                    (root[0], 0.16 * t, z),
                    (root[0] + 0.2 * t, 0.1 * t, z * 1.1),
                    (root[0] + 0.34 * t, 0.06 * t, z * 1.1),
                    (root[0] + 0.48 * t, 0.045 * t, z),
                )
            )
        return Frame4(chest, rump, head, tuple(feet))  # type: ignore[arg-type]
    chest, rump = (0.36 * span, 0.86 * t, 0.0), (-0.40 * span, 0.84 * t, 0.0)
    head = (chest[0] + 0.30 * t, chest[1] + b.neck * t + nod, 0.0)
    return Frame4(chest, rump, head, _legs(b, chest, rump))


def paint(
    s: Sketch, b: Beast, head: Callable[[Sketch, Beast, Point3], None], tail: Callable[[Sketch, Beast, Point3], None]
) -> None:
    """The whole animal, far parts first."""
    f, t = skeleton(b), b.tall
    under = mix(b.coat, (250, 244, 232), 0.75) if b.belly else b.coat
    away = s.depth(1.0, 0.0) > 0.3
    s.fused = True
    for k, leg in enumerate(f.feet):
        near = s.depth(leg[0][0] * 0.6, leg[0][2]) < 0
        s.layer = 1.0 if near else 0.0
        _leg(s, b, leg, 1.0 if near else 0.7, k > 1, under)
    s.layer = 2.0 if away else 0.4
    tail(s, b, f.rump)
    s.layer = 1.0
    _trunk(s, b, f, under)
    s.layer = 0.5 if away else 1.0
    (cx, cy, _), (hx, hy, _) = f.chest, f.head
    wide = b.chest * t
    s.limb((cx, cy + wide * 0.1, 0.0), (hx - 0.06 * t, hy - 0.02 * t, 0.0), wide * 0.82, b.head * t * 0.72, b.coat)
    s.layer = 0.6 if away else 2.5
    head(s, b, f.head)
    s.fused = False


def _leg(s: Sketch, b: Beast, leg: tuple[Point3, ...], shade: float, hind: bool, under: Colour) -> None:
    t = b.tall
    sock = under if b.pattern in ("socks", "tuxedo") else b.coat
    hip, knee, ankle, foot = leg
    wide = b.leg * t
    s.limb(ankle, foot, wide * 0.62, wide * 0.58, sock, shade)
    s.limb(knee, ankle, wide * 0.95, wide * 0.6, b.coat, shade)
    s.limb(hip, knee, wide * (2.1 if hind else 1.6), wide * 1.0, b.coat, shade)
    s.blob(((foot[0] + 0.04 * t, max(foot[1] - 0.005 * t, 0.03 * t), foot[2], wide * 0.78),), sock, shade)


def _trunk(s: Sketch, b: Beast, f: Frame4, under: Colour) -> None:
    t = b.tall
    (cx, cy, _), (rx, ry, _) = f.chest, f.rump
    wide, thin = b.chest * t, b.waist * t
    mid = ((cx + rx) / 2, (cy + ry) / 2 + 0.01 * t, 0.0)
    s.blob(((cx, cy - wide * 0.15, 0.0, wide), (*mid, thin * 1.02)), b.coat)
    s.blob(((*mid, thin), (rx, ry - thin * 0.1, 0.0, thin * (1.25 if b.pose == "sit" else 1.08))), b.coat)
    s.layer = 1.5
    s.clip()
    if b.belly and s.detail:
        s.hull(
            ((cx + wide * 0.45, cy - wide * 0.5, 0.0, wide * 0.5), (mid[0], mid[1] - thin * 1.05, 0.0, thin * 0.3)),
            s.ink(under, 0.7),
        )
    if s.detail:
        _coat(s, b, f, wide, thin)
    s.unclip()


def _coat(s: Sketch, b: Beast, f: Frame4, wide: float, thin: float) -> None:
    (cx, cy, _), (rx, ry, _) = f.chest, f.rump
    side = -1.0 if s.depth(0, 1) > 0 else 1.0
    if b.pattern == "stripes":
        ink = s.ink(b.second, 0.55)
        for k in range(8):
            share = (k + 0.5) / 8
            x, y = rx + (cx - rx) * share, ry + (cy - ry) * share
            s.line(
                [(x, y + thin * 1.1, side * thin * 0.2), (x - 0.03 * b.tall, y - thin * 0.35, side * thin)],
                ink,
                0.05 * b.tall,
                0.5,
            )
    elif b.pattern == "spots":
        ink = s.ink(b.second, 0.6)
        for u, v, r in b.marks:
            x, y = rx + (cx - rx) * u, ry + (cy - ry) * u + (v - 0.4) * wide * 1.5
            s.hull(
                (
                    (x, y, side * wide * 0.9, r * wide),
                    (x + r * wide, y + 0.3 * r * wide, side * wide * 0.9, r * wide * 0.7),
                ),
                ink,
            )
    elif b.pattern == "saddle":
        ink = s.ink(darker(b.second, 0.1), 0.5)
        s.hull(
            (
                (cx - wide * 0.3, cy + wide * 0.75, side * thin * 0.4, wide * 0.62),
                (rx, ry + thin * 0.8, side * thin * 0.4, thin * 0.62),
            ),
            ink,
        )
