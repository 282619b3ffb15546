"""AlexNet in small, with its paper's augmentation: random windows, reflections, colour shifts."""

from __future__ import annotations

from explorer.training.recipe import Recipe, recipe
from explorer.training.streets.recipe import classifier


@recipe
def street_alexnet() -> Recipe:
    return classifier("street_alexnet", peak=2e-3, epochs=16, seed=2012)
