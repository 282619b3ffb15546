"""A video processed whole: every picture, its time, its sound, and what is left when it does not end well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest

from explorer.contract import Engine
from explorer.drawing.layers import Boxes, Pane
from explorer.drawing.live import Drawn
from explorer.engine.engine import LocalEngine
from explorer.errors import BadVideo, Stopped, UnknownName
from explorer.records.frame import Frame
from explorer.sources.video.about import VideoLimits
from explorer.whole_video import Pace, Processed, Wanted, drawn_over, processed
from tests import street_networks
from tests.films import contents, film
from tests.looks import Looks

ROOT = Path(__file__).resolve().parents[1]
LOOK = Wanted("picture")
PEAK = """
import sys
from pathlib import Path
from explorer.bench.peaks import peaks_of
from explorer.whole_video import Wanted, processed
from tests.looks import Looks
last, own, decoder = peaks_of(processed(Looks(), Path(sys.argv[1]), Path(sys.argv[2]), Wanted("picture")))
print(last.frames_out, own, decoder)
"""


def run(engine: Any, source: Path, out: Path, wanted: Wanted = LOOK, **more: Any) -> tuple[list[Pace], Processed]:
    *paces, made = processed(cast(Engine, engine), source, out, wanted, **more)
    assert isinstance(made, Processed)
    return cast(list[Pace], paces), made


@pytest.mark.parametrize("sound", ["", "aac", "libopus", "pcm_s16le", "libmp3lame"])
def test_every_picture_its_time_and_the_sound(tmp_path: Path, sound: str) -> None:
    kind = "avi" if sound == "pcm_s16le" else "matroska"
    source = film(tmp_path / "in", 13, kind=kind, codec="mpeg4", sound=sound, seconds=1.6)
    paces, made = run(Looks(), source, tmp_path / "out.mp4")
    found = contents(tmp_path / "out.mp4")
    assert found["numbers"] == list(range(13)) and made.frames_in == made.frames_out == 13 and made.whole
    assert found["times"] == pytest.approx([i / 10 for i in range(13)], abs=2e-3)
    assert made.seconds == pytest.approx(1.3, abs=0.01) and made.rate == pytest.approx(10, rel=0.01)
    assert made.size == (48, 64) and made.ms_per_frame > 0 and not made.notes
    if sound:
        assert made.sound == ("copied" if sound in ("aac", "libmp3lame") else "AAC")
        assert found["sound"] in ("aac", "mp3", "mp3float") and abs(found["sound_starts"]) < 0.06
        assert found["sound_seconds"] == pytest.approx(1.3, abs=0.12)  # as long as the pictures, not as the source
    else:
        assert made.sound == "" and "sound" not in found
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in", "out.mp4"]
    assert paces and paces[0].frames >= 1 and 1.15 < paces[-1].total < 1.75  # some kinds tell only that of the whole


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    times = [500, 533, 900, 4000]
    source = film(tmp_path / "in.mkv", 4, times=times)
    run(Looks(), source, tmp_path / "out.mp4")
    assert contents(tmp_path / "out.mp4")["times"] == pytest.approx([(t - 500) / 1000 for t in times], abs=2e-3)


def test_a_cut_and_an_odd_size_are_told(tmp_path: Path) -> None:
    source = film(tmp_path / "in.avi", 9, (47, 63), codec="ffv1", pix_fmt="yuv444p", sound="pcm_s16le")
    _, made = run(Looks(), source, tmp_path / "out.mp4", limits=VideoLimits(seconds=0.5))
    assert made.frames_out == 5 and made.size == (48, 64) and made.seconds == pytest.approx(0.5, abs=0.01)
    assert any("cut after 0.5 s" in note for note in made.notes) and any("even" in note for note in made.notes)
    assert contents(tmp_path / "out.mp4")["sound_seconds"] == pytest.approx(0.5, abs=0.1)


def test_the_last_few_pictures_are_not_lost(tmp_path: Path) -> None:
    for count in (1, 4, 5, 7):
        _, made = run(Looks(), film(tmp_path / "in.mp4", count), tmp_path / "out.mp4")
        assert made.frames_out == count


def test_a_stop_leaves_nothing_or_what_there_is(tmp_path: Path) -> None:
    source, out = film(tmp_path / "in.mp4", 12, sound="aac"), tmp_path / "out.mp4"
    engine = Looks(stop_at=6)
    with pytest.raises(Stopped):
        run(engine, source, out, stop=engine.stop)
    assert [one.name for one in tmp_path.iterdir()] == ["in.mp4"]
    engine = Looks(stop_at=6)
    _, made = run(engine, source, out, Wanted("picture", keep_part=True), stop=engine.stop)
    found = contents(out)
    assert made.frames_out == 7 and not made.whole and "stopped after 7 pictures" in made.notes
    assert found["numbers"] == list(range(7)) and found["sound_seconds"] == pytest.approx(0.7, abs=0.1)


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    source, out = film(tmp_path / "in.mp4", 12), tmp_path / "out.mp4"
    with pytest.raises(RuntimeError):
        run(Looks(trouble_at=5), source, out)
    with pytest.raises(UnknownName, match="detect"):
        run(Looks(), source, out, Wanted("detekt"))
    (tmp_path / "text.mp4").write_text("hello")
    with pytest.raises(BadVideo):
        run(Looks(), tmp_path / "text.mp4", out)
    walked_away = processed(cast(Engine, Looks()), source, out, LOOK)
    next(walked_away)
    walked_away.close()  # type: ignore[attr-defined]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.mp4", "text.mp4"]


def test_a_video_cut_short_becomes_a_film_of_what_it_had(tmp_path: Path) -> None:
    source = film(tmp_path / "in.webm", 30, (240, 320), codec="libvpx", g="5")
    source.write_bytes(source.read_bytes()[: source.stat().st_size * 6 // 10])
    _, made = run(Looks(), source, tmp_path / "out.mp4")
    assert 3 < made.frames_out < 30 and made.notes
    assert contents(tmp_path / "out.mp4")["numbers"] == list(range(made.frames_out))


@pytest.mark.long
def test_through_the_engine_with_a_network(tmp_path: Path) -> None:
    engine = LocalEngine("cpu", street_networks.registry("street_overfeat"))
    source = film(tmp_path / "in.mp4", 6, (96, 128))
    try:
        for view in ("picture", "detect", "classify", "dense"):
            model, out = "" if view == "picture" else "street_overfeat", tmp_path / f"{view}.mp4"
            _, made = run(engine, source, out, Wanted(view, model, "random" if model else ""))
            assert made.frames_out == 6 and made.model == model and made.view == view
            assert len(contents(out)["times"]) == 6
    finally:
        engine.close()


def test_what_an_answer_says_is_drawn() -> None:
    plain = Frame(np.full((120, 160, 3), 90, np.uint8), time=3.0)
    boxes = Boxes("found", np.array([[20, 20, 80, 80]], np.float32), ("dog",), np.array([0.9], np.float32))
    boxed = drawn_over(plain, Drawn((Pane(layers=(boxes,)),), (("dog", 0.9),)))
    named = drawn_over(plain, Drawn((Pane(),), (("dog", 0.9),)))
    for made in (boxed, named):
        assert made.time == 3.0 and made.size == plain.size and (made.pixels != plain.pixels).any()
    assert (boxed.pixels != plain.pixels).any(2)[60:84, 15:85].any()
    assert (named.pixels == plain.pixels).all(2)[80:].all()
    assert (drawn_over(plain, Drawn((Pane(),))).pixels == plain.pixels).all()


def peak(source: Path, out: Path) -> tuple[int, float, float]:
    """Frames, and the peaks of memory of a process that does nothing else and of its decoder, in MB."""
    told = subprocess.run(
        [sys.executable, "-c", PEAK, str(source), str(out)], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    return int(told[0]), float(told[1]), float(told[2])


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform != "linux", reason="peaks of memory are told by Linux's /proc")
def test_ten_minutes_need_no_more_memory_than_half_a_minute(tmp_path: Path) -> None:
    got = []
    for seconds in (30, 600):
        source = film(tmp_path / "in.mp4", seconds * 5, (120, 160), 5, sound="aac", seconds=seconds, preset="ultrafast")
        frames, *peaks = peak(source, tmp_path / "out.mp4")
        assert frames == seconds * 5
        got.append(peaks)
    short, long = (sum(peaks) for peaks in got)  # the machine must hold both
    assert long <= short * 1.1


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("library_720x1280_69frames.mp4", 69),
        pytest.param("street_1920x1080_150frames.mp4", 150, marks=pytest.mark.long),
    ],
)
def test_real_clips_are_whole(real: Path, tmp_path: Path, name: str, count: int) -> None:
    _, made = run(Looks(), real / "video" / name, tmp_path / "out.mp4")
    assert made.frames_in == made.frames_out == count and made.sound == "copied"
    with av.open(str(tmp_path / "out.mp4")) as file:
        assert sum(1 for packet in file.demux(video=0) if packet.size) == count
