"""Videos read: every picture, in the order in which it is seen, upright, whatever the file says of itself."""

from __future__ import annotations

import os
import signal
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from explorer.errors import BadVideo
from explorer.sources.video.about import CLASS, OWNER, PUBLIC, VideoLimits
from explorer.sources.video.read import frames, probe
from tests.films import CORNERS, SIZE, corners, film, number_of, picture, sound_only, without_pictures

RED, GREEN, BLUE, WHITE = CORNERS


def numbers(path: Path, limits: VideoLimits = OWNER) -> tuple[list[int], list[float], tuple[str, ...]]:
    with frames(path, limits) as reading:
        got = [(number_of(one.pixels), one.time) for one in reading]
        return [number for number, _ in got], [time for _, time in got], reading.notes


@pytest.mark.parametrize(
    ("kind", "codec", "name"),
    [("mp4", "libx264", "MP4"), ("mov", "mpeg4", "MOV"), ("webm", "libvpx", "WebM"), ("matroska", "libx264", "MKV"),
     ("avi", "mpeg4", "AVI")],
)  # fmt: skip
def test_five_kinds_are_told_by_their_content_and_read_in_order(
    tmp_path: Path, kind: str, codec: str, name: str
) -> None:
    path = film(tmp_path / "holiday.txt", 12, kind=kind, codec=codec)
    with frames(path) as reading:
        assert reading.about.kind == name and reading.about.size == SIZE and not reading.about.has_sound
        assert reading.about.rate == pytest.approx(10) and reading.about.seconds == pytest.approx(1.2, abs=0.11)
        got = list(reading)
    assert [number_of(one.pixels) for one in got] == list(range(12)) and reading.count == 12
    assert [one.time for one in got] == pytest.approx([i / 10 for i in range(12)], abs=2e-3)
    assert all(corners(one.pixels) == [RED, GREEN, BLUE, WHITE] for one in got)
    assert got[3].name == "holiday.txt" and not reading.notes


@pytest.mark.parametrize(
    ("turn", "wanted"),
    [(90, [GREEN, WHITE, RED, BLUE]), (180, [WHITE, BLUE, GREEN, RED]), (-90, [BLUE, RED, WHITE, GREEN])],
)
def test_a_turned_video_stands_upright(tmp_path: Path, turn: int, wanted: list[tuple[int, ...]]) -> None:
    path = film(tmp_path / "phone.mp4", 2, prepare=lambda stream: stream.set_display_rotation(turn))
    with frames(path) as reading:
        first = next(reading)
        assert first.size == (SIZE if turn == 180 else SIZE[::-1]) == reading.about.size
        assert corners(first.pixels) == wanted and "turned upright by its display matrix" in reading.notes


def test_colours_are_those_that_were_filmed(tmp_path: Path) -> None:
    path = film(tmp_path / "colours.mp4", 1, pix_fmt="yuv444p", crf="1")
    assert np.abs(next(frames(path)).pixels.astype(int) - picture(0)).max() <= 12


def test_pictures_between_which_others_are_told_come_in_the_order_of_their_times(tmp_path: Path) -> None:
    path = film(
        tmp_path / "b.mp4", 24, codec="mpeg4", prepare=lambda stream: setattr(stream.codec_context, "max_b_frames", 2)
    )
    with av.open(str(path)) as file:
        stamps = [packet.pts for packet in file.demux(video=0) if packet.pts is not None]
    assert stamps != sorted(stamps)
    assert numbers(path)[0] == list(range(24))


def test_times_are_the_files_own_from_the_first_picture_on(tmp_path: Path) -> None:
    times = [-400, 0, 33, 900, 1000, 5000]
    path = film(tmp_path / "slow.mkv", 6, times=[time + 1000 for time in times], preset="ultrafast")
    got, seconds, _ = numbers(path)
    assert got == list(range(6)) and seconds == pytest.approx([(time + 400) / 1000 for time in times], abs=2e-3)


def test_times_that_go_back_are_set_right_and_leaps_left_out(tmp_path: Path) -> None:
    from explorer.sources.video.decoding import _Clock

    class Shown:
        def __init__(self, pts: int | None) -> None:
            self.pts, self.dts, self.time_base = pts, None, 1 / 10

    notes: dict[str, None] = {}
    clock = _Clock(10, notes)
    got = [clock.seconds(Shown(pts)) for pts in (-50, -49, -49, -60, None, 10**9, 10**9 + 1)]
    assert got == sorted(set(got)) and got[0] == 0 and got[1] == pytest.approx(0.1) and got[-1] < 1
    assert any("go back" in note for note in notes) and any("leap" in note for note in notes)


def test_odd_sides_stay_odd_and_square_pixels_are_made(tmp_path: Path) -> None:
    odd = film(tmp_path / "odd.avi", 2, (47, 63), codec="ffv1", pix_fmt="yuv444p")
    assert next(frames(odd)).size == (47, 63)

    def wide(stream: object) -> None:
        stream.codec_context.sample_aspect_ratio = 2  # type: ignore[attr-defined]

    with frames(film(tmp_path / "wide.mkv", 2, prepare=wide)) as reading:
        assert next(reading).size == (48, 128) and "not square" in reading.notes[0]


def test_pictures_that_change_size_are_made_as_large_as_the_first(tmp_path: Path) -> None:
    small, large = film(tmp_path / "a.mjpeg.avi", 2, codec="mjpeg", pix_fmt="yuvj420p"), tmp_path / "b.avi"
    film(large, 2, (96, 128), codec="mjpeg", pix_fmt="yuvj420p")
    both = tmp_path / "both.avi"
    with av.open(str(small)) as one, av.open(str(large)) as other, av.open(str(both), "w") as output:
        stream = output.add_stream_from_template(one.streams.video[0], opaque=True)
        for shift, file in ((0, one), (2, other)):
            for packet in file.demux(video=0):
                if packet.dts is not None:
                    packet.pts = packet.dts = packet.dts + shift
                    packet.stream = stream
                    output.mux(packet)
    with frames(both) as reading:
        got = list(reading)
    assert [one.size for one in got] == [SIZE] * 4 and any("change size" in note for note in reading.notes)
    assert [corners(one.pixels) for one in got] == [[RED, GREEN, BLUE, WHITE]] * 4


def test_one_picture_is_a_video_and_none_is_not(tmp_path: Path) -> None:
    assert numbers(film(tmp_path / "one.mp4", 1))[0] == [0]
    with pytest.raises(BadVideo, match="no pictures in it, only sound"):
        probe(sound_only(tmp_path / "song.mp4"))
    with pytest.raises(BadVideo, match="no pictures in it"):
        probe(without_pictures(tmp_path / "none.mp4"))


def test_what_a_header_says_of_count_and_rate_is_not_believed(tmp_path: Path) -> None:
    path = film(tmp_path / "lie.avi", 3, codec="mjpeg", pix_fmt="yuvj420p")
    data = bytearray(path.read_bytes())
    head, strh = data.index(b"avih") + 8, data.index(b"strh") + 8
    for claimed, scale in ((0xFFFFFFFE, 1), (3, 0)):
        struct.pack_into("<I", data, head + 16, claimed)  # frames
        struct.pack_into("<II", data, strh + 20, scale, 1_000_000_000)  # a billion a second, or none
        struct.pack_into("<I", data, strh + 32, claimed)
        path.write_bytes(data)
        with frames(path) as reading:
            assert 1 <= reading.about.rate <= 60
            assert len(list(reading)) == 3
        if claimed > 3:
            assert any("4,294,967,294 pictures and there are 3" in note for note in reading.notes), reading.notes


def test_too_large_a_side_is_refused(tmp_path: Path) -> None:
    large = film(tmp_path / "large.avi", 1, (16, 4112), codec="mjpeg", pix_fmt="yuvj420p")
    with pytest.raises(BadVideo, match="4112 x 16 pixels and the limit is 4096"):
        probe(large)


@pytest.mark.parametrize("limits", [VideoLimits(seconds=0.5), VideoLimits(pictures=5)])
def test_more_than_is_taken_is_cut_with_a_word(tmp_path: Path, limits: VideoLimits) -> None:
    got, _, notes = numbers(film(tmp_path / "long.mp4", 12), limits)
    assert got == [0, 1, 2, 3, 4] and len(notes) == 1 and notes[0].startswith("cut after")


def test_limits_are_those_that_bind(tmp_path: Path) -> None:
    assert (PUBLIC.max_bytes, PUBLIC.seconds) == (100_000_000, 60)
    assert (CLASS.max_bytes, CLASS.seconds) == (500_000_000, 600)
    assert OWNER.max_bytes is None and OWNER.seconds is None and OWNER.pictures is None
    path = film(tmp_path / "big.mp4", 2)
    with pytest.raises(BadVideo, match=r"the limit is 0\.001 MB"):
        probe(path, VideoLimits(max_bytes=1000))


def test_what_cannot_be_decoded_is_told(tmp_path: Path) -> None:
    path = film(tmp_path / "odd.avi", 2, codec="flashsv", pix_fmt="bgr24")
    with pytest.raises(BadVideo, match=r"not read here \(flashsv\): save it as MP4"):
        probe(path)
    path = film(tmp_path / "unknown.avi", 2, codec="mpeg4")
    path.write_bytes(path.read_bytes().replace(b"FMP4", b"QQQQ"))
    with pytest.raises(BadVideo, match="coded in a way that is not read here"):
        probe(path)


def test_a_file_cut_short_gives_what_it_has_and_a_word(tmp_path: Path) -> None:
    for kind, codec in (("matroska", "libx264"), ("avi", "mpeg4"), ("webm", "libvpx")):
        path = film(tmp_path / f"cut.{kind}", 30, (240, 320), kind=kind, codec=codec, g="5")
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
        got, _, notes = numbers(path)
        assert 3 < len(got) < 30 and got[:4] == [0, 1, 2, 3] and notes, kind
    path = film(tmp_path / "cut.mp4", 30)
    path.write_bytes(path.read_bytes()[:-400])  # its index is at its end
    with pytest.raises(BadVideo, match="damaged or cut short"):
        probe(path)


@pytest.mark.parametrize("sign", [signal.SIGSEGV, signal.SIGKILL])
def test_a_decoder_that_breaks_down_takes_nobody_with_it(tmp_path: Path, sign: signal.Signals) -> None:
    size = (480, 640)  # larger than a pipe holds, so that it is not done
    with frames(film(tmp_path / "crash.mp4", 20, size)) as reading:
        assert number_of(next(reading).pixels) == 0
        os.kill(reading._decoder.pid, sign)
        rest = len(list(reading))
    assert rest < 19 and f"its decoder broke down after {1 + rest} pictures (signal {sign.value})" in reading.notes


def test_a_decoder_is_gone_when_nobody_wants_its_pictures(tmp_path: Path) -> None:
    path = film(tmp_path / "left.mp4", 20, (480, 640))
    reading = frames(path)
    pid = reading._decoder.pid
    next(reading)
    del reading
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with frames(path) as closed:
        next(closed)
    assert list(closed) == []


def test_a_decoder_that_says_nothing_is_ended(tmp_path: Path) -> None:
    with frames(film(tmp_path / "mute.mp4", 20, (480, 640))) as reading:
        os.kill(reading._decoder.pid, signal.SIGSTOP)
        while reading._decoder.hear(0.5) is not None:
            pass
        assert reading._decoder.late and "said nothing" in reading._decoder.fate()


@pytest.mark.real
def test_real_clips_have_every_picture(real: Path) -> None:
    for name, count, sound in (
        ("library_720x1280_69frames.mp4", 69, True),
        ("street_1920x1080_150frames.mp4", 150, True),
    ):
        with frames(real / "video" / name) as reading:
            assert reading.about.has_sound is sound
            times = [one.time for one in reading]
        assert len(times) == count and times == sorted(set(times)) and not reading.notes
