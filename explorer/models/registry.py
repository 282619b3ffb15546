"""Every architecture Fovea knows, under one name each."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from torch import Tensor, nn

from explorer.contract import ModelCard, Task, WeightsCard
from explorer.errors import UnknownName
from explorer.models.preparation import Prepares
from explorer.records.frame import Domain

Build = Callable[[int], nn.Module]
State = Mapping[str, Tensor]
Adapt = Callable[[State], dict[str, Tensor]]
Read = Callable[[Path], nn.Module]


@dataclass(frozen=True)
class Published:
    """Weights that somebody serves: where they are, how to tell them, and what they expect and answer.

    url: http(s) address; sha256: leading hex digits, "" where the publisher's server tells them; file: name on disk;
    categories: names of the classes, in the network's order.
    """

    card: WeightsCard
    url: str
    sha256: str
    file: str
    preparation: Prepares
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Usual:
    """What any weights of an architecture expect and answer.

    categories: names of the classes, in the network's order; notes: what a reader of the answers must know.
    """

    preparation: Prepares
    categories: tuple[str, ...]
    domain: Domain = "unknown"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A registered architecture: its card, how it is built for a number of classes, and its published weights.

    adapt: turns a published state dict into one of this form (auxiliary heads dropped, old names mended); usual: where
    no published weights say what others expect; read: makes the network of an owner's file that is no state dict.
    """

    card: ModelCard
    build: Build
    published: tuple[Published, ...] = ()
    adapt: Adapt = dict
    usual: Usual | None = None
    read: Read | None = None

    def weights(self, name: str = "") -> Published:
        """The published weights called `name`, or the default ones. Raises UnknownName."""
        for published in self.published:
            if not name or published.card.name.lower() == name.lower():
                return published
        raise UnknownName(f"set of weights for {self.card.name}", name, [p.card.name for p in self.published])


class Registry:
    """Architectures by name; refuses twins, suggests the near miss."""

    def __init__(self, known: Registry | None = None) -> None:
        """known: another registry, whose models this one knows from the beginning."""
        self._entries: dict[str, Entry] = dict(known._entries) if known is not None else {}

    def add(self, entry: Entry) -> None:
        """Raises ValueError when the name is taken."""
        if entry.card.name in self._entries:
            raise ValueError(f"two models are called {entry.card.name}")
        self._entries[entry.card.name] = entry

    def get(self, name: str) -> Entry:
        """Raises UnknownName with the nearest name there is."""
        if name not in self._entries:
            raise UnknownName("model", name, list(self))
        return self._entries[name]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries, key=lambda name: (self._entries[name].card.year, name)))

    def cards(self, task: Task | None = None) -> tuple[ModelCard, ...]:
        """Cards in order of year, of every model or of those that do `task`."""
        cards = (self._entries[name].card for name in self)
        return tuple(card for card in cards if task is None or task in card.tasks)


_MODELS = Registry()


def register(card: ModelCard, published: tuple[Published, ...] = (), adapt: Adapt = dict) -> Callable[[Build], Build]:
    """Add the decorated builder (number of classes -> module) to the models that `models()` returns."""

    def add(build: Build) -> Build:
        full = replace(card, weights=tuple(p.card for p in published))
        _MODELS.add(Entry(full, build, published, adapt))
        return build

    return add


@cache
def models() -> Registry:
    """The registry, with every file of `explorer/models` read."""
    import explorer.models as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _MODELS
