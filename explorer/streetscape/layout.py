"""Who stands where: things and clutter on the plan, in sizes that follow depth, with some hiding others."""

from __future__ import annotations

import math

from explorer.records.scene import CLASSES
from explorer.streetscape import trig
from explorer.streetscape.actors import Actor, overlap
from explorer.streetscape.dice import Dice
from explorer.streetscape.registry import Figure
from explorer.streetscape.stage.plan import WATER_LEVEL, Plan

SIZES = {"easy": (0.13, 0.70), "normal": (0.055, 0.62), "hard": (0.022, 0.5)}
HIDDEN = {"easy": 0.2, "normal": 0.62, "hard": 0.75}
TRIES = 11
NEVER = 1e9


class Layout:
    """Places figures one after another so that none stand in one another and few are quite hidden."""

    def __init__(self, plan: Plan, dice: Dice, difficulty: str, least: float = 0.0) -> None:
        self.plan, self.dice, self.difficulty, self.least = plan, dice, difficulty, least
        self.actors: list[Actor] = []

    def place(
        self, figure: Figure, label: int, thing: bool, places: dict[str, float], along: float, tallest: float
    ) -> Actor | None:
        """Find the best of some tries for a figure, or None."""
        zones = self.plan.zones
        known = {name: odds for name, odds in places.items() if name in zones}
        if not known:
            return None
        cam, dice = self.plan.camera, self.dice
        low, high = SIZES[self.difficulty]
        high = min(high, tallest)
        target = cam.height * low * _power(high / low, dice.unit()) if thing else cam.height * dice.between(0.1, 0.9)
        company = thing and dice.chance(0.5)
        best: Actor | None = None
        worst = NEVER
        for _ in range(TRIES if thing else TRIES // 3):
            actor = self._candidate(figure, label, thing, dice.weigh(known), along, target, worst)
            if actor is None:
                continue
            cost = self._cost(actor, target, company, tallest, worst)
            if cost < worst:
                best, worst = actor, cost
        if best is not None:
            self._accept(best)
        return best

    def _candidate(
        self, figure: Figure, label: int, thing: bool, place: str, along: float, target: float, worst: float
    ) -> Actor | None:
        plan, dice, cam = self.plan, self.dice, self.plan.camera
        column = cam.width * dice.between(-0.06, 1.06)
        if place == "air":
            share = dice.between(0.03, 0.16)
            if self.least:
                share = math.sqrt(self.least * cam.width / cam.height) * dice.between(0.9, 1.6)
            z = max(figure.height, 0.6 * figure.width) * cam.focal / (cam.height * share)
            x = (column - cam.centre) * z / cam.focal
            row = cam.horizon * dice.between(0.06, 0.95)
            base = cam.above + (cam.horizon - row) * z / cam.focal
            a = x * plan.across[0] + z * plan.across[1]
            t = x * plan.along[0] + z * plan.along[1]
            return self._actor(figure, label, thing, x, z, t, a, dice.unit(), base)
        if self.least:
            return self._close(figure, label, thing, place, column, along)
        low, high = dice.pick(plan.zones[place])
        margin = min(0.3 * (high - low), 0.5 * figure.width)
        a = dice.between(low + margin, high - margin)
        if place == "road":
            a = self._lane(low, high)
        slope = (column - cam.centre) / cam.focal * plan.across[0] + plan.across[1]
        if slope * a <= 0:
            return None
        z = a / slope
        if not 1.2 + 0.45 * figure.length < z < 140:
            return None
        if not self.least and figure.height * cam.focal > worst * target * z:
            return None
        x = (column - cam.centre) * z / cam.focal
        t = x * plan.along[0] + z * plan.along[1]
        yaw = self._yaw(figure, label, thing, place, a, (low + high) / 2, along)
        base = (WATER_LEVEL if place == "water" else 0.0) + figure.base
        return self._actor(figure, label, thing, x, z, t, a, yaw, base)

    def _close(self, figure: Figure, label: int, thing: bool, place: str, column: float, along: float) -> Actor | None:
        """A candidate as near as its least share of the picture asks for, where the ground under it suits."""
        cam, dice, plan = self.plan.camera, self.dice, self.plan
        wide = max(figure.width, figure.length * dice.between(0.4, 1.0)) if thing else figure.width
        share = self.least * dice.between(1.15, 2.2) if thing else dice.between(0.005, 0.05)
        z = cam.focal * math.sqrt(figure.height * wide / (share * cam.width * cam.height))
        x = (column - cam.centre) * z / cam.focal
        a, t = x * plan.across[0] + z * plan.across[1], x * plan.along[0] + z * plan.along[1]
        for low, high in plan.zones[place]:
            if low <= a <= high:
                yaw = self._yaw(figure, label, thing, place, a, (low + high) / 2, along)
                base = (WATER_LEVEL if place == "water" else 0.0) + figure.base
                return self._actor(figure, label, thing, x, z, t, a, yaw, base)
        return None

    def _lane(self, low: float, high: float) -> float:
        lanes = max(2, int((high - low) / 3.1))
        wide = (high - low) / lanes
        return low + wide * (self.dice.whole(0, lanes - 1) + 0.5 + self.dice.between(-0.1, 0.1))

    def _yaw(self, figure: Figure, label: int, thing: bool, place: str, a: float, middle: float, along: float) -> float:
        dice, street = self.dice, self.plan.yaw
        if thing and CLASSES[label] == "traffic light":
            if dice.chance(0.12):
                return dice.unit()
            return street + 0.5 + dice.between(-0.05, 0.05) if self.plan.along[1] > 0.6 else dice.between(-0.34, -0.16)
        if not dice.chance(along):
            return dice.unit()
        if not thing and along > 0.9:
            return dice.between(-0.38, -0.12)
        wobble = dice.between(-0.012, 0.012) if place == "road" else dice.between(-0.05, 0.05)
        if place == "road":
            return street + (0.5 if a > middle else 0.0) + wobble
        return street + dice.pick((0.0, 0.5)) + wobble

    def _actor(
        self, figure: Figure, label: int, thing: bool, x: float, z: float, t: float, a: float, yaw: float, base: float
    ) -> Actor:
        cam = self.plan.camera
        c, s = abs(trig.cosine(yaw)), abs(trig.sine(yaw))
        turned = yaw - self.plan.yaw
        tc, ts = abs(trig.cosine(turned)), abs(trig.sine(turned))
        near = max(z - (figure.length * s + figure.width * c) / 2, 1.0)
        half = (figure.length * c + figure.width * s) / 2 * cam.scale((z + near) / 2)
        u = cam.column(x, z)
        box = (u - half, cam.row(base + figure.height, z), u + half, cam.row(base, near))
        return Actor(
            figure,
            label,
            thing,
            x,
            z,
            t,
            a,
            yaw,
            base,
            (figure.length * tc + figure.width * ts) / 2,
            (figure.length * ts + figure.width * tc) / 2,
            near,
            box,
            max(2 * half * (box[3] - box[1]), 1.0),
        )

    def _cost(self, actor: Actor, target: float, company: bool, tallest: float, worst: float) -> float:
        """How far a candidate is from what is wanted; NEVER for one that cannot be, or is no better than `worst`."""
        cam, box = self.plan.camera, actor.box
        tall = max(actor.figure.height * cam.scale(actor.z), 0.5 * (box[2] - box[0]))
        ratio = tall / target if tall > target else target / tall
        cost = ratio + (0.0 if tall < tallest * cam.height else 2.0)
        if (cost >= worst and not self.least) or not self._sees(actor, tall):
            return NEVER
        touch = self._touch(actor)
        if touch < 0:
            return NEVER
        if self.least:
            got = overlap(box, (0.0, 0.0, float(cam.width), float(cam.height))) * 0.8 / (cam.width * cam.height)
            return (0.0 if got > self.least * 1.25 else 50 * (self.least * 1.25 - got)) + touch * 4 + self.dice.unit()
        return cost + (0.8 * abs(touch - 0.35) if company else 0.0)

    def _sees(self, actor: Actor, tall: float) -> bool:
        """Whether enough of it is in the frame, and it does not fill the frame."""
        cam, box = self.plan.camera, actor.box
        inside = overlap(box, (0.0, 0.0, float(cam.width), float(cam.height))) / actor.area
        wanted = 0.8 if self.difficulty == "easy" else 0.5
        if inside < (wanted if not self.least else 0.8 if self.least > 0.3 else 0.94):
            return False
        if actor.thing and not self.least and actor.near < 1.6 + 0.12 * actor.figure.length:
            return False
        if actor.thing:
            return tall <= cam.height * 1.05 and (box[2] - box[0] <= 0.95 * cam.width or self.least > 0)
        room = cam.width * cam.height
        if actor.figure.height < 3 and actor.area > 0.05 * room:
            return False
        return tall <= cam.height * 1.6 and not (box[3] > cam.height and actor.area > 0.03 * room)

    def _touch(self, actor: Actor) -> float:
        """Largest share one hides of another behind it; -1 where two would stand in one another or one would vanish."""
        limit, touch, (x0, y0, x1, y1) = HIDDEN[self.difficulty], 0.0, actor.box
        for other in self.actors:
            if (
                abs(other.a - actor.a) < other.reach_a + actor.reach_a + 0.05
                and abs(other.t - actor.t) < other.reach_t + actor.reach_t + 0.1
                and other.base < 3
                and actor.base < 3
            ):
                return -1.0
            u0, v0, u1, v1 = other.box
            wide = (x1 if x1 < u1 else u1) - (x0 if x0 > u0 else u0)
            high = (y1 if y1 < v1 else v1) - (y0 if y0 > v0 else v0)
            if wide <= 0 or high <= 0:
                continue
            back = other if other.z > actor.z else actor
            share = wide * high / back.area
            if back.thing and back.hidden + share > limit:
                return -1.0
            touch = max(touch, share)
        return touch

    def _accept(self, actor: Actor) -> None:
        for other in self.actors:
            shared = overlap(actor.box, other.box)
            back = other if other.z > actor.z else actor
            back.hidden += shared / back.area
        self.actors.append(actor)


def _power(base: float, share: float) -> float:
    """Base to the power of a share in [0, 1) by repeated square roots: exact in every library."""
    result, root = 1.0, base
    for _ in range(12):
        root = math.sqrt(root)
        share *= 2
        if share >= 1:
            result *= root
            share -= 1
    return result
