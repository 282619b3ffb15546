"""The pictures a visitor is offered first."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.sources.open import SAMPLE, SCENE
from explorer.sources.samples import samples

SCENES = (
    ("8", "A bus, a cyclist and a dog"),
    ("13", "A car by the harbour"),
    ("16", "Dusk at the canal"),
    ("12", "Boats and a bicycle by night"),
    ("20", "Buses in the rain"),
    ("23", "Traffic in fog"),
)


@dataclass(frozen=True)
class Shelf:
    """Pictures of one kind: (name for `open_picture`, what a person calls it)."""

    title: str
    pictures: tuple[tuple[str, str], ...]


def gallery() -> tuple[Shelf, ...]:
    """Street scenes, then photographs."""
    scenes = tuple((SCENE + seed, title) for seed, title in SCENES)
    photographs = tuple((SAMPLE + one.name, one.title) for one in samples())
    return Shelf("Street scenes", scenes), Shelf("Photographs", photographs)


def offered() -> frozenset[str]:
    """The names of all of them."""
    return frozenset(name for shelf in gallery() for name, _ in shelf.pictures)
