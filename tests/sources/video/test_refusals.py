"""What is no video is told what it is, and no other file is opened for it."""

from __future__ import annotations

import ctypes
import os
import random
import sys
from pathlib import Path

import pytest

from explorer.errors import BadVideo
from explorer.sources.video.container import container_of
from explorer.sources.video.read import frames, probe
from tests.films import film

LISTS = {
    "m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.mp4\n#EXT-X-ENDLIST\n",
    "ffconcat": "ffconcat version 1.0\nfile secret.mp4\n",
    "sdp": "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n",
    "rtsp": "rtsp://127.0.0.1/secret.mp4\n",
    "marked": "\ufeff#EXTM3U\nsecret.mp4\n",
}


class Opened:
    """Whether anybody, in any process, opens a file: Linux's inotify."""

    def __init__(self, path: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._number = self._libc.inotify_init1(os.O_NONBLOCK)
        assert self._libc.inotify_add_watch(self._number, os.fsencode(path), 0x20) >= 0  # IN_OPEN

    def seen(self) -> bool:
        try:
            return bool(os.read(self._number, 4096))
        except BlockingIOError:
            return False


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")
@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_other_files_is_refused_and_none_is_opened(tmp_path: Path, name: str) -> None:
    secret = film(tmp_path / "secret.mp4", 2)
    watch = Opened(secret)
    (tmp_path / "holiday.mp4").write_text(LISTS[name])
    with pytest.raises(BadVideo, match="names other files, and none of them is opened"):
        probe(tmp_path / "holiday.mp4")
    assert not watch.seen()
    secret.read_bytes()
    assert watch.seen()  # the watch itself sees


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")
def test_the_demuxer_is_forced_even_where_the_first_bytes_would_pass(tmp_path: Path) -> None:
    from explorer.sources.video.container import Container
    from explorer.sources.video.decoding import BROKEN, opened

    secret = film(tmp_path / "secret.mp4", 2)
    watch = Opened(secret)
    trap = tmp_path / "holiday.mp4"
    trap.write_text(LISTS["ffconcat"])
    for demuxer in ("mov", "matroska", "avi", "concat", "hls"):
        with pytest.raises(BROKEN):
            opened(str(trap), Container("MP4", demuxer))
    assert not watch.seen()


def test_a_name_is_a_name_and_never_a_pattern_or_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    film(tmp_path / "secret.mp4", 2)
    film(tmp_path / "frame-%03d.mp4", 2)
    film(tmp_path / "frame-001.mp4", 3)
    (tmp_path / "concat:secret.mp4|secret.mp4").write_text("nothing")
    assert len(list(frames("frame-%03d.mp4"))) == 2
    for name in (
        "img-%03d.png",
        "concat:secret.mp4",
        "http://127.0.0.1:1/x.mp4",
        "pipe:0",
        "subfile,,start,0,,:secret.mp4",
    ):
        with pytest.raises(BadVideo, match="There is no file"):
            probe(name)
    with pytest.raises(BadVideo, match="plain text"):
        probe("concat:secret.mp4|secret.mp4")
    odd = tmp_path / "file:secret.mp4"
    odd.write_bytes((tmp_path / "frame-001.mp4").read_bytes())
    assert len(list(frames(odd))) == 3


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"", "empty file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "a PNG picture"),
        (b"<!doctype html><html>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1", "Git LFS pointer"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"OggS" + bytes(60), "an Ogg"),
        (random.Random(1).randbytes(500), "not a video that can be recognised"),
    ],
)
def test_what_it_is_instead_is_said(head: bytes, word: str) -> None:
    with pytest.raises(BadVideo, match=word):
        container_of(head, "holiday.mp4")


def test_paths_that_are_no_files_are_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, word in (
        (tmp_path, "folder"),
        (tmp_path / "pipe", "pipe"),
        (tmp_path / "no", "no file"),
        ("", "No video"),
    ):
        with pytest.raises(BadVideo, match=word):
            probe(path)
    with pytest.raises(BadVideo, match="no path may have"):
        probe("a\0b")


def damaged(path: Path, rng: random.Random) -> bytes:
    """The file with a few bytes changed, left out or put in."""
    data = bytearray(path.read_bytes())
    for _ in range(rng.randrange(1, 12)):
        at = rng.randrange(len(data))
        kind = rng.randrange(4)
        if kind == 0:
            data[at] = rng.randrange(256)
        elif kind == 1:
            data[at : at + rng.randrange(1, 9)] = rng.randbytes(rng.randrange(9))
        elif kind == 2:
            data[at : at + 4] = rng.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x80\0\0\0"))
        else:
            del data[at : at + rng.randrange(1, 64)]
    return bytes(data)


def survived(path: Path) -> int:
    """Pictures of a damaged file; -1 where it was refused in a sentence."""
    try:
        with frames(path) as reading:
            times = [one.time for one in reading]
    except BadVideo as error:
        assert "\n" not in str(error) and len(str(error)) < 400
        return -1
    assert times == sorted(set(times)) and reading.notes is not None
    return len(times)


def broken(tmp_path: Path, cuts: int, changes: int) -> tuple[int, int]:
    """How many of so many cut and changed files still gave a picture, and how many were refused."""
    rng, got = random.Random(7), []
    made = {
        "mp4": film(tmp_path / "a.mp4", 12, movflags="faststart"),
        "webm": film(tmp_path / "a.webm", 12, codec="libvpx"),
        "avi": film(tmp_path / "a.avi", 12, codec="mpeg4"),
    }
    trial = tmp_path / "trial.mp4"
    for i in range(cuts):
        whole = made[("mp4", "webm", "avi")[i % 3]].read_bytes()
        trial.write_bytes(whole[: len(whole) * (i + 1) // (cuts + 1)])
        got.append(survived(trial))
    for i in range(changes):
        trial.write_bytes(damaged(made[("mp4", "webm", "avi")[i % 3]], rng))
        got.append(survived(trial))
    return sum(one > 0 for one in got), sum(one < 0 for one in got)


def test_cut_and_damaged_files_end_in_pictures_or_a_sentence(tmp_path: Path) -> None:
    some, refused = broken(tmp_path, 6, 6)
    assert some and some + refused == 12


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_two_hundred_cuts_and_a_thousand_damaged_files(tmp_path: Path) -> None:
    some, refused = broken(tmp_path, 200, 1000)
    assert some > 100 and refused > 20 and some + refused == 1200
