"""ResNet in small."""

from __future__ import annotations

from explorer.training.recipe import Recipe, recipe
from explorer.training.streets.recipe import classifier


@recipe
def street_resnet() -> Recipe:
    return classifier("street_resnet", peak=3e-3, epochs=16, seed=2015, cycles=2)
