"""Whether scenes come out here byte for byte as they were frozen for the exam."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import numpy as np

from explorer.errors import Failure
from explorer.records.scene import Scene
from explorer.streetscape.render import render

_FILE = Path(__file__).with_name("frozen.json")


def fingerprint(scene: Scene) -> str:
    """SHA-256, in hex, of a scene's picture and all its truth."""
    digest = hashlib.sha256()
    for array in (scene.picture, scene.boxes, scene.labels, scene.visibility, scene.instances, scene.label_map):
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(scene.weather.encode())
    return digest.hexdigest()


@cache
def frozen() -> dict[int, str]:
    """The fingerprints of fifty exam scenes, by seed."""
    return {int(seed): text for seed, text in json.loads(_FILE.read_text())["scenes"].items()}


def agrees(count: int = 2) -> bool:
    """Whether the first `count` frozen scenes are drawn the same here; another OpenCV may move an edge pixel."""
    return all(fingerprint(render(seed)) == text for seed, text in list(frozen().items())[:count])


def insist() -> None:
    """Raises Failure where scenes come out otherwise: figures measured on them could not be compared."""
    if not agrees():
        with_what = json.loads(_FILE.read_text())["made_with"]
        versions = ", ".join(f"{name} {version}" for name, version in with_what.items())
        raise Failure(
            f"The exam's scenes come out differently here than they were frozen (with {versions}): install what "
            "requirements.txt pins."
        )
