"""What the classifiers of street crops have in common."""

from __future__ import annotations

from explorer.models.bundled import STREET_MEAN, STREET_STD
from explorer.records.card import Preparing
from explorer.streetscape.exam import CROP_CLASSES
from explorer.training.recipe import Early, Precision, Recipe, Schedule
from explorer.training.streets.crops import StreetCrops


def classifier(
    name: str,
    peak: float,
    epochs: int,
    seed: int,
    worlds: int = 1,
    precision: Precision = "fp32",
    early: Early | None = None,
    parts: int = 1,
) -> Recipe:
    """The recipe of a network of street crops: the same kind of pictures, augmentation and optimiser for all, so that
    their figures can be compared. worlds: of 11,000 scenes each, to learn from; precision, early, parts: as a Recipe's.
    With no bf16 arithmetic in the processor bf16 is slower than fp32; with it, 1.6 times as fast."""
    return Recipe(
        name=name,
        model=name,
        data=StreetCrops(scenes=9000 * worlds, portraits=2000 * worlds, held_out=400),
        classes=CROP_CLASSES,
        preparation=Preparing(mean=STREET_MEAN, std=STREET_STD, size=(64, 64)),
        schedule=Schedule(peak=peak, warm_up=0.08),
        batch=128,
        epochs=epochs,
        seed=seed,
        weight_decay=0.03,
        label_smoothing=0.05,
        augment=("crop", "mirror", "colour"),
        precision=precision,
        channels_last=True,
        early=early,
        parts=parts,
    )
