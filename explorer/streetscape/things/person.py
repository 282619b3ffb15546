"""People: a skeleton of balls and limbs, dressed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from explorer.streetscape import trig
from explorer.streetscape.camera import Point3
from explorer.streetscape.dice import Dice
from explorer.streetscape.outfit import Outfit, outfit
from explorer.streetscape.palette import darker, lighter, mix
from explorer.streetscape.registry import Figure, Kind
from explorer.streetscape.sketch import Sketch

Limb = tuple[Point3, Point3, Point3]


@dataclass(frozen=True)
class Joints:
    """Where the joints are, in metres; left and right limbs as (near root, middle, end)."""

    hips: Point3
    chest: Point3
    head: Point3
    legs: tuple[Limb, Limb]
    arms: tuple[Limb, Limb]


def _leg(hip: Point3, thigh: float, shin: float, lift: float, bend: float) -> Limb:
    knee = (hip[0] + thigh * trig.sine(lift), hip[1] - thigh * trig.cosine(lift), hip[2])
    low = lift - bend
    return hip, knee, (knee[0] + shin * trig.sine(low), knee[1] - shin * trig.cosine(low), hip[2])


def _lowered(limb: Limb, drop: float) -> Limb:
    (a, b, c), (d, e, f), (g, h, i) = limb
    return (a, b - drop, c), (d, e - drop, f), (g, h - drop, i)


def walking(o: Outfit) -> Joints:
    """Joints of somebody upright, in the outfit's pose."""
    h = o.height
    reach = {"walk": 0.075, "run": 0.13}.get(o.pose, 0.012) * o.swing
    hip_y, bend = 0.50 * h, 0.16 if o.pose == "run" else 0.045 if o.pose == "walk" else 0.0
    lean = 0.05 * h if o.pose == "run" else 0.012 * h
    hips, chest = (0.0, hip_y, 0.0), (lean, 0.80 * h, 0.0)
    legs: list[Limb] = []
    for side, lift in ((-1, reach), (1, -reach)):
        folded = bend if lift < 0 else bend * 0.25
        legs.append(_leg((0.0, hip_y, side * 0.055 * h), 0.245 * h, 0.235 * h, lift + folded * 0.3, folded))
    drop = min(leg[2][1] for leg in legs) - 0.03 * h
    legs = [_lowered(leg, drop) for leg in legs]
    hips, chest = (hips[0], hips[1] - drop, 0.0), (chest[0], chest[1] - drop, 0.0)
    arms = [_arm(o, chest, side, -lift) for side, lift in ((-1, reach), (1, -reach))]
    head = (chest[0] + 0.35 * lean, chest[1] + 0.125 * h, 0.0)
    return Joints(hips, chest, head, (legs[0], legs[1]), (arms[0], arms[1]))


def _arm(o: Outfit, chest: Point3, side: int, lift: float) -> Limb:
    h = o.height
    root = (chest[0], chest[1] - 0.01 * h, side * (0.078 + 0.027 * o.bulk) * h)
    out = side * 0.03 * h
    if side > 0 and (o.pose == "wave" or o.carries == "umbrella"):
        elbow = (root[0] + 0.08 * h, root[1] - (0.11 if o.carries == "umbrella" else -0.03) * h, root[2] + out)
        return root, elbow, (elbow[0] + 0.06 * h, elbow[1] + 0.14 * h, elbow[2])
    if side > 0 and o.pose == "phone":
        elbow = (root[0] + 0.04 * h, root[1] - 0.15 * h, root[2] + out)
        return root, elbow, (elbow[0] + 0.12 * h, elbow[1] + 0.09 * h, elbow[2] - out * 2)
    bent = 0.09 if o.pose == "run" else 0.02 + 0.03 * o.arms
    _, elbow, hand = _leg(root, 0.165 * h, 0.155 * h, lift * 1.2, -bent)
    return root, (elbow[0], elbow[1], elbow[2] + out), (hand[0], hand[1], hand[2] + out)


def paint(s: Sketch, o: Outfit, j: Joints) -> None:
    """The whole person, far limbs first."""
    behind = 0 if s.depth(0, 1.0) < 0 else 1
    if o.carries == "backpack":
        _backpack(s, o, j, s.depth(-1.0, 0) > 0)
    s.layer = 1.0
    _arm_marks(s, o, j.arms[behind], 0.8)
    _leg_marks(s, o, j.legs[behind], 0.82)
    _leg_marks(s, o, j.legs[1 - behind], 1.0)
    _torso(s, o, j)
    _head(s, o, j)
    _arm_marks(s, o, j.arms[1 - behind], 1.0)
    _carried(s, o, j)


def _leg_marks(s: Sketch, o: Outfit, leg: Limb, shade: float) -> None:
    h, (hip, knee, ankle) = o.height, leg
    thick = 0.046 * h * (0.75 + 0.25 * o.bulk)
    bare = o.dress in ("shorts", "skirt", "dress")
    low = o.skin if bare else o.bottom
    s.limb(knee, ankle, thick * 0.72, thick * (0.42 if bare else 0.55), low, shade)
    s.limb(hip, knee, thick * 1.15, thick * 0.8, o.bottom if o.dress != "dress" else o.skin, shade)
    toe = (ankle[0] + 0.075 * h, max(ankle[1] - 0.012 * h, 0.018 * h), ankle[2])
    s.limb((ankle[0] - 0.012 * h, ankle[1] - 0.01 * h, ankle[2]), toe, 0.024 * h, 0.017 * h, o.shoes, shade)


def _arm_marks(s: Sketch, o: Outfit, arm: Limb, shade: float) -> None:
    h, (root, elbow, hand) = o.height, arm
    thick = 0.031 * h * (0.75 + 0.25 * o.bulk)
    bare = o.dress in ("shorts", "dress") and o.arms > 0.4
    s.limb(elbow, hand, thick * 0.85, thick * 0.62, o.skin if bare else o.top, shade)
    s.limb(root, elbow, thick * 1.15, thick * 0.88, o.top, shade)
    if s.detail:
        s.blob(((*hand, 0.022 * h),), o.skin, shade)


def _torso(s: Sketch, o: Outfit, j: Joints) -> None:
    h, b = o.height, o.bulk
    wide, deep = (0.066 + 0.022 * b) * h, 0.036 * b * h
    cx, cy, _ = j.chest
    hx, hy, _ = j.hips
    top = [(cx, cy - 0.02 * h, side * wide * 0.95, 0.036 * h) for side in (-1, 1)]
    belly = [(hx * 0.5 + cx * 0.5, (cy + hy) / 2, side * wide * 0.52, 0.03 * h + deep) for side in (-1, 1)]
    low = [(hx, hy + 0.02 * h, side * wide * 0.62, 0.028 * h + deep) for side in (-1, 1)]
    if o.dress in ("skirt", "dress", "coat"):
        hem = 0.30 if o.dress == "coat" else 0.27
        flare = (0.9 if o.dress == "coat" else 1.25) * wide
        skirt = [(hx - 0.02 * h, hem * h, side * flare, 0.03 * h) for side in (-1, 1)]
        skirt += [(hx + 0.03 * h, hem * h, side * flare * 0.8, 0.03 * h) for side in (-1, 1)]
        s.blob([*low, *skirt], o.bottom if o.dress == "skirt" else o.top)
    else:
        s.blob([(x, y - 0.02 * h, z, r * 0.95) for x, y, z, r in low], o.bottom)
    s.blob([*top, *belly, *low], o.top)
    s.limb((cx, cy, 0.0), (j.head[0], j.head[1] - 0.03 * h, 0.0), 0.03 * h, 0.028 * h, o.skin, 0.7)
    if s.detail > 1:
        _pattern(s, o, j, wide)


def _pattern(s: Sketch, o: Outfit, j: Joints, wide: float) -> None:
    h, (cx, cy, _), (hx, hy, _) = o.height, j.chest, j.hips
    if o.pattern == "scarf":
        s.blob([(cx + 0.01 * h, cy + 0.03 * h, z * 0.045 * h, 0.026 * h) for z in (-1, 1)], o.prop)
        s.limb(
            (cx + 0.05 * h, cy + 0.02 * h, 0.02 * h),
            (cx + 0.06 * h, cy - 0.12 * h, 0.03 * h),
            0.018 * h,
            0.02 * h,
            o.prop,
        )
        return
    if o.pattern == "plain" and o.dress != "coat":
        return
    s.clip()
    if o.pattern == "stripes":
        ink = s.ink(o.prop, 0.75)
        for k in range(5):
            y, x = hy + (cy - hy) * (0.12 + 0.17 * k), hx + (cx - hx) * k / 5
            s.line([(x + 0.06 * h, y, -wide * 1.1), (x + 0.06 * h, y, wide * 1.1)], ink, 0.022 * h)
    else:
        ink = s.ink(darker(o.top, 0.4), 0.7)
        s.line([(cx + 0.07 * h, cy + 0.02 * h, 0.0), (hx + 0.07 * h, 0.3 * h, 0.0)], ink, 0.012 * h)
    s.unclip()


def _head(s: Sketch, o: Outfit, j: Joints) -> None:
    h, (x, y, _) = o.height, j.head
    r = 0.062 * h * (1.25 if h < 1.45 else 1.0)
    back = s.depth(1.0, 0.0) > 0.55
    if o.head in ("long", "hood"):
        tail = o.hair if o.head == "long" else o.top
        s.blob(((x - 0.25 * r, y + 0.1 * r, 0.0, r * 1.12), (x - 0.5 * r, y - 1.5 * r, 0.0, r * 0.8)), tail)
    s.blob(((x, y + 0.12 * r, 0.0, r * 0.94), (x + 0.12 * r, y - 0.35 * r, 0.0, r * 0.76)), o.skin, 1.05)
    if s.detail > 1 and not back:
        s.hull(((x + 0.95 * r, y - 0.26 * r, 0.0, r * 0.15),), s.ink(mix(o.skin, (180, 80, 60), 0.25), 0.8))
        dark = s.ink((50, 40, 44), 0.7)
        for side in (-1, 1):
            if s.facing(x + r, y, side * 0.3 * r, 1.0, 0.0, 0.5 * side):
                s.hull(((x + 0.85 * r, y - 0.06 * r, side * 0.36 * r, r * 0.12),), dark)
    _hair(s, o, x, y, r, back)


def _hair(s: Sketch, o: Outfit, x: float, y: float, r: float, back: bool) -> None:
    cover = o.top if o.head == "hood" else o.prop if o.head in ("cap", "hat") else o.hair
    if o.head == "bald":
        return
    low = y - 0.55 * r if back else y + 0.22 * r
    s.blob(
        (
            (x - 0.12 * r, y + 0.42 * r, 0.0, r * 0.86),
            (x - 0.55 * r, low, 0.0, r * 0.62),
            (x + 0.25 * r, y + 0.74 * r, 0.0, r * 0.5),
        ),
        cover,
    )
    if o.head == "bun":
        s.blob(((x - 0.6 * r, y + 1.1 * r, 0.0, r * 0.42),), o.hair)
    elif o.head == "cap":
        s.limb(
            (x + 0.4 * r, y + 0.5 * r, 0.0), (x + 1.35 * r, y + 0.36 * r, 0.0), r * 0.22, r * 0.13, darker(cover, 0.2)
        )
    elif o.head == "hat":
        s.hull(
            (
                (x - 1.3 * r, y + 0.5 * r, 0.0, r * 0.15),
                (x + 1.3 * r, y + 0.5 * r, 0.0, r * 0.15),
                (x, y + 0.5 * r, -1.3 * r, r * 0.15),
                (x, y + 0.5 * r, 1.3 * r, r * 0.15),
            ),
            s.ink(darker(cover, 0.15), 0.6),
        )
        s.blob(((x, y + 0.8 * r, 0.0, r * 0.8), (x, y + 1.2 * r, 0.0, r * 0.62)), cover)


def _backpack(s: Sketch, o: Outfit, j: Joints, behind: bool) -> None:
    h, (x, y, _), (hx, hy, _) = o.height, j.chest, j.hips
    s.layer = 0.5 if behind else 2.0
    ux, uy = (x - hx) / (0.3 * h), (y - hy) / (0.3 * h)
    top, low = (x - 0.03 * ux * h - 0.09 * uy * h, y - 0.03 * uy * h + 0.09 * ux * h), (-0.17 * ux * h, -0.17 * uy * h)
    pack = [(top[0], top[1], z * 0.045 * h, 0.05 * h) for z in (-1, 1)]
    s.blob([*pack, *((a + low[0], b + low[1], c, r * 1.1) for a, b, c, r in pack)], o.prop)


def _carried(s: Sketch, o: Outfit, j: Joints) -> None:
    h, (hx, hy, hz) = o.height, j.arms[1][2]
    if o.carries == "bag":
        s.line([j.chest, (hx, hy + 0.02 * h, hz + 0.02 * h)], s.ink(darker(o.prop, 0.3), 0.6), 0.012 * h)
        s.blob([(hx + k * 0.05 * h, hy - 0.06 * h, hz + 0.03 * h, 0.05 * h) for k in (-1, 1)], o.prop)
    elif o.carries == "case":
        low, high = max(hy - 0.24 * h, 0.02), hy - 0.04 * h
        s.blob([(hx + k * 0.08 * h, y, hz, 0.025 * h) for k in (-1, 1) for y in (low, high)], o.prop)
    elif o.carries == "umbrella":
        _umbrella(s, o, (hx, hy, hz))


def _umbrella(s: Sketch, o: Outfit, hand: Point3) -> None:
    h, (x, y, z) = o.height, hand
    top, rim, wide = y + 0.42 * h, y + 0.26 * h, 0.30 * h
    s.line([hand, (x, top, z)], s.ink((60, 58, 62)), 0.012 * h, 1.0)
    ring = [(x + wide * a, rim, z + wide * b) for a, b in trig.ring(12)]
    order = sorted(range(12), key=lambda k: -s.depth(ring[k][0], ring[k][2]))
    for k in order:
        a, b = ring[k], ring[(k + 1) % 12]
        nx, nz = trig.ring(24)[(2 * k + 1) % 24]
        colour = lighter(o.prop, 0.25) if k % 2 and o.pattern != "plain" else o.prop
        s.polygon([a, b, (x, top, z)], s.ink(colour, s.lit(0.5 * nx, 0.8, 0.5 * nz)))


def make(dice: Dice) -> Figure:
    """A person on foot."""
    o = outfit(dice)
    return figure(o)


def figure(o: Outfit) -> Figure:
    """Somebody known, on foot."""
    tall = o.height * (1.3 if o.carries == "umbrella" else 1.0)
    return Figure(tall, 0.5 * o.height, 0.4 * o.height, partial(paint, o=o, j=walking(o)))


KIND = Kind("person", make, {"sidewalk": 5.0, "road": 0.6, "grass": 1.4, "kerb": 0.8}, along=0.5)
