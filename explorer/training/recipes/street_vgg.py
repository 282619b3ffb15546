"""VGG in small: the classifier whose features the detectors and masks start from."""

from __future__ import annotations

from explorer.training.recipe import Recipe, recipe
from explorer.training.streets.recipe import classifier


@recipe
def street_vgg() -> Recipe:
    return classifier("street_vgg", peak=3e-3, epochs=16, seed=2014)
