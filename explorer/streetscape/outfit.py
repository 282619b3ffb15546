"""How a person is built and dressed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from explorer.streetscape.dice import Dice
from explorer.streetscape.palette import HAIR, PAINT, SKIN, Colour


@dataclass(frozen=True)
class Outfit:
    """How one person is built and dressed; height in metres, the rest in shares of it or as names."""

    height: float
    bulk: float
    skin: Colour
    hair: Colour
    top: Colour
    bottom: Colour
    shoes: Colour
    dress: str
    head: str
    carries: str
    prop: Colour
    pattern: str
    pose: str
    swing: float
    arms: float


def outfit(dice: Dice) -> Outfit:
    """Somebody."""
    child = dice.chance(0.16)
    top = dice.pick(PAINT)
    return Outfit(
        height=dice.between(1.0, 1.4) if child else dice.middle(1.52, 1.95),
        bulk=dice.middle(0.8, 1.3),
        skin=dice.pick(SKIN),
        hair=dice.pick(HAIR),
        top=top,
        bottom=dice.pick(PAINT),
        shoes=dice.pick(PAINT),
        dress=dice.weigh({"trousers": 5.0, "shorts": 1.2, "skirt": 1.3, "dress": 1.3, "coat": 2.2}),
        head=dice.weigh({"short": 3.0, "long": 2.4, "bun": 1.0, "cap": 1.0, "hat": 0.9, "hood": 0.8, "bald": 0.4}),
        carries=dice.weigh({"nothing": 4.0, "bag": 1.4, "backpack": 1.4, "umbrella": 0.6, "case": 0.6}),
        prop=dice.pick(PAINT),
        pattern=dice.weigh({"plain": 4.0, "stripes": 1.0, "vest": 0.8, "scarf": 1.0}),
        pose=dice.weigh({"walk": 5.0, "stand": 3.0, "run": 0.9, "wave": 0.6, "phone": 0.8}),
        swing=dice.between(0.3, 1.0) * dice.pick((-1, 1)),
        arms=dice.between(0.0, 1.0),
    )


def rider(dice: Dice) -> Outfit:
    """Somebody who rides."""
    o = outfit(dice)
    height = max(o.height, 1.5)
    return replace(
        o,
        height=height,
        carries="backpack" if o.carries == "backpack" else "nothing",
        dress=o.dress if o.dress in ("trousers", "shorts") else "trousers",
        pose="ride",
    )
