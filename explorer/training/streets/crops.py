"""Street things to classify: the exam's kind of crops, and whole scenes with one thing that stands out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.errors import Mistake
from explorer.records.frame import Pixels
from explorer.records.question import Progress
from explorer.records.scene import Scene
from explorer.streetscape.dice import Dice
from explorer.streetscape.exam import crops
from explorer.streetscape.render import render
from explorer.streetscape.seeds import TRAIN, VALIDATE
from explorer.training.augment import centre
from explorer.training.data import Arrays, Batch
from explorer.training.shards import Labelled, Shards, together

SIDE = 72
STANDS_OUT = 0.03
PORTRAITS = 500_000
LARGEST_PORTRAIT = 0.25


@dataclass(frozen=True)
class StreetCrops:
    """Square pictures of 72x72 to train on, 64x64 to validate on.

    scenes: how many training scenes, from seed 0, are cut into crops; portraits: how many training scenes, from seed
    500,000, hold one large thing and are seen whole; held_out: how many validation scenes are cut into crops.
    """

    scenes: int
    portraits: int
    held_out: int

    def __post_init__(self) -> None:
        if not 0 < self.scenes <= PORTRAITS or not 0 < self.portraits <= len(TRAIN) - PORTRAITS:
            raise Mistake(f"Between 1 and {PORTRAITS} scenes and portraits can be trained on: choose others.")
        if not 0 < self.held_out <= len(VALIDATE):
            raise Mistake(f"Between 1 and {len(VALIDATE)} scenes can be held out: choose others.")

    def sentence(self) -> str:
        """What a card says."""
        return (
            f"Crops of Streetscape's scenes at {SIDE}x{SIDE}: one of each counted thing and as many of background, and "
            f"the whole scene where one thing stands out, of seeds 0 to {self.scenes - 1}; whole scenes of one large "
            f"thing, seeds {PORTRAITS} to {PORTRAITS + self.portraits - 1}; validated on the crops of seeds "
            f"{VALIDATE.start} to {VALIDATE.start + self.held_out - 1}. No photograph was trained on."
        )

    def prepare(self, folder: Path) -> Iterator[Progress]:
        """Draw and cut what is not there, or was drawn by another version of the code."""
        yield from _SCENES.prepare(folder, [range(self.scenes)])
        yield from _PORTRAITS.prepare(folder, [range(PORTRAITS, PORTRAITS + self.portraits)])
        yield from _HELD_OUT.prepare(folder, [self._held_out])

    def open(self, folder: Path, batch: int) -> Arrays:
        """All of them in memory. Raises Mistake where a shard is missing."""
        scenes = _SCENES.parts(folder, range(self.scenes))
        portraits = _PORTRAITS.parts(folder, range(PORTRAITS, PORTRAITS + self.portraits))
        pictures, labels = together([*scenes, *portraits])
        return Arrays(Batch(pictures, labels), centre(Batch(*_HELD_OUT.read(folder, self._held_out))), batch)

    @property
    def _held_out(self) -> range:
        return range(VALIDATE.start, VALIDATE.start + self.held_out)


def squashed(picture: Pixels) -> Pixels:
    """A picture at 72x72, its sides by their own factors, as the bundled classifiers see it."""
    return np.asarray(Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def standing_out(scene: Scene) -> int | None:
    """The label of the one thing that covers 3 % of the picture and twice what any thing of another class does."""
    areas = np.bincount(scene.instances.ravel(), minlength=len(scene.labels) + 1)[1:] / scene.instances.size
    if not len(areas):
        return None
    label = int(scene.labels[areas.argmax()])
    others = areas[scene.labels != label]
    return label if areas.max() >= STANDS_OUT and areas.max() >= 2 * others.max(initial=0.0) else None


def of_scenes(seeds: range) -> Labelled:
    """The crops of scenes, and the scenes themselves where one thing stands out."""
    found = []
    for seed in seeds:
        scene = render(seed)
        found += _cut(scene)
        label = standing_out(scene)
        if label is not None:
            found.append((squashed(scene.picture), label))
    return _stacked(found)


def of_held_out(seeds: range) -> Labelled:
    """The crops of scenes as the exam cuts them."""
    return _stacked([pair for seed in seeds for pair in _cut(render(seed))])


def of_portraits(seeds: range) -> Labelled:
    """Whole scenes that hold one thing, its box between 2 and 25 % of the picture at least."""
    found = []
    for seed in seeds:
        share = 0.02 + (LARGEST_PORTRAIT - 0.02) * Dice(seed, 0, 3).unit() ** 2
        scene = render(seed, min_area=share)
        found.append((squashed(scene.picture), int(scene.labels[0])))
    return _stacked(found)


def _cut(scene: Scene) -> list[tuple[Pixels, int]]:
    return [(squashed(crop.pixels), crop.label) for crop in crops(scene)]


def _stacked(found: list[tuple[Pixels, int]]) -> Labelled:
    pictures = np.stack([pixels for pixels, _ in found]) if found else np.empty((0, SIDE, SIDE, 3), np.uint8)
    return pictures, np.asarray([label for _, label in found], np.int64)


_SCENES = Shards("street crops", of_scenes, 100)
_PORTRAITS = Shards("street portraits", of_portraits, 100)
_HELD_OUT = Shards("held-out street crops", of_held_out, 100)
