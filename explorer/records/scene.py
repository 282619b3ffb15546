"""A street scene and all that is true about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.arrays import settle
from explorer.records.frame import Frame, Pixels, Size
from explorer.records.truth import Truth

CLASSES = ("person", "bicycle", "car", "bus", "truck", "boat", "bird", "cat", "dog", "traffic light")
STUFF = ("sky", "building", "vegetation", "road", "sidewalk", "water")
SEMANTIC = CLASSES + STUFF
VOID = 255
DIFFICULTIES = ("easy", "normal", "hard")
LEAST_SIDE = 12
LEAST_VISIBILITY = 0.25


@dataclass(frozen=True, eq=False)
class Scene:
    """One rendered picture with its exact truth; n things, nearest last.

    picture: uint8 (h, w, 3) RGB. boxes: float32 (n, 4), x0 y0 x1 y1 in pixels, the bounds of the visible mask with x1
    and y1 exclusive. labels: int64 (n,), indices into CLASSES. visibility: float32 (n,) in (0, 1], visible pixels
    divided by the pixels of the whole thing with nothing before it, the part beyond the frame included: both occlusion
    and truncation lower it. instances: int32 (h, w), 0 where no thing is, i + 1 on the visible pixels of thing i.
    label_map: uint8 (h, w), indices into SEMANTIC, VOID on unlabelled clutter. weather: name of the light. Raises
    Mistake for arrays that disagree.
    """

    picture: Pixels
    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    visibility: NDArray[np.float32]
    instances: NDArray[np.int32]
    label_map: NDArray[np.uint8]
    weather: str
    seed: int
    difficulty: str

    def __post_init__(self) -> None:
        height, width = self.picture.shape[:2]
        n = len(self.labels)
        wanted: dict[str, tuple[type, tuple[int, ...]]] = {
            "picture": (np.uint8, (height, width, 3)),
            "boxes": (np.float32, (n, 4)),
            "labels": (np.int64, (n,)),
            "visibility": (np.float32, (n,)),
            "instances": (np.int32, (height, width)),
            "label_map": (np.uint8, (height, width)),
        }
        settle(self, wanted, "A scene's", "make scenes with render()")
        if self.difficulty not in DIFFICULTIES:
            raise Mistake(f"A scene's difficulty is one of {', '.join(DIFFICULTIES)}, got {self.difficulty!r}.")
        _check_truth(self)

    @property
    def size(self) -> Size:
        """(height, width) in pixels."""
        return self.picture.shape[0], self.picture.shape[1]

    @property
    def names(self) -> tuple[str, ...]:
        """The class of each thing, in words."""
        return tuple(CLASSES[i] for i in self.labels)

    @cached_property
    def frame(self) -> Frame:
        """The picture as any other source gives it, with its truth."""
        return Frame(self.picture, name=f"scene:{self.seed}", truth=self.truth)

    @cached_property
    def truth(self) -> Truth:
        """What is to be found in the picture."""
        return Truth(self.boxes, self.names, counted(self), f"Streetscape {self.seed}")


def mask_bounds(instances: NDArray[np.int32], count: int) -> NDArray[np.float32]:
    """Bounds (count, 4) of masks 1..count in an instance map, x1 and y1 exclusive; zeros for a mask with no pixel."""
    bounds = np.zeros((count, 4), np.float32)
    small = instances.astype(np.uint8 if count < 255 else np.uint16)
    for k in range(count):
        mask = small == k + 1
        rows = np.flatnonzero(mask.any(axis=1))
        if len(rows):
            columns = np.flatnonzero(mask[rows[0] : rows[-1] + 1].any(axis=0))
            bounds[k] = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return bounds


def _check_truth(scene: Scene) -> None:
    n = len(scene.labels)
    if n and (scene.labels.min() < 0 or scene.labels.max() >= len(CLASSES)):
        raise Mistake(f"A scene's labels lie in 0..{len(CLASSES) - 1}, got {scene.labels.min()}..{scene.labels.max()}.")
    if n and (scene.visibility.min() <= 0 or scene.visibility.max() > 1):
        raise Mistake("A scene's visibilities lie in (0, 1]: leave out things of which no pixel is seen.")
    if not np.array_equal(mask_bounds(scene.instances, n), scene.boxes):
        raise Mistake("A scene's boxes are the bounds of its masks, these differ: compute both from one instance map.")
    if scene.instances.min() < 0 or scene.instances.max() > n:
        raise Mistake(f"A scene's instance map holds 0..{n}, got {scene.instances.min()}..{scene.instances.max()}.")
    lookup = np.full(n + 1, VOID, np.uint8)
    lookup[1:] = scene.labels
    things = np.where(scene.label_map < len(CLASSES), scene.label_map, np.uint8(VOID))
    if not np.array_equal(lookup[scene.instances], things):
        raise Mistake(
            "A scene's label map names the class of every instance pixel and no thing elsewhere, these differ."
        )
    if np.any((scene.label_map >= len(SEMANTIC)) & (scene.label_map != VOID)):
        raise Mistake(f"A scene's label map holds 0..{len(SEMANTIC) - 1} and {VOID} only.")


def counted(scene: Scene) -> NDArray[np.bool_]:
    """Mask (n,) of the things an evaluator counts: both sides at least 12 px and at least a quarter visible."""
    sides = scene.boxes[:, 2:] - scene.boxes[:, :2]
    wide: NDArray[np.bool_] = sides.min(axis=1, initial=np.inf) >= LEAST_SIDE
    return wide & (scene.visibility >= LEAST_VISIBILITY)
