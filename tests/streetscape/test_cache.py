"""Scenes on disk: whole files, resumed work, the same arrays back."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from explorer.errors import Failure, Mistake
from explorer.records.question import Progress
from explorer.records.scene import Scene
from explorer.streetscape import cache
from explorer.streetscape.cache import entries, prerender, read_scene, write_scene

SIZE = (96, 128)


def test_a_scene_survives_the_disk(scenes: list[Scene], tmp_path: Path) -> None:
    scene = scenes[0]
    entry = json.loads(json.dumps(write_scene(scene, tmp_path)))
    assert set(entry) >= {"image", "boxes", "labels", "visibility", "mask", "instances"}
    assert cv2.imread(str(tmp_path / entry["image"]))[0, 0].tolist() == scene.picture[0, 0, ::-1].tolist()
    back = read_scene(entry, tmp_path)
    for name in ("picture", "boxes", "labels", "instances", "label_map"):
        assert np.array_equal(getattr(back, name), getattr(scene, name)), name
    assert np.allclose(back.visibility, scene.visibility, atol=1e-6)
    assert not list(tmp_path.glob("*.part"))


def test_written_bytes_are_equal_each_time(scenes: list[Scene], tmp_path: Path) -> None:
    first, second = write_scene(scenes[1], tmp_path / "a"), write_scene(scenes[1], tmp_path / "b")
    assert first == second
    for key in ("image", "mask", "instances"):
        assert (tmp_path / "a" / str(first[key])).read_bytes() == (tmp_path / "b" / str(second[key])).read_bytes()


def test_a_cache_is_rendered_once_and_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "SHARD", 4)
    rendered: list[int] = []
    real = cache.render

    def spy(seed: int, *rest: object) -> Scene:
        rendered.append(seed)
        return real(seed, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(cache, "render", spy)
    work = prerender(tmp_path, range(2, 12), SIZE)
    for _ in range(5):
        next(work)
    work.close()
    assert rendered == [2, 3, 4, 5]
    last = list(prerender(tmp_path, range(2, 12), SIZE))[-1]
    assert last == Progress("scenes", 10, 10)
    assert sorted(set(rendered)) == list(range(2, 12)) and rendered.count(2) == 1
    rendered.clear()
    list(prerender(tmp_path, range(2, 12), SIZE))
    assert rendered == []
    found = [(entry["seed"], read_scene(entry, home).size) for entry, home in entries(tmp_path)]
    assert found == [(seed, SIZE) for seed in range(2, 12)]


def test_a_cache_of_other_scenes_is_refused(tmp_path: Path) -> None:
    list(prerender(tmp_path, range(1), SIZE))
    with pytest.raises(Mistake, match="another size"):
        list(prerender(tmp_path, range(1), (128, 128)))


def test_a_missing_file_is_said(scenes: list[Scene], tmp_path: Path) -> None:
    entry = write_scene(scenes[0], tmp_path)
    (tmp_path / str(entry["image"])).unlink()
    with pytest.raises(Mistake, match="cannot be read"):
        read_scene(entry, tmp_path)


def test_a_full_disk_is_said(scenes: list[Scene], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Failure, match="No space left"):
        write_scene(scenes[0], tmp_path)
