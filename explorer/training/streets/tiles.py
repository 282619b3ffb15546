"""Street scenes to slide a window over: tiles of them at many scales, and what each place of a tile is to learn.

Sermanet et al., OverFeat, ICLR 2014, arXiv:1312.6229, sections 4.2 and 5: many places of a picture are trained at once,
a place where a thing is not well inside the window is background.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explorer.errors import Mistake
from explorer.records.frame import Pixels
from explorer.records.question import Progress
from explorer.records.scene import Scene, counted
from explorer.streetscape.dice import Dice
from explorer.streetscape.exam import BACKGROUND
from explorer.streetscape.render import render
from explorer.streetscape.seeds import TRAIN, VALIDATE
from explorer.training.data import Batch
from explorer.training.shards import Labelled, Shards

WINDOW, STRIDE, PLACES = 79, 8, 13
SIDE = WINDOW + (PLACES - 1) * STRIDE
A_SCENE = 6
SCALES = 0.165, 1.7
"""The smallest makes a scene of 480 pixels just as high as the window."""
FITS, NEARLY_FITS = (0.36, 0.88), (0.28, 1.1)
"""The longer side of a thing in windows' sides."""
CENTRED, NEARLY_CENTRED = 0.11, 0.24
"""How far a thing's middle lies from the window's, in windows' sides."""
MOST_THINGS, PART = 16, 16
"""Rows kept for a tile; coordinates are kept in sixteenths of a pixel."""
IGNORED, NOBODY = -1, -2
FILL = 114


@dataclass(frozen=True)
class StreetTiles:
    """Tiles of 175x175 of scenes at 480x640, resized by a factor between .165 and 1.7: 13x13 windows of 79 pixels each.

    scenes: how many training scenes, from seed 0, are cut into six tiles each; held_out: how many validation scenes.
    """

    scenes: int
    held_out: int

    def __post_init__(self) -> None:
        if not 0 < self.scenes <= len(TRAIN) or not 0 < self.held_out <= len(VALIDATE):
            raise Mistake(f"Between 1 and {len(TRAIN)} scenes can be cut, {len(VALIDATE)} held out: choose others.")

    def sentence(self) -> str:
        """What a card says."""
        return (
            f"{A_SCENE} tiles of {SIDE}x{SIDE} of each of Streetscape's scenes 0 to {self.scenes - 1} at {SCALES[0]} "
            f"to {SCALES[1]} times their size, {PLACES}x{PLACES} windows in each; validated on tiles of scenes "
            f"{VALIDATE.start} to {VALIDATE.start + self.held_out - 1}. No photograph was trained on."
        )

    def prepare(self, folder: Path) -> Iterator[Progress]:
        """Draw and cut what is not there, or was drawn by another version of the code."""
        yield from _TILES.prepare(folder, [range(self.scenes)])
        yield from _TILES.prepare(folder, [self._held_out])

    def open(self, folder: Path, batch: int) -> Tiles:
        """All of them in memory. Raises Mistake where a shard is missing."""
        return Tiles(_TILES.read(folder, range(self.scenes)), _TILES.read(folder, self._held_out), batch)

    @property
    def _held_out(self) -> range:
        return range(VALIDATE.start, VALIDATE.start + self.held_out)


class Tiles:
    """Tiles uint8 (n, 175, 175, 3) in batches whose targets are (labels, boxes) of all their places.

    labels: int64 (n, 13, 13), IGNORED where nothing is to be learnt; boxes: float32 (n, 4, 13, 13), see `targets`.
    """

    def __init__(self, train: Labelled, held_out: Labelled, batch: int) -> None:
        if len(train[0]) < batch:
            raise Mistake(f"A batch of {batch} was wanted of {len(train[0])} tiles: choose a smaller batch.")
        self._train, self._held_out, self._batch = train, held_out, batch

    @property
    def steps(self) -> int:
        """Training batches in one epoch: whole ones only."""
        return len(self._train[0]) // self._batch

    def train_batches(self, epoch: int, rng: np.random.Generator, first: int = 0) -> Iterator[Batch]:
        """A permutation of the tiles drawn from `rng`, every other one, by chance, seen in a mirror."""
        order: NDArray[np.int64] = rng.permutation(len(self._train[0]))
        turned: NDArray[np.bool_] = rng.random(len(order)) < 0.5
        for step in range(first, self.steps):
            part = order[step * self._batch : (step + 1) * self._batch]
            yield _batch(self._train, part, turned[part])

    def validation(self) -> Iterator[Batch]:
        """In their order, the last batch perhaps smaller."""
        count = len(self._held_out[0])
        for start in range(0, count, self._batch):
            part = np.arange(start, min(start + self._batch, count))
            yield _batch(self._held_out, part, np.zeros(len(part), np.bool_))


def _batch(tiles: Labelled, part: NDArray[np.int64], turned: NDArray[np.bool_]) -> Batch:
    pictures, rows = tiles[0][part], tiles[1][part]
    pictures[turned] = pictures[turned, :, ::-1]
    rows[turned] = mirrored(rows[turned])
    labels, boxes = zip(*(targets(one) for one in rows), strict=True)
    return Batch(pictures, (np.stack(labels), np.stack(boxes)))


def mirrored(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """What is true of tiles seen in a mirror."""
    made = rows.copy()
    made[..., 0], made[..., 2] = SIDE * PART - rows[..., 2], SIDE * PART - rows[..., 0]
    return made


def targets(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """What every place of a tile is to learn.

    rows: int64 (16, 6) as `of_scenes` writes them. Returns int64 (13, 13), the class of the thing that fits the window
    and is in its middle, BACKGROUND, or IGNORED for what is neither or lies outside the picture; float32 (4, 13, 13),
    that thing's x0 y0 x1 y1 in windows' sides from the window's centre, 0 where there is none.
    """
    edges = rows[:, :4] / PART
    x0, y0, x1, y1 = edges[0]
    starts = np.arange(PLACES) * STRIDE
    middles = starts + WINDOW / 2
    across, down = ((starts >= low) & (starts + WINDOW <= high) for low, high in ((x0, x1), (y0, y1)))
    labels = np.where(down[:, None] & across[None], BACKGROUND, IGNORED)
    boxes = np.zeros((4, PLACES, PLACES), np.float32)
    nearest = np.full(labels.shape, np.inf)
    for box, (label, counts) in zip(edges[1:], rows[1:, 4:].tolist(), strict=True):
        if label == NOBODY:
            continue
        size = max(box[2] - box[0], box[3] - box[1]) / WINDOW
        # at the picture's border the window cannot come nearer to a thing than its own half side
        x = np.clip((box[0] + box[2]) / 2, x0 + WINDOW / 2, max(x1 - WINDOW / 2, x0 + WINDOW / 2))
        y = np.clip((box[1] + box[3]) / 2, y0 + WINDOW / 2, max(y1 - WINDOW / 2, y0 + WINDOW / 2))
        off = np.maximum(np.abs(middles[:, None] - y), np.abs(middles[None] - x)) / WINDOW
        near = (off <= NEARLY_CENTRED) & (labels == BACKGROUND)
        if not counts or NEARLY_FITS[0] <= size <= NEARLY_FITS[1]:
            labels[near] = IGNORED
        fits = (off <= CENTRED) & (off < nearest) & (down[:, None] & across[None])
        if counts and FITS[0] <= size <= FITS[1] and fits.any():
            nearest[fits], labels[fits] = off[fits], label
            from_middle = (box[:, None, None] - _middles(middles)) / WINDOW
            boxes[:, fits] = from_middle[:, fits]
    return labels.astype(np.int64), boxes


def _middles(middles: NDArray[Any]) -> NDArray[Any]:
    """(4, 13, 13): x y x y of every window's centre."""
    y, x = np.meshgrid(middles, middles, indexing="ij")
    return np.stack([x, y, x, y])


def of_scenes(seeds: range) -> Labelled:
    """Six tiles of each scene, uint8 (n, 175, 175, 3), and int64 (n, 16, 6) what is true of them.

    Row 0: x0 y0 x1 y1 of the whole picture from the tile's corner, in sixteenths of a pixel; then one row a thing: its
    box, class, and 1 where it counts; NOBODY in the class of rows that are left over.
    """
    found = []
    for seed in seeds:
        scene = render(seed, (480, 640))
        dice = Dice(seed, 0, 11)
        found += [_tile(scene, dice) for _ in range(A_SCENE)]
    return np.stack([tile for tile, _ in found]), np.stack([rows for _, rows in found])


def _tile(scene: Scene, dice: Dice) -> tuple[Pixels, NDArray[np.int64]]:
    """Round a thing that fits the window at a chosen scale, three times in four; else anywhere at any scale."""
    counts = counted(scene)
    smallest, largest = SCALES
    scale = math.exp(dice.between(math.log(smallest), math.log(largest)))
    x, y = dice.unit() * scene.size[1], dice.unit() * scene.size[0]
    if counts.any() and dice.chance(0.75):
        known = np.flatnonzero(counts)
        box = scene.boxes[known[int(dice.unit() * len(known))]].astype(np.float64)
        fills = dice.between(*FITS) * WINDOW
        scale = float(np.clip(fills / max(box[2] - box[0], box[3] - box[1]), smallest, largest))
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    height, width = (max(WINDOW, round(side * scale)) for side in scene.size)
    image = Image.fromarray(scene.picture).resize((width, height), Image.Resampling.BILINEAR)
    left, top = (
        min(max(0, round(middle * scale - SIDE / 2 + dice.between(-45, 45))), max(0, whole - SIDE))
        for middle, whole in ((x, width), (y, height))
    )
    tile = np.full((SIDE, SIDE, 3), FILL, np.uint8)
    part = np.asarray(image)[top : top + SIDE, left : left + SIDE]
    tile[: part.shape[0], : part.shape[1]] = part
    rows = np.full((MOST_THINGS, 6), NOBODY, np.int64)
    rows[0, :4] = np.array([-left, -top, width - left, height - top]) * PART
    boxes = scene.boxes * np.tile([width / scene.size[1], height / scene.size[0]], 2) - np.tile([left, top], 2)
    count = len(scene.labels)
    rows[1 : count + 1, :4] = np.rint(boxes * PART)
    rows[1 : count + 1, 4], rows[1 : count + 1, 5] = scene.labels, counts
    return tile, rows


_TILES = Shards("street tiles", of_scenes, 50)
