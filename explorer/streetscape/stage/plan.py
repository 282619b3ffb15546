"""The plan of a place: where the camera stands and which strips of ground run along the street."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from explorer.streetscape import trig
from explorer.streetscape.camera import Camera, Point3
from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import TOWNS, Palette
from explorer.streetscape.weather import Light

WATER_LEVEL = -0.45


@dataclass(frozen=True)
class Strip:
    """Ground of one label between two distances `near` and `far` from the line the camera stands on, in metres."""

    label: str
    near: float
    far: float
    surface: str


@dataclass(frozen=True)
class Plan:
    """One place under one light.

    along: unit vector (x, z) of the street; across: unit vector from the camera's line to the far side; yaw: direction
    of the street in turns; strips: nearest first, distances along `across`; fronts: signed distance of each row of
    buildings.
    """

    camera: Camera
    light: Light
    palette: Palette
    along: tuple[float, float]
    across: tuple[float, float]
    yaw: float
    strips: tuple[Strip, ...]
    fronts: tuple[float, ...]
    far_side: str
    cobbled: bool

    def world(self, t: float, a: float, y: float = 0.0) -> Point3:
        """World point at t metres along the street and a across it."""
        return t * self.along[0] + a * self.across[0], y, t * self.along[1] + a * self.across[1]

    @cached_property
    def zones(self) -> dict[str, list[tuple[float, float]]]:
        """Distances across, as (low, high), where each kind of place is found; absent places are left out."""
        found: dict[str, list[tuple[float, float]]] = {"air": [(0.0, 0.0)]}
        for strip in self.strips:
            found.setdefault({"vegetation": "grass"}.get(strip.label, strip.label), []).append((strip.near, strip.far))
        for road in (strip for strip in self.strips if strip.label == "road"):
            for a, b in ((road.far + 0.35, road.far + 0.9), (road.near - 0.9, road.near - 0.35)):
                if any(s.label == "sidewalk" and s.near <= a and b <= s.far for s in self.strips):
                    found.setdefault("kerb", []).append((a, b))
        return found


def _camera(dice: Dice, width: int, height: int, tall: float) -> Camera:
    focal = math.sqrt(width * height) * dice.between(0.95, 1.45)
    if tall:
        above, focal = min(tall, 3.0) * dice.between(0.35, 0.75), focal * 1.4
    else:
        above = dice.weigh({1.6: 5.0, 1.0: 2.0, 3.4: 3.0, 5.0: 1.2}) * dice.between(0.85, 1.15)
    horizon = height * (dice.between(0.36, 0.52) if above < 2.5 else dice.between(0.26, 0.4))
    return Camera(width, height, focal, width * dice.between(0.42, 0.58), horizon, above)


def _strips(dice: Dice, far_side: str, near_side: str) -> tuple[Strip, ...]:
    paving = "cobble" if dice.chance(0.25) else "slab"
    stand, road, walk = dice.between(1.2, 5.0), dice.pick((6.4, 7.2, 9.6)), dice.between(2.6, 5.0)
    strips = []
    back = -dice.between(2.2, 6.0)
    if near_side == "road":
        back, stand = -dice.between(4.0, 7.0), -dice.between(0.8, 2.5)
    if near_side == "park":
        strips.append(Strip("vegetation", -40.0, back, "grass"))
    strips.append(Strip("sidewalk", back, stand, paving))
    edge = stand
    if far_side != "park" or dice.chance(0.5):
        strips.append(Strip("road", edge, edge + road, "sett" if dice.chance(0.2) else "asphalt"))
        edge += road
        strips.append(Strip("sidewalk", edge, edge + walk, paving))
        edge += walk
    if far_side == "water":
        wide = dice.between(14.0, 60.0)
        strips.append(Strip("water", edge, edge + wide, "water"))
        strips.append(Strip("sidewalk", edge + wide, edge + wide + 5.0, paving))
    elif far_side == "park":
        strips.append(Strip("vegetation", edge, edge + dice.between(14.0, 40.0), "grass"))
        if dice.chance(0.4):
            last = strips[-1].far
            strips.append(Strip("water", last, last + 16.0, "water"))
            strips.append(Strip("vegetation", last + 16.0, last + 40.0, "grass"))
    return tuple(strips)


def plan_for(dice: Dice, light: Light, width: int, height: int, wet: bool, tall: float = 0.0) -> Plan:
    """A place; `wet` asks for water (boats need it), `tall` for a camera low and near for a thing of that height."""
    view = dice.weigh({"avenue": 3.0, "oblique": 3.2, "front": 3.2})
    turn = {"avenue": dice.between(0.0, 0.06), "oblique": dice.between(0.08, 0.18), "front": dice.between(0.215, 0.25)}[
        view
    ]
    mirror = dice.pick((-1.0, 1.0))
    far_side = "water" if wet else dice.weigh({"buildings": 5.0, "park": 2.0, "water": 0.6})
    near_side = dice.weigh({"buildings": 2.0, "park": 1.0, "road": 1.6 if view == "avenue" else 0.0})
    strips = _strips(dice, far_side, near_side)
    fronts = [strips[-1].far]
    if near_side != "park" and view != "front":
        fronts.append(strips[0].near)
    sine, cosine = trig.sine(turn), trig.cosine(turn)
    return Plan(
        _camera(dice, width, height, tall),
        light,
        dice.pick(TOWNS),
        (mirror * sine, cosine),
        (-mirror * cosine, sine),
        0.25 - mirror * turn,
        strips,
        tuple(fronts),
        far_side,
        dice.chance(0.3),
    )
