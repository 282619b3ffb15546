"""Recipes as data: everything that decides what a training run gives, and a registry of them."""

from __future__ import annotations

import importlib
import json
import math
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

from explorer.errors import Mistake, UnknownName
from explorer.records.card import Preparing
from explorer.training.data import Description
from explorer.training.start import Start

Precision = Literal["fp32", "bf16"]


@dataclass(frozen=True)
class Schedule:
    """The learning rate: linear from 0 over the first `warm_up` of all steps, then a cosine to `final` of the peak.

    Loshchilov, Hutter, ICLR 2017, without restarts. peak: the highest rate; warm_up, final: shares.
    """

    peak: float
    warm_up: float = 0.05
    final: float = 0.0

    def rate(self, step: int, steps: int) -> float:
        """The rate of step 0..steps - 1."""
        warm = max(round(self.warm_up * steps), 1)
        if step < warm:
            return self.peak * (step + 1) / warm
        done = (step - warm) / max(steps - warm, 1)
        return self.peak * (self.final + (1 - self.final) * 0.5 * (1 + math.cos(math.pi * done)))


@dataclass(frozen=True)
class Early:
    """Smaller pictures first, which teach nearly as much for less; Tan, Le, ICML 2021, arXiv:2104.00298, section 4.

    epochs: how many of the first; size: (height, width) of the network's input in them.
    """

    epochs: int
    size: tuple[int, int]


@dataclass(frozen=True)
class Recipe:
    """One training run, complete: the same recipe on the same machine gives the same weights.

    name: of the weights; model: an architecture's registered name; classes: in the network's order; preparation: how
    pictures become its input; loss: an objective's name; batch: pictures; epochs: passes over the data; augment: names
    of augmentations, in their order; precision: of the forward pass, fp32 unless bf16 is measured to be faster;
    check_every: epochs between validations; start: what is not begun from nothing; early: smaller pictures at first,
    for a network of any size and a loss that reads no places; parts: of a batch, learnt from at once, a core each, and
    normalised each by itself; for a loss with one target a picture. Raises Mistake for what cannot be trained.
    """

    name: str
    model: str
    data: Description
    classes: tuple[str, ...]
    preparation: Preparing
    schedule: Schedule
    batch: int
    epochs: int
    seed: int
    loss: str = "classify"
    optimiser: Literal["sgd", "adamw"] = "adamw"
    momentum: float = 0.9
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    augment: tuple[str, ...] = ()
    precision: Precision = "fp32"
    channels_last: bool = False
    check_every: int = 1
    start: Start | None = None
    early: Early | None = None
    parts: int = 1

    def __post_init__(self) -> None:
        if min(self.batch, self.epochs, self.check_every) < 1 or self.seed < 0:
            raise Mistake(
                f"The recipe {self.name} needs a batch, epochs and checks of at least 1 and a seed of 0 or more."
            )
        if self.parts < 1 or self.batch % self.parts:
            raise Mistake(f"The recipe {self.name} needs a batch that can be cut into {self.parts} equal parts.")
        if self.schedule.peak <= 0 or not 0 <= self.label_smoothing < 1 or self.weight_decay < 0:
            raise Mistake(f"The recipe {self.name} needs a rate above 0, a smoothing in [0, 1) and no negative decay.")
        if self.early is not None and (not 0 < self.early.epochs < self.epochs or min(self.early.size) < 1):
            raise Mistake(f"The recipe {self.name} needs fewer epochs with small pictures than in all, and a size.")

    def as_json(self) -> dict[str, Any]:
        """Every field, as a card keeps it: lists for tuples; the data's description with the name of its kind; nothing
        of what is younger than the first cards where it is not used."""
        data = {"kind": type(self.data).__name__, **asdict(self.data)}  # type: ignore[call-overload]
        unused = {"start": None, "early": None, "parts": 1}
        fields = {key: value for key, value in asdict(self).items() if key not in unused or value != unused[key]}
        written: dict[str, Any] = json.loads(json.dumps(fields | {"data": data}))
        return written


class Recipes:
    """Recipes by name; refuses twins, suggests the near miss."""

    def __init__(self) -> None:
        self._made: dict[str, Recipe] = {}

    def add(self, made: Recipe) -> None:
        """Raises ValueError when the name is taken."""
        if made.name in self._made:
            raise ValueError(f"two recipes are called {made.name}")
        self._made[made.name] = made

    def get(self, name: str) -> Recipe:
        """Raises UnknownName with the nearest name there is."""
        if name not in self._made:
            raise UnknownName("recipe", name, list(self))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._made))


_RECIPES = Recipes()


def recipe(make: Callable[[], Recipe]) -> Callable[[], Recipe]:
    """Add what the decorated function returns to the recipes that `recipes()` returns."""
    _RECIPES.add(make())
    return make


@cache
def recipes() -> Recipes:
    """The registry, with every file of `explorer/training/recipes` read."""
    import explorer.training.recipes as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _RECIPES
