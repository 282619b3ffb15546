"""The Live tab's part for whole videos, with no page around it."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any, cast

import pytest

from explorer.contract import Engine
from explorer.errors import ExplorerError, Mistake
from explorer.sources.video.about import VideoLimits
from explorer.sources.video.shelf import Shelf
from explorer.tabs import words
from explorer.tabs.live_video import AT_ONCE, length, pace, told
from explorer.whole_video import Pace
from tests.films import contents, film
from tests.looks import Looks


@pytest.fixture
def shelf() -> Any:
    made = Shelf(VideoLimits(seconds=0.5))
    yield made
    made.close()


def brought(shelf: Shelf, path: Path, name: str = "walk.mp4") -> str:
    item = shelf.open(name)
    item.source.write_bytes(path.read_bytes())
    return item.id


def said(engine: Any, shelf: Shelf, key: str, view: str = "picture", turns: Any = None) -> list[str]:
    turns = turns or threading.BoundedSemaphore(AT_ONCE)
    return list(told(cast(Engine, engine), shelf, turns, key, (view, "", "fp32", ""), "visitor"))


def test_how_far_it_is_and_then_the_film_with_its_numbers(tmp_path: Path, shelf: Shelf) -> None:
    key = brought(shelf, film(tmp_path / "in.mp4", 9), "<b>walk</b>.mp4")
    *before, last = said(Looks(), shelf, key)
    assert before and all("<progress" in html for html in before)
    assert f'src="video/{key}.mp4?' in last and 'data-frames="5"' in last and f'href="video/{key}.mp4?save"' in last
    assert "9 pictures in" not in last and "5 pictures in, 5 out, 0.5 s, 64 × 48" in last and "cut after 0.5 s" in last
    item = shelf.get(key)
    assert contents(item.made)["numbers"] == [0, 1, 2, 3, 4] and item.held == 0
    assert item.size == item.source.stat().st_size + item.made.stat().st_size
    assert "?of=" in said(Looks(), shelf, key)[-1]  # again, and a browser's cache is not asked


def test_a_stop_keeps_what_is_done(tmp_path: Path, shelf: Shelf) -> None:
    key = brought(shelf, film(tmp_path / "in.mp4", 9))
    item = shelf.get(key)
    item.stop.set()  # an old one does not count

    class Stops(Looks):
        def stream(self, *given: Any, **more: Any) -> Any:
            for number, pair in enumerate(super().stream(*given, **more)):
                if number == 2:
                    item.stop.set()
                yield pair

    assert "stopped after 3 pictures" in said(Stops(), shelf, key)[-1]


def test_only_so_many_at_once_and_the_others_wait(tmp_path: Path, shelf: Shelf) -> None:
    key, turns = brought(shelf, film(tmp_path / "in.mp4", 3)), threading.BoundedSemaphore(1)
    turns.acquire()
    threading.Timer(1.5, turns.release).start()
    got = said(Looks(), shelf, key, turns=turns)
    assert "yours is next" in got[0] and "video-film" in got[-1]
    with pytest.raises(ExplorerError):
        said(Looks(trouble_at=1), shelf, "no such", turns=turns)
    with pytest.raises(RuntimeError):
        said(Looks(trouble_at=1), shelf, key, turns=turns)
    assert turns.acquire(timeout=0)  # nobody holds a turn for ever


def test_without_a_video_it_says_so(shelf: Shelf) -> None:
    with pytest.raises(Mistake, match="Choose a video first"):
        said(Looks(), shelf, "")
    with pytest.raises(Mistake, match="no longer here"):
        said(Looks(), shelf, "another visitor's")


def test_how_far_it_is_in_words() -> None:
    html = pace(Pace(61, 2.1, 5.0, 11.2))
    assert "61 pictures, 2.1 s of 5 s" in html and "12 s left" in html and 'value="0.4200"' in html
    assert "value=" not in pace(Pace(61, 2.1, 0.0, None))
    assert [length(one) for one in (0.5, 59.9, 61, 3909)] == ["0.5 s", "59.9 s", "1:01", "1:05:09"]


def test_the_script_says_only_what_is_written_down() -> None:
    text = (Path(__file__).resolve().parents[2] / "assets" / "video_upload.js").read_text()
    used = set(re.findall(r"\bwords\.(\w+)", text))
    assert used == set(words.LIVE_VIDEO_PICKER)
    assert not re.findall(r"(?:textContent|title|placeholder) = '[A-Za-z]", text)
