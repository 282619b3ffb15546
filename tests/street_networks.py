"""The street networks as architectures, so that tests need none of the weights that ship with the project."""

from __future__ import annotations

from dataclasses import replace

from explorer.contract import WeightsCard
from explorer.models.bundled import STREET_MEAN, STREET_STD
from explorer.models.fixed_picture import FixedPicture
from explorer.models.overfeat import WINDOW
from explorer.models.preparation import Preparation
from explorer.models.registry import Published, Registry, models
from explorer.models.street_yolo import INPUT
from explorer.records.scene import CLASSES
from explorer.streetscape.exam import CROP_CLASSES

PREPARATION = Preparation(88, WINDOW, STREET_MEAN, STREET_STD, squash=True)
WHOLE = FixedPicture(INPUT, STREET_MEAN, STREET_STD)
"""How the detectors that see a scene at once are given it."""
DETECTORS = ("street_yolo",)


def registry(*names: str) -> Registry:
    """These models, with classes and preparation as bundled weights have them; only random weights can be had."""
    made = Registry()
    for name in names:
        entry = models().get(name)
        card = WeightsCard("V1", 1, "nowhere", "streetscape")
        published = Published(card, "", "", "none", PREPARATION, CROP_CLASSES)
        if name in DETECTORS:
            published = replace(published, preparation=WHOLE, categories=CLASSES)
        made.add(replace(entry, card=replace(entry.card, weights=(card,)), published=(published,)))
    return made
