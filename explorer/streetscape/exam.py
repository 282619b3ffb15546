"""The exam's questions: crops for classifiers, and what the scenes hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.records.frame import Pixels
from explorer.records.scene import CLASSES, VOID, Scene, counted
from explorer.streetscape.dice import Dice

BACKGROUND = len(CLASSES)
CROP_CLASSES = (*CLASSES, "background")
PARTLY_HIDDEN = 0.9
DARK = ("night", "fog", "rain")
_TRIES = 40


@dataclass(frozen=True, eq=False)
class Crop:
    """A square cut-out: pixels uint8 (s, s, 3), its class index in CROP_CLASSES, its place x0 y0 x1 y1 in the scene."""

    pixels: Pixels
    label: int
    box: tuple[int, int, int, int]


def crops(scene: Scene, seed: int = 0, loose: tuple[float, float] = (1.15, 2.0), jitter: float = 0.16) -> list[Crop]:
    """One crop for every counted thing and as many of background.

    A crop's side is the longer side of the box times a number in `loose`; its centre moves by up to `jitter` of it;
    what lies beyond the frame repeats the border. A background crop holds hardly any thing; in four of five cases it
    shows a piece of clutter, framed as a thing would be.
    """
    dice = Dice(scene.seed, seed, 9)
    found: list[Crop] = []
    for k in np.flatnonzero(counted(scene)).tolist():
        x0, y0, x1, y1 = scene.boxes[k].tolist()
        side = max(x1 - x0, y1 - y0) * dice.between(*loose)
        x = (x0 + x1) / 2 + side * dice.between(-jitter, jitter)
        y = (y0 + y1) / 2 + side * dice.between(-jitter, jitter)
        found.append(cut(scene, x, y, side, int(scene.labels[k])))
    others = [_background(scene, thing, dice, loose, jitter) for thing in found]
    return found + [crop for crop in others if crop is not None]


def cut(scene: Scene, x: float, y: float, side: float, label: int) -> Crop:
    """A square of the scene round (x, y); its border repeats where the square leaves the frame."""
    height, width = scene.size
    n = max(int(side + 0.5), 4)
    left, top = int(x - n / 2), int(y - n / 2)
    rows = np.clip(np.arange(top, top + n), 0, height - 1)
    columns = np.clip(np.arange(left, left + n), 0, width - 1)
    return Crop(scene.picture[rows[:, None], columns[None, :]], label, (left, top, left + n, top + n))


def _background(scene: Scene, like: Crop, dice: Dice, loose: tuple[float, float], jitter: float) -> Crop | None:
    """A crop of no thing: of a piece of clutter four times in five, else of anywhere in the size of a thing's crop."""
    height, width = scene.size
    side = min(like.box[2] - like.box[0], height, width)
    clutter = np.argwhere(scene.label_map == VOID) if dice.chance(0.8) else np.zeros((0, 2), np.int64)
    for attempt in range(_TRIES):
        if len(clutter) and attempt < _TRIES // 2:
            row, column = clutter[int(dice.unit() * len(clutter))].tolist()
            x0, x1 = _run(scene.label_map[row] == VOID, column)
            y0, y1 = _run(scene.label_map[:, column] == VOID, row)
            n = max(x1 - x0, y1 - y0, 12) * dice.between(*loose)
            x, y = (x0 + x1) / 2 + n * dice.between(-jitter, jitter), (y0 + y1) / 2 + n * dice.between(-jitter, jitter)
        else:
            n = max(side * (1 - 0.6 * attempt / _TRIES), 12.0)
            x, y = dice.between(0.3 * n, width - 0.3 * n), dice.between(0.3 * n, height - 0.3 * n)
        if n < 1.2 * max(height, width) and _empty(scene, x, y, n):
            return cut(scene, x, y, n, BACKGROUND)
    return None


def _run(line: NDArray[np.bool_], at: int) -> tuple[int, int]:
    """Start and end of the run of true values round a place."""
    stops = np.flatnonzero(~line)
    after = int(np.searchsorted(stops, at))
    return int(stops[after - 1]) + 1 if after else 0, int(stops[after]) if after < len(stops) else len(line)


def _empty(scene: Scene, x: float, y: float, side: float) -> bool:
    """Whether a square holds next to nothing of any thing."""
    x0, y0, x1, y1 = int(x - side / 2), int(y - side / 2), int(x + side / 2), int(y + side / 2)
    part = scene.instances[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
    if not part.size or np.count_nonzero(part) > 0.06 * part.size:
        return False
    inside = np.bincount(part.ravel(), minlength=len(scene.labels) + 1)[1:]
    whole = np.bincount(scene.instances.ravel(), minlength=len(scene.labels) + 1)[1:]
    return not bool((inside > 0.25 * np.maximum(whole, 1)).any())


def statistics(scenes: Iterable[Scene]) -> dict[str, object]:
    """What scenes hold: things by class, size (area, limits of COCO), visibility, weather; hidden and dark shares."""
    by_class, weather, sizes, seen, per_scene = (
        Counter[str](),
        Counter[str](),
        Counter[str](),
        Counter[str](),
        Counter[int](),
    )
    total = kept = hidden = 0
    for scene in scenes:
        weather[scene.weather] += 1
        per_scene[len(scene.labels)] += 1
        total += len(scene.labels)
        keep = counted(scene)
        kept += int(keep.sum())
        hidden += int((scene.visibility < PARTLY_HIDDEN).sum())
        by_class.update(name for name, k in zip(scene.names, keep, strict=True) if k)
        sides = scene.boxes[keep, 2:] - scene.boxes[keep, :2]
        sizes.update(_size_name(float(area)) for area in sides[:, 0] * sides[:, 1])
        seen.update(f"{min(int(v * 4), 3) * 25}-{min(int(v * 4), 3) * 25 + 25} %" for v in scene.visibility.tolist())
    count = sum(per_scene.values())
    return {
        "scenes": count,
        "things": total,
        "counted": kept,
        "least_things": min(per_scene),
        "most_things": max(per_scene),
        "by_class": {name: by_class[name] for name in CLASSES},
        "by_size": dict(sorted(sizes.items())),
        "by_visibility": dict(sorted(seen.items())),
        "weather": dict(sorted(weather.items())),
        "partly_hidden": hidden / max(total, 1),
        "dark": sum(weather[name] for name in DARK) / max(count, 1),
    }


def _size_name(area: float) -> str:
    return "small" if area < 32**2 else "medium" if area < 96**2 else "large"


def faults(scene: Scene, wholes: NDArray[np.int64] | None = None) -> list[str]:
    """Everything that is wrong with a scene's truth, recomputed with plain loops; empty when all agrees."""
    found = []
    for k, label in enumerate(scene.labels.tolist()):
        mask = scene.instances == k + 1
        if not mask.any():
            found.append(f"thing {k} has no pixel")
            continue
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        bounds = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
        if scene.boxes[k].tolist() != [float(v) for v in bounds]:
            found.append(f"thing {k} has box {scene.boxes[k].tolist()}, its mask spans {bounds}")
        if not bool((scene.label_map[mask] == label).all()):
            found.append(f"thing {k} lies on pixels of another label")
        if wholes is not None and abs(float(scene.visibility[k]) - mask.sum() / wholes[k]) > 1e-6:
            found.append(f"thing {k} has visibility {scene.visibility[k]}, its pixels say {mask.sum() / wholes[k]}")
    if bool(((scene.label_map < len(CLASSES)) != (scene.instances > 0)).any()):
        found.append("pixels of a thing's label that belong to no thing, or the reverse")
    return found
