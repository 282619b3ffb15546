"""Visitors' videos: apart from each other, within bounds, and soon gone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from explorer.errors import Failure, Mistake
from explorer.sources.video.about import VideoLimits
from explorer.sources.video.shelf import MOST_ITEMS, Shelf


def full(shelf: Shelf, name: str = "a.mp4", size: int = 100) -> str:
    item = shelf.open(name)
    shelf.grow(item, size)
    item.source.write_bytes(bytes(size))
    return item.id


def test_each_has_a_folder_of_its_own_that_goes_with_it() -> None:
    shelf = Shelf()
    one, other = full(shelf), full(shelf)
    places = [shelf.get(key).folder for key in (one, other)]
    assert one != other and len(one) >= 32 and places[0] != places[1] and not str(places[0]).count(one)
    assert places[0].stat().st_mode & 0o077 == 0
    shelf.drop(one)
    assert not places[0].exists() and places[1].exists()
    with pytest.raises(Mistake, match="no longer here"):
        shelf.get(one)
    shelf.drop(one)
    shelf.close()
    assert not places[1].parent.exists()


def test_what_nobody_uses_goes_by_itself() -> None:
    shelf = Shelf(kept_s=0.3)
    folder = shelf.get(full(shelf)).folder
    held = full(shelf)
    with shelf.held(held) as item:
        deadline = time.monotonic() + 20
        while folder.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not folder.exists() and item.folder.exists()  # what is worked on stays
    shelf.close()


def test_what_is_dropped_while_it_is_worked_on_stops_and_goes_when_that_ends() -> None:
    shelf = Shelf()
    key = full(shelf)
    with shelf.held(key) as item:
        shelf.drop(key)
        assert item.stop.is_set() and item.folder.exists()
    assert not item.folder.exists()
    shelf.close()


def test_one_and_all_have_a_limit() -> None:
    shelf = Shelf(VideoLimits(max_bytes=150), quota=250)
    first = shelf.get(full(shelf))
    with pytest.raises(Mistake, match=r"more than 0\.00015 MB"):
        shelf.grow(first, 51)
    second = shelf.get(full(shelf))
    shelf.grow(second, 50)
    with pytest.raises(Failure, match="fill what this server has"):
        shelf.grow(first, 1)
    shelf.drop(second.id)
    shelf.grow(first, 1)
    for _ in range(MOST_ITEMS - 1):
        shelf.open("more")
    with pytest.raises(Failure, match="as many videos here"):
        shelf.open("one too many")
    shelf.close()


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import explorer.sources.video.shelf as module

    monkeypatch.setattr(module, "LEAST_FREE", 10**18)
    shelf = Shelf()
    with pytest.raises(Failure, match="no room for a video"):
        full(shelf)
    shelf.close()
