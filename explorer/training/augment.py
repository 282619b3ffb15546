"""Ways to vary a batch while it is learnt from; each keeps what its targets say true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from explorer.errors import UnknownName
from explorer.records.frame import Pixels
from explorer.training.data import Batch

Augment = Callable[[Batch, np.random.Generator], Batch]


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


AUGMENTS: dict[str, Augment] = {"shift": shift, "mirror": mirror}


def augmented(batch: Batch, names: tuple[str, ...], rng: np.random.Generator) -> Batch:
    """The batch after the named augmentations, in their order. Raises UnknownName."""
    for name in names:
        if name not in AUGMENTS:
            raise UnknownName("augmentation", name, AUGMENTS)
        batch = AUGMENTS[name](batch, rng)
    return batch
