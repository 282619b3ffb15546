"""Pictures are made once, by every core, and again only where the code makes others."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.training.shards import Labelled, Shards


def squares(seeds: range) -> Labelled:
    """As many 2x2 pictures as the seed has ones, all of its value."""
    labels = np.repeat(np.array(seeds, np.int64), [seed.bit_count() for seed in seeds])
    return np.broadcast_to(labels.astype(np.uint8)[:, None, None], (len(labels), 2, 2)).copy(), labels


def darker(seeds: range) -> Labelled:
    pictures, labels = squares(seeds)
    return pictures // 2, labels


def written(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def test_shards_are_made_once_unless_the_code_makes_others(tmp_path: Path) -> None:
    shards = Shards("some squares", squares, 4)
    told = list(shards.prepare(tmp_path, [range(10), range(100, 103)]))
    assert [step.done for step in told] == sorted(step.done for step in told)
    assert told[0].done == 0 and told[-1].done == told[-1].total == 13 and "some squares" in told[0].text
    first = written(tmp_path)
    assert sorted(first) == [f"some-squares-{a:08d}-{b:08d}.npz" for a, b in ((0, 4), (4, 8), (8, 10), (100, 103))]
    assert [step.done for step in shards.prepare(tmp_path, [range(10)])] == [10] and written(tmp_path) == first
    pictures, labels = shards.read(tmp_path, range(10))
    assert np.array_equal(labels, squares(range(10))[1]) and np.array_equal(pictures, squares(range(10))[0])
    (tmp_path / "some-squares-00000004-00000008.npz").unlink()
    list(shards.prepare(tmp_path, [range(10)]))
    again = written(tmp_path)
    assert again.keys() == first.keys() and [name for name in first if again[name] != first[name]] == [
        "some-squares-00000004-00000008.npz"
    ]
    changed = replace(shards, make=darker)
    list(changed.prepare(tmp_path, [range(10)]))
    assert np.array_equal(changed.read(tmp_path, range(10))[0], pictures // 2)


def test_one_core_makes_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    shards = Shards("squares", squares, 3)
    list(shards.prepare(tmp_path, [range(7)]))
    assert np.array_equal(shards.read(tmp_path, range(7))[1], squares(range(7))[1])


def test_being_broken_off_leaves_whole_shards_or_none(tmp_path: Path) -> None:
    shards = Shards("squares", squares, 2)
    steps = shards.prepare(tmp_path, [range(40)])
    for _ in range(3):
        next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert len(list(tmp_path.iterdir())) >= 2 and not list(tmp_path.glob("*.part"))
    assert list(shards.prepare(tmp_path, [range(40)]))[-1].fraction == 1
    assert np.array_equal(shards.read(tmp_path, range(40))[1], squares(range(40))[1])


def test_a_missing_or_damaged_shard_is_named(tmp_path: Path) -> None:
    shards = Shards("squares", squares, 4)
    with pytest.raises(Mistake, match=r"squares-00000000-00000004\.npz"):
        shards.read(tmp_path, range(4))
    (tmp_path / "squares-00000000-00000004.npz").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(Mistake, match="delete it and train again"):
        shards.read(tmp_path, range(4))
