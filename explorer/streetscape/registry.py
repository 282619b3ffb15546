"""The things that a scene can hold: each is one file in `things/` with a KIND."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from explorer.errors import Mistake, UnknownName
from explorer.records.scene import CLASSES
from explorer.streetscape.dice import Dice
from explorer.streetscape.sketch import Sketch


@dataclass(frozen=True)
class Figure:
    """One individual: its size in metres, how to paint it, how far above the ground it starts, where only it may be."""

    height: float
    length: float
    width: float
    paint: Callable[[Sketch], None]
    base: float = 0.0
    places: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Kind:
    """A class of thing: how to make one, where it is found (odds), how it turns, how large it may be in the picture.

    places: odds of "road", "sidewalk", "grass", "kerb", "water" and "air". along: share that looks along the street.
    tallest: largest share of the picture's height that looks right.
    """

    name: str
    make: Callable[[Dice], Figure]
    places: dict[str, float]
    along: float = 0.0
    tallest: float = 0.8


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """All kinds by name, in the order of CLASSES."""
    from explorer.streetscape import things

    found: dict[str, Kind] = {}
    for module in pkgutil.iter_modules(things.__path__):
        kind = getattr(importlib.import_module(f"{things.__name__}.{module.name}"), "KIND", None)
        if isinstance(kind, Kind):
            if kind.name in found:
                raise Mistake(f"Two files draw a {kind.name}: keep one.")
            found[kind.name] = kind
    missing = [name for name in CLASSES if name not in found]
    if missing:
        raise UnknownName("thing", missing[0], found)
    return {name: found[name] for name in CLASSES}
