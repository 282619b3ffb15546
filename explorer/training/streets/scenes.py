"""Whole street scenes to find things in: drawn once, kept small, and seen a little differently at every pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explorer.errors import Mistake
from explorer.records.frame import Pixels, Size
from explorer.records.question import Progress
from explorer.records.scene import Scene
from explorer.streetscape.render import render
from explorer.streetscape.seeds import TRAIN, VALIDATE
from explorer.training.data import Batch
from explorer.training.shards import Labelled, Shards
from explorer.training.streets.views import Views, seen, views
from explorer.training.streets.yolo_targets import MOST_THINGS, NOBODY, targets

DRAWN: Size = (480, 640)
KEPT: Size = (240, 320)
"""Half of each side: what a thing must have of pixels to count, 12, is then 6."""
VISIBLE = 10_000
"""Visibility is kept in ten-thousandths."""


@dataclass(frozen=True)
class StreetScenes:
    """Scenes drawn at 480x640 and kept at 240x320, with their things' boxes.

    scenes: how many training scenes, from seed 0; held_out: how many validation scenes.
    """

    scenes: int
    held_out: int

    def __post_init__(self) -> None:
        if not 0 < self.scenes <= len(TRAIN) or not 0 < self.held_out <= len(VALIDATE):
            raise Mistake(f"Between 1 and {len(TRAIN)} scenes can be drawn, {len(VALIDATE)} held out: choose others.")

    def sentence(self) -> str:
        """What a card says."""
        return (
            f"Streetscape's scenes 0 to {self.scenes - 1}, drawn at {DRAWN[0]}x{DRAWN[1]} and seen at {KEPT[0]}x"
            f"{KEPT[1]} with their things' boxes; validated on scenes {VALIDATE.start} to "
            f"{VALIDATE.start + self.held_out - 1}. No photograph was trained on."
        )

    def prepare(self, folder: Path) -> Iterator[Progress]:
        """Draw what is not there, or was drawn by another version of the code."""
        yield from _SCENES.prepare(folder, [range(self.scenes), self._held_out])

    def open(self, folder: Path, batch: int) -> Scenes:
        """All of them in memory. Raises Mistake where a shard is missing."""
        return Scenes(_SCENES.read(folder, range(self.scenes)), _SCENES.read(folder, self._held_out), batch)

    @property
    def _held_out(self) -> range:
        return range(VALIDATE.start, VALIDATE.start + self.held_out)


class Scenes:
    """Scenes uint8 (n, 240, 320, 3) in batches whose targets are what `targets` gives of each, stacked.

    In training every scene is seen as `views` draws it, which is Redmon et al.'s augmentation.
    """

    def __init__(self, train: Labelled, held_out: Labelled, batch: int) -> None:
        if len(train[0]) < batch:
            raise Mistake(f"A batch of {batch} was wanted of {len(train[0])} scenes: choose a smaller batch.")
        self._train, self._held_out, self._batch = train, held_out, batch

    @property
    def steps(self) -> int:
        """Training batches in one epoch: whole ones only."""
        return len(self._train[0]) // self._batch

    def train_batches(self, epoch: int, rng: np.random.Generator, first: int = 0) -> Iterator[Batch]:
        """A permutation of the scenes and a view of each, drawn from `rng`."""
        order: NDArray[np.int64] = rng.permutation(len(self._train[0]))
        drawn = views(len(order), rng)
        for step in range(first, self.steps):
            places = np.arange(step * self._batch, (step + 1) * self._batch)
            yield _batch(self._train, order[places], drawn.of(places))

    def validation(self) -> Iterator[Batch]:
        """As they are, in their order, the last batch perhaps smaller."""
        count = len(self._held_out[0])
        for start in range(0, count, self._batch):
            yield _batch(self._held_out, np.arange(start, min(start + self._batch, count)), None)


def _batch(scenes: Labelled, part: NDArray[np.int64], drawn: Views | None) -> Batch:
    pictures, found = [], []
    for number, scene in enumerate(part.tolist()):
        picture, things = scenes[0][scene], things_of(scenes[1][scene])
        if drawn is not None:
            picture, things = seen(picture, things, drawn, number)
        pictures.append(picture)
        found.append(targets(things, KEPT))
    return Batch(np.stack(pictures), tuple(np.stack(column) for column in zip(*found, strict=True)))


def things_of(rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Float64 (k, 6) of a scene's int64 (12, 6) rows: x0 y0 x1 y1 in pixels of what is kept, class, visibility."""
    there: NDArray[np.float64] = rows[rows[:, 4] != NOBODY].astype(np.float64)
    scale = KEPT[1] / DRAWN[1], KEPT[0] / DRAWN[0]
    there[:, :4] *= np.tile(scale, 2)
    there[:, 5] /= VISIBLE
    return there


def of_scenes(seeds: range) -> Labelled:
    """Scenes uint8 (n, 240, 320, 3), and int64 (n, 12, 6) what is in them.

    One row a thing: x0 y0 x1 y1 in pixels of the scene as it was drawn, class, visibility in ten-thousandths, rounded
    down; NOBODY in the class of rows that are left over.
    """
    pictures, found = [], []
    for seed in seeds:
        scene = render(seed, DRAWN)
        pictures.append(_small(scene.picture))
        found.append(_rows(scene))
    return np.stack(pictures), np.stack(found)


def _small(picture: Pixels) -> Pixels:
    """As the network's own preparation makes it."""
    return np.asarray(Image.fromarray(picture).resize((KEPT[1], KEPT[0]), Image.Resampling.BILINEAR))


def _rows(scene: Scene) -> NDArray[np.int64]:
    rows = np.full((MOST_THINGS, 6), NOBODY, np.int64)
    count = len(scene.labels)
    rows[:count, :4], rows[:count, 4] = scene.boxes, scene.labels
    rows[:count, 5] = np.floor(scene.visibility.astype(np.float64) * VISIBLE)
    return rows


_SCENES = Shards("street scenes", of_scenes, 50)
