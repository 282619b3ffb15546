"""Scenes on disk: one scene as PNG files and a truth entry, or many rendered once for training."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from explorer.errors import Failure, Mistake
from explorer.records.frame import Size
from explorer.records.question import Progress
from explorer.records.scene import CLASSES, Scene
from explorer.streetscape.render import render

Entry = dict[str, object]
SHARD = 100
MANIFEST = "cache.json"


def _write(path: Path, image: NDArray[np.uint8] | NDArray[np.uint16], effort: int) -> str:
    """Write a PNG beside its name first, so that no half file ever bears it."""
    ok, data = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, effort])
    if not ok:
        raise Failure(f"{path.name} could not be encoded: is there memory left?")
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(data.tobytes())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Failure(f"{path} could not be written ({error.strerror}): make room or choose another folder.") from error
    return path.name


def write_scene(scene: Scene, folder: Path, effort: int = 6) -> Entry:
    """Write a scene's picture, label map (8-bit index) and instance map (16-bit index) as PNG; returns its truth entry.

    The entry's file names are relative to the folder. mask: the label map, indices into SEMANTIC, 255 void.
    instances: 0 for none, i + 1 for thing i.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"scene-{scene.seed:07d}"
    return {
        "image": _write(folder / f"{stem}.png", np.ascontiguousarray(scene.picture[..., ::-1]), effort),
        "boxes": scene.boxes.tolist(),
        "labels": list(scene.names),
        "visibility": [round(float(v), 6) for v in scene.visibility],
        "mask": _write(folder / f"{stem}-labels.png", scene.label_map, effort),
        "instances": _write(folder / f"{stem}-instances.png", scene.instances.astype(np.uint16), effort),
        "weather": scene.weather,
        "seed": scene.seed,
        "difficulty": scene.difficulty,
    }


def read_scene(entry: Entry, folder: Path) -> Scene:
    """The scene of a truth entry, checked as any other."""
    picture = _read(folder / str(entry["image"]), cv2.IMREAD_COLOR)[..., ::-1]
    names, boxes = list(entry["labels"]), entry["boxes"]  # type: ignore[call-overload]
    instances = _read(folder / str(entry["instances"]), cv2.IMREAD_UNCHANGED).astype(np.int32)
    return Scene(
        np.ascontiguousarray(picture),
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array([CLASSES.index(n) for n in names], np.int64),
        np.array(entry["visibility"], np.float32),
        instances,
        _read(folder / str(entry["mask"]), cv2.IMREAD_UNCHANGED),
        str(entry["weather"]),
        int(str(entry["seed"])),
        str(entry["difficulty"]),
    )


def _read(path: Path, flags: int) -> NDArray[np.uint8]:
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise Mistake(f"{path} cannot be read ({error.strerror}): render the cache again.") from error
    image = cv2.imdecode(data, flags)
    if image is None:
        raise Mistake(f"{path} is not a picture: delete its folder and render the cache again.")
    return image  # type: ignore[return-value]


def prerender(folder: Path, seeds: range, size: Size = (256, 256), difficulty: str = "normal") -> Iterator[Progress]:
    """Render every seed once into shards of a folder; shards that are there already are kept, so it resumes.

    A shard appears whole or not at all. Raises Mistake where the folder holds a cache of other scenes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _agree(folder, {"size": list(size), "difficulty": difficulty, "shard": SHARD})
    done = 0
    yield Progress("scenes", 0, len(seeds))
    for start in range(seeds.start - seeds.start % SHARD, seeds.stop, SHARD):
        wanted = range(max(start, seeds.start), min(start + SHARD, seeds.stop))
        home = folder / f"{wanted.start:07d}-{wanted.stop:07d}"
        if (home / "truth.json").exists():
            done += len(wanted)
            yield Progress("scenes", done, len(seeds))
            continue
        draft = folder / f".draft-{os.getpid()}-{wanted.start}"
        shutil.rmtree(draft, ignore_errors=True)
        entries = []
        for seed in wanted:
            entries.append(write_scene(render(seed, size, difficulty), draft, effort=1))
            done += 1
            yield Progress("scenes", done, len(seeds))
        (draft / "truth.json").write_text(json.dumps(entries))
        shutil.rmtree(home, ignore_errors=True)
        draft.replace(home)


def _agree(folder: Path, wanted: dict[str, object]) -> None:
    path = folder / MANIFEST
    if not path.exists():
        path.write_text(json.dumps(wanted))
    elif json.loads(path.read_text()) != wanted:
        raise Mistake(f"{folder} holds scenes of another size or difficulty: choose an empty folder.")


def entries(folder: Path) -> Iterator[tuple[Entry, Path]]:
    """All truth entries of a cache, each with the folder its files are in."""
    for truth in sorted(folder.glob("*/truth.json")):
        for entry in json.loads(truth.read_text()):
            yield entry, truth.parent
