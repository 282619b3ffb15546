"""What processing a video whole costs: its own process, the stream, sound and safety, against the bare loop."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from explorer.bench.registry import alternate
from explorer.drawing.film import Film
from explorer.drawing.live import LIVE_VIEWS
from explorer.engine.engine import LocalEngine
from explorer.records.frame import Frame, Size
from explorer.whole_video import Processed, Wanted, drawn_over, processed

BETTER = "lower"
AGAINST = "PyAV's decoder, engine.run, paint and encode in a row in one process"
SIZE, FRAMES, RATE = (360, 640), 60, 30
VIEWS = (("picture", "", ""), ("detect", "street_overfeat", ""), ("detect", "street_yolo", ""))
"""View, network and its weights. The ratio is that of the last: a network of middling cost."""
TURNS = 3
SMALL, SLOW = (120, 160), 5
LENGTHS_S = (30, 600)
ROOT = Path(__file__).resolve().parents[2]


def measure() -> tuple[list[dict[str, Any]], float]:
    """Frames a second of each view both ways, and the peaks of memory of a short and a long video."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="fovea-bench-") as name:
        folder = Path(name)
        source, engine = made(folder / "in.mp4", FRAMES, SIZE, RATE), LocalEngine(outputs=0)
        for wanted in VIEWS:
            rows.append(_row(engine, source, folder, Wanted(*wanted)))
        engine.close()
        ratio = float(rows[-1]["ratio"])
        rows += [_peaks(folder, seconds) for seconds in LENGTHS_S]
    return rows, ratio


def made(path: Path, count: int, size: Size, rate: int) -> Path:
    """A video of a pattern that moves, so that the encoder has something to do."""
    y, x = np.mgrid[: size[0], : size[1]]
    with Film(path, rate) as film:
        for number in range(count):
            wave = (np.sin((x + 3 * number) / 17) + np.cos((y - 2 * number) / 11)) * 60 + 128
            film.add(Frame(np.stack([wave, wave.T.reshape(size), 255 - wave], 2).astype(np.uint8), time=number / rate))
        film.finish()
    return path


def _row(engine: LocalEngine, source: Path, folder: Path, wanted: Wanted) -> dict[str, Any]:

    def whole() -> None:
        *_, last = processed(engine, source, folder / "whole.mp4", wanted)
        if not isinstance(last, Processed) or last.frames_out != FRAMES:
            raise RuntimeError(f"{FRAMES} frames were to be processed, and there was {last}")

    plain, ours = alternate(TURNS, lambda: bare(engine, source, folder / "bare.mp4", wanted), whole)
    return {
        "view": wanted.view,
        "model": wanted.model or "none",
        "bare_fps": FRAMES / plain,
        "whole_fps": FRAMES / ours,
        "ratio": ours / plain,
    }


def bare(engine: LocalEngine, source: Path, out: Path, wanted: Wanted) -> float:
    """One picture after another through the same question, paint and encoder settings; seconds it took."""
    import av

    began = perf_counter()
    view = LIVE_VIEWS[wanted.view]
    with av.open(str(source)) as seen, av.open(str(out), "w") as film:
        decoded = seen.streams.video[0]
        decoded.thread_type = "AUTO"
        stream = film.add_stream("libx264", rate=RATE, options={"crf": "20", "preset": "veryfast"})
        stream.height, stream.width, stream.pix_fmt = decoded.height, decoded.width, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 90_000)
        for picture in seen.decode(decoded):
            frame = Frame(picture.to_ndarray(format="rgb24"), time=picture.time)
            question: Any = view.question(wanted.model, wanted.weights, wanted.precision)
            answer = engine.run(replace(question, picture=engine.keep(frame)))
            shown = av.VideoFrame.from_ndarray(drawn_over(frame, view.draw(answer, "")).pixels, "rgb24")
            shown.pts, shown.time_base = round(frame.time * 90_000), Fraction(1, 90_000)
            film.mux(stream.encode(shown))
        film.mux(stream.encode(None))
    return perf_counter() - began


PEAK = """
import sys
from pathlib import Path
from explorer.bench.peaks import peaks_of
from explorer.engine.engine import LocalEngine
from explorer.whole_video import Wanted, processed
engine = LocalEngine("cpu", outputs=0)
last, own, decoder = peaks_of(processed(engine, Path(sys.argv[1]), Path(sys.argv[2]), Wanted("picture")))
print(last.frames_out, own, decoder)
"""


def _peaks(folder: Path, seconds: int) -> dict[str, Any]:
    """Of a process that does nothing else, and of its decoder's."""
    source = made(folder / "long.mp4", seconds * SLOW, SMALL, SLOW)
    run = [sys.executable, "-c", PEAK, str(source), str(folder / "long-out.mp4")]
    told = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return {"seconds": seconds, "frames": int(told[0]), "peak_mb": float(told[1]), "decoder_mb": float(told[2])}
