"""Ways to vary a batch while it is learnt from; each keeps what its targets say true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from explorer.errors import UnknownName
from explorer.ops.colour import colour_shifts, principal_components, shifted
from explorer.records.frame import Pixels
from explorer.training.data import Batch

Augment = Callable[[Batch, np.random.Generator], Batch]
COLOUR = 0.1


def shift(batch: Batch, rng: np.random.Generator) -> Batch:
    """Each picture moved by up to one pixel in both directions; black comes in."""
    count, height, width, _ = batch.pictures.shape
    padded = np.pad(batch.pictures, ((0, 0), (1, 1), (1, 1), (0, 0)))
    moved = np.empty_like(batch.pictures)
    places = rng.integers(0, 9, count)
    for place in range(9):
        row, column = divmod(place, 3)
        chosen = places == place
        moved[chosen] = padded[chosen, row : row + height, column : column + width]
    return Batch(moved, batch.targets)


def mirror(batch: Batch, rng: np.random.Generator) -> Batch:
    """Every other picture, by chance, seen in a mirror; for class labels only, boxes would have to turn too."""
    turned: Any = rng.random(len(batch.pictures)) < 0.5
    pictures: Pixels = np.where(turned[:, None, None, None], batch.pictures[:, :, ::-1], batch.pictures)
    return Batch(pictures, batch.targets)


def crop(batch: Batch, rng: np.random.Generator) -> Batch:
    """A window of 8/9 of each side, anywhere in its picture: the paper's 224 of 256, Krizhevsky 2012, section 4.1."""
    count, height, width, _ = batch.pictures.shape
    tall, wide = _kept(height), _kept(width)
    rows = rng.integers(0, height - tall + 1, count)[:, None] + np.arange(tall)
    columns = rng.integers(0, width - wide + 1, count)[:, None] + np.arange(wide)
    return Batch(batch.pictures[np.arange(count)[:, None, None], rows[:, :, None], columns[:, None]], batch.targets)


def centre(batch: Batch) -> Batch:
    """The window of `crop` in the middle of each picture, which is what a network sees that was trained on `crop`."""
    _, height, width, _ = batch.pictures.shape
    tall, wide = _kept(height), _kept(width)
    top, left = (height - tall) // 2, (width - wide) // 2
    return Batch(batch.pictures[:, top : top + tall, left : left + wide], batch.targets)


def colour(batch: Batch, rng: np.random.Generator) -> Batch:
    """Each picture's colour moved along the batch's principal components (the paper takes the whole training set's)."""
    components = principal_components(batch.pictures)
    amounts = rng.normal(0.0, COLOUR, (len(batch.pictures), 3))
    return Batch(shifted(batch.pictures, colour_shifts(components, amounts)), batch.targets)


def _kept(side: int) -> int:
    return side * 8 // 9


AUGMENTS: dict[str, Augment] = {"shift": shift, "mirror": mirror, "crop": crop, "colour": colour}


def augmented(batch: Batch, names: tuple[str, ...], rng: np.random.Generator) -> Batch:
    """The batch after the named augmentations, in their order. Raises UnknownName."""
    for name in names:
        if name not in AUGMENTS:
            raise UnknownName("augmentation", name, AUGMENTS)
        batch = AUGMENTS[name](batch, rng)
    return batch
