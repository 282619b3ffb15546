"""Lights and weathers: what they do to a colour, and what the sky looks like."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import Colour, mix

Stops = tuple[tuple[float, Colour], ...]


@dataclass(frozen=True)
class Light:
    """One light over one scene.

    sky: colours from zenith (0) to horizon (1); tint: gains on a lit colour (r, g, b); shade_tint: gains in shadow;
    haze and haze_per_m: colour of the far air and how fast it closes in; sun: (x, y, z) towards the light, y up; cast:
    strength of cast shadows; lamps: windows and lamps are on; wet: the ground mirrors; grain: sensor noise in levels;
    cloud: share of cloud.
    """

    name: str
    sky: Stops
    tint: tuple[float, float, float]
    shade_tint: tuple[float, float, float]
    haze: Colour
    haze_per_m: float
    sun: tuple[float, float, float]
    cast: float
    lamps: float
    wet: float
    grain: float
    cloud: float
    cloud_colour: Colour

    @cached_property
    def sunward(self) -> tuple[float, float, float]:
        """Unit vector towards the light; products and a root only, for powers differ between libraries."""
        x, y, z = self.sun
        length = math.sqrt(x * x + y * y + z * z)
        return x / length, y / length, z / length

    def haze_at(self, depth: float) -> float:
        """Share of haze in front of something at a depth in metres."""
        thick = depth * self.haze_per_m
        return 1 - 1 / (1 + thick + 0.5 * thick * thick)


def _day(dice: Dice) -> Light:
    zenith, low = dice.pick(
        (
            ((84, 150, 214), (206, 230, 240)),
            ((104, 172, 222), (240, 236, 220)),
            ((64, 128, 190), (184, 220, 236)),
            ((140, 186, 208), (246, 232, 208)),
        )
    )
    side = dice.pick((-1, 1)) * dice.between(0.5, 1.1)
    return Light(
        "day",
        ((0.0, zenith), (0.6, mix(zenith, low, 0.6)), (1.0, low)),
        (1.13, 1.07, 0.97),
        (0.66, 0.72, 0.86),
        mix(low, (214, 226, 236), 0.4),
        dice.between(0.0015, 0.004),
        (side, dice.between(0.9, 1.5), dice.between(-0.8, 0.5)),
        dice.between(0.3, 0.42),
        0.0,
        0.0,
        dice.between(1.0, 3.0),
        dice.between(0.1, 0.8),
        (250, 250, 250),
    )


def _overcast(dice: Dice) -> Light:
    low = dice.pick(((226, 230, 232), (232, 226, 216), (214, 222, 230)))
    return Light(
        "day",
        ((0.0, mix(low, (150, 166, 184), 0.7)), (1.0, low)),
        (0.95, 0.97, 0.99),
        (0.8, 0.84, 0.9),
        low,
        dice.between(0.004, 0.008),
        (dice.pick((-0.6, 0.6)), 1.6, -0.3),
        0.14,
        0.0,
        0.0,
        dice.between(1.5, 4.0),
        0.9,
        (244, 244, 246),
    )


def _dusk(dice: Dice) -> Light:
    zenith, middle, low = dice.pick(
        (
            ((70, 88, 150), (206, 134, 148), (252, 190, 128)),
            ((52, 78, 132), (228, 140, 112), (255, 206, 132)),
            ((96, 92, 158), (236, 152, 150), (250, 214, 176)),
            ((60, 100, 140), (150, 164, 170), (250, 208, 150)),
        )
    )
    side = dice.pick((-1, 1)) * dice.between(1.0, 1.8)
    return Light(
        "dusk",
        ((0.0, zenith), (0.62, middle), (1.0, low)),
        (1.10, 0.88, 0.74),
        (0.56, 0.54, 0.74),
        mix(low, middle, 0.4),
        dice.between(0.004, 0.009),
        (side, dice.between(0.5, 0.8), dice.between(-0.6, 0.9)),
        dice.between(0.26, 0.34),
        dice.between(0.35, 0.7),
        0.0,
        dice.between(2.0, 4.0),
        dice.between(0.2, 0.8),
        mix(low, (255, 150, 130), 0.4),
    )


def _night(dice: Dice) -> Light:
    zenith, low = dice.pick(
        (((14, 20, 46), (52, 68, 108)), ((20, 18, 50), (86, 64, 104)), ((10, 26, 44), (40, 84, 104)))
    )
    wet = dice.between(0.3, 0.6) if dice.chance(0.4) else 0.0
    return Light(
        "night",
        ((0.0, zenith), (0.55, mix(zenith, low, 0.5)), (1.0, low)),
        (0.50, 0.55, 0.74),
        (0.34, 0.39, 0.58),
        mix(low, zenith, 0.3),
        dice.between(0.004, 0.008),
        (dice.pick((-0.7, 0.7)), 1.0, -0.4),
        0.22,
        1.0,
        wet,
        dice.between(4.0, 8.0),
        dice.between(0.0, 0.6),
        mix(low, (120, 120, 160), 0.3),
    )


def _fog(dice: Dice) -> Light:
    low = dice.pick(((178, 188, 196), (190, 182, 176), (160, 176, 180), (196, 186, 180)))
    return Light(
        "fog",
        ((0.0, mix(low, (160, 174, 186), 0.6)), (1.0, low)),
        (0.88, 0.90, 0.93),
        (0.68, 0.72, 0.79),
        low,
        dice.between(0.018, 0.042),
        (dice.pick((-0.6, 0.6)), 1.6, -0.3),
        0.1,
        dice.pick((0.0, 0.5)),
        dice.pick((0.0, 0.2)),
        dice.between(2.0, 5.0),
        0.0,
        low,
    )


def _rain(dice: Dice) -> Light:
    low = dice.pick(((156, 170, 180), (142, 156, 172), (170, 168, 172)))
    return Light(
        "rain",
        ((0.0, mix(low, (78, 92, 112), 0.75)), (1.0, low)),
        (0.80, 0.84, 0.90),
        (0.64, 0.69, 0.78),
        low,
        dice.between(0.010, 0.018),
        (dice.pick((-0.6, 0.6)), 1.6, -0.3),
        0.12,
        dice.between(0.3, 0.8),
        dice.between(0.5, 0.8),
        dice.between(2.5, 5.0),
        0.6,
        mix(low, (90, 100, 116), 0.5),
    )


ODDS = {
    "easy": {"day": 5.0, "overcast": 2.0, "dusk": 2.0, "night": 0.6, "fog": 0.2, "rain": 0.4},
    "normal": {"day": 3.4, "overcast": 1.4, "dusk": 1.8, "night": 1.7, "fog": 1.1, "rain": 1.4},
    "hard": {"day": 1.6, "overcast": 1.0, "dusk": 1.6, "night": 2.4, "fog": 1.6, "rain": 1.8},
}
_MAKERS = {"day": _day, "overcast": _overcast, "dusk": _dusk, "night": _night, "fog": _fog, "rain": _rain}


def light_for(dice: Dice, difficulty: str) -> Light:
    """A light with the odds of a difficulty."""
    return _MAKERS[dice.weigh(ODDS[difficulty])](dice)
