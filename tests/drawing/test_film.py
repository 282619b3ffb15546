"""Frames as an MP4: every one, its own time, its own colours; whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.drawing.caption import captioned
from explorer.drawing.film import Film
from explorer.errors import Failure
from explorer.records.frame import Frame
from explorer.sources.video.read import frames
from tests.films import CORNERS, contents, corners, picture


def frame(number: int, time: float, size: tuple[int, int] = (48, 64)) -> Frame:
    return Frame(picture(number, size), time=time)


def test_every_frame_at_its_own_time(tmp_path: Path) -> None:
    times, path = [0, 0.033, 0.9, 1.0, 4.2], tmp_path / "new" / "film.mp4"
    with Film(path, 10) as film:
        for i, time in enumerate(times):
            film.add(frame(i, time))
            assert not path.exists()
        assert film.seconds == pytest.approx(4.3)
        film.finish()
    found = contents(path)
    assert found["codec"] == "h264" and found["pix_fmt"] == "yuv420p" and found["numbers"] == [0, 1, 2, 3, 4]
    assert found["times"] == pytest.approx(times, abs=1e-4) and found["size"] == (48, 64)
    assert [one.name for one in path.parent.iterdir()] == ["film.mp4"] and path.stat().st_mode & 0o777 == 0o644
    head = path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")  # a browser need not read it to its end to begin


@pytest.mark.parametrize("height", [48, 600])
def test_colours_are_read_as_they_were_written(tmp_path: Path, height: int) -> None:
    with Film(tmp_path / "film.mp4", 10) as film:
        film.add(frame(9, 0, (height, 96)))
        film.finish()
    got = next(frames(tmp_path / "film.mp4")).pixels
    assert corners(got) == list(CORNERS)
    flat = picture(9, (height, 96))
    assert np.abs(got.astype(int) - flat)[4 : height // 4, 4:24].max() <= 6  # far from edges, where 4:2:0 blurs


@pytest.mark.parametrize("size", [(47, 63), (1, 1), (2, 301), (33, 2)])
def test_odd_sides_get_their_last_row_or_column_twice(tmp_path: Path, size: tuple[int, int]) -> None:
    with Film(tmp_path / "film.mp4", 10) as film:
        film.add(frame(5, 0, size))
        film.finish()
    found = contents(tmp_path / "film.mp4")
    assert found["size"] == tuple(side + side % 2 for side in size)


def test_what_is_not_finished_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"an older one")
    with pytest.raises(KeyError), Film(path, 10) as film:
        film.add(frame(0, 0))
        raise KeyError
    with Film(path, 10) as film, pytest.raises(Failure, match="no picture"):
        film.finish()
    with Film(path, 10) as film:
        film.add(frame(0, 1))
        with pytest.raises(ValueError, match="does not come after"):
            film.add(frame(1, 1))
        with pytest.raises(ValueError, match="does not fit"):
            film.add(frame(1, 2, (50, 64)))
    assert [one.name for one in tmp_path.iterdir()] == ["film.mp4"] and path.read_bytes() == b"an older one"


def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="could not be written"):
        Film(tmp_path / "file" / "film.mp4", 10)


def test_a_caption_lies_over_a_corner_of_the_picture() -> None:
    plain = Frame(np.full((240, 320, 3), 200, np.uint8), time=2.5)
    told = captioned(plain, [("kite", 0.69), ("bird", 0.2), ("a name far too long for the panel of this picture", 0)])
    changed = np.argwhere((told.pixels != plain.pixels).any(2))
    assert told.size == plain.size and told.time == 2.5 and (plain.pixels == 200).all()
    assert changed.min() > 0 and changed[:, 0].max() < 120 and changed[:, 1].max() < 240
    blue = told.pixels[:, :, 2].astype(int) - told.pixels[:, :, 0] > 100
    longest, shorter = sorted((row.sum() for row in blue if row.any()), reverse=True)[0], blue.sum(1)[blue.any(1)].min()
    assert longest > 2 * shorter  # bars are as long as their shares
    assert captioned(plain, []) is plain


@pytest.mark.parametrize("size", [(1, 1), (8, 300), (300, 8), (30, 30)])
def test_a_caption_fits_any_picture(size: tuple[int, int]) -> None:
    plain = Frame(np.zeros((*size, 3), np.uint8))
    assert captioned(plain, [("kite", 1.4), ("bird", -1)], "a title").size == size
