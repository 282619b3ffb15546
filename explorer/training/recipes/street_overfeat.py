"""OverFeat in small: a window slid over streets, at every place at once."""

from __future__ import annotations

from explorer.models.bundled import STREET_MEAN, STREET_STD
from explorer.records.card import Preparing
from explorer.streetscape.exam import CROP_CLASSES
from explorer.training.recipe import Recipe, Schedule, recipe
from explorer.training.streets.tiles import SIDE, StreetTiles


@recipe
def street_overfeat() -> Recipe:
    return Recipe(
        name="street_overfeat",
        model="street_overfeat",
        data=StreetTiles(scenes=5000, held_out=150),
        classes=CROP_CLASSES,
        preparation=Preparing(mean=STREET_MEAN, std=STREET_STD, size=(SIDE, SIDE)),
        schedule=Schedule(peak=2e-3, warm_up=0.08),
        batch=32,
        epochs=5,
        seed=2013,
        loss="spatial",
        weight_decay=0.03,
        label_smoothing=0.05,
        augment=("colour",),
        channels_last=True,
    )
