"""The ways people write each digit: every allograph draws its strokes with a pen, and says how common it is."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from explorer.training.digits.pen import Pen, Stroke

Draw = Callable[[Pen], list[Stroke]]
_FILES = ("zero_to_three", "four_to_six", "seven_to_nine")


@dataclass(frozen=True)
class Allograph:
    """One way to write a digit. share: how often, against the other ways to write the same digit."""

    label: int
    name: str
    share: float
    draw: Draw


_KNOWN: list[Allograph] = []


def allograph(label: int, share: float) -> Callable[[Draw], Draw]:
    """Add the decorated function to the ways of writing `label`; its name is the function's."""

    def add(draw: Draw) -> Draw:
        name = draw.__name__
        if any(known.name == name for known in _KNOWN):
            raise ValueError(f"two allographs are called {name}")
        _KNOWN.append(Allograph(label, name, share, draw))
        return draw

    return add


@lru_cache(maxsize=1)
def allographs() -> tuple[tuple[Allograph, ...], ...]:
    """For each of the ten digits, the ways to write it."""
    for file in _FILES:
        importlib.import_module(f"explorer.training.digits.{file}")
    return tuple(tuple(one for one in _KNOWN if one.label == label) for label in range(10))
