"""A video processed whole: every picture through one view's question, drawn, and written as a film with its sound."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from explorer.contract import Engine, Stop
from explorer.drawing.caption import captioned
from explorer.drawing.film import Film
from explorer.drawing.layers import Boxes
from explorer.drawing.live import LIVE_VIEWS, Drawn
from explorer.drawing.paint import paint
from explorer.errors import Stopped, UnknownName
from explorer.records.classify import Precision
from explorer.records.frame import Frame, Size
from explorer.sources.video.about import OWNER, VideoLimits
from explorer.sources.video.process import Decoder
from explorer.sources.video.read import Reading, frames

AHEAD = 4
"""Pictures on their way at once: as many ride in one batch."""
SOUND_PATIENCE_S = 600.0
TELL_EVERY_S = 0.2


@dataclass(frozen=True)
class Wanted:
    """What is made of each picture. view: a name of LIVE_VIEWS; named: the class whose map is shown, "" for the surest;
    keep_part: where it is stopped, what there is becomes a film."""

    view: str
    model: str = ""
    weights: str = ""
    precision: Precision = "fp32"
    named: str = ""
    keep_part: bool = False


@dataclass(frozen=True)
class Pace:
    """How far it is: frames written; done of total seconds of the video, total 0 where unknown; left: seconds that it
    will still take, None while nobody can say."""

    frames: int
    done: float
    total: float
    left: float | None

    @property
    def fraction(self) -> float:
        """Share done in [0, 1], 0 when the total is unknown."""
        return min(self.done / self.total, 1.0) if self.total > 0 else 0.0


@dataclass(frozen=True)
class Processed:
    """What was made. seconds, size (height, width) and rate (frames a second, on average) are the film's; sound: what
    became of it: copied, AAC or ""; whole: False where it was stopped; ms_per_frame: of all that was done."""

    view: str
    model: str
    frames_in: int
    frames_out: int
    seconds: float
    size: Size
    rate: float
    sound: str
    ms_per_frame: float
    whole: bool
    notes: tuple[str, ...]
    out: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"size": list(self.size), "notes": list(self.notes)}


def processed(
    engine: Engine,
    source: Path,
    out: Path,
    wanted: Wanted,
    limits: VideoLimits = OWNER,
    stop: Stop | None = None,
    visitor: str = "",
    name: str | None = None,
) -> Iterator[Pace | Processed]:
    """How far it is, now and then, and last what was made, which is at `out` then and never there in parts.

    Memory does not grow with the length. Raises BadVideo, UnknownName, Stopped where `stop` was set and no part is
    wanted, Failure, and what the engine raises.
    """
    if wanted.view not in LIVE_VIEWS:
        raise UnknownName("view", wanted.view, LIVE_VIEWS)
    with frames(source, limits, name) as reading, Film(out, reading.about.rate) as film:
        work = _Work(engine, reading, wanted, limits, stop, visitor)
        yield from work.into(film)
        whole = stop is None or not stop.is_set()
        if not (whole or (wanted.keep_part and work.written)):
            raise Stopped("Stopped before the video was done: nothing was kept of it.")
        film.close()
        sound, word = _with_sound(reading, source, film)
        film.finish(sound[1] if sound else None)
        yield work.made(film, whole, sound[0] if sound else "", word, out)


class _Work:
    """The frames on their way from the video to the film."""

    def __init__(
        self, engine: Engine, reading: Reading, wanted: Wanted, limits: VideoLimits, stop: Stop | None, visitor: str
    ) -> None:
        self._engine, self._reading, self._wanted = engine, reading, wanted
        self._stop, self._visitor = stop, visitor
        self._total = min(reading.about.seconds, limits.seconds or float("inf"))
        self._model, self._size = wanted.model, reading.about.size
        self._said: dict[str, None] = {}
        self._began = time.perf_counter()
        self.written = 0

    def into(self, film: Film) -> Iterator[Pace]:
        view, wanted = LIVE_VIEWS[self._wanted.view], self._wanted
        question = view.question(wanted.model, wanted.weights, wanted.precision)
        told = 0.0
        try:
            for frame, answer in self._engine.stream(self._reading, question, AHEAD, self._stop, self._visitor):
                film.add(drawn_over(frame, view.draw(answer, wanted.named)))
                self.written += 1
                self._size = frame.size
                self._model = getattr(answer, "model", self._model)
                self._said |= dict.fromkeys(getattr(answer, "notes", ()))
                if time.perf_counter() - told > TELL_EVERY_S:
                    told = time.perf_counter()
                    yield self._pace(frame.time)
        except Stopped:
            if self._stop is None or not self._stop.is_set():
                raise

    def _pace(self, done: float) -> Pace:
        spent = time.perf_counter() - self._began
        known = self._total > 0 and done > 0
        return Pace(self.written, done, self._total, spent * max(0.0, self._total / done - 1) if known else None)

    def made(self, film: Film, whole: bool, sound: str, word: str, out: Path) -> Processed:
        reading = self._reading
        notes = [*reading.notes, *self._said, *filter(None, [word])]
        if any(side % 2 for side in self._size):
            notes.append("its last row or column stands twice: H.264 wants even sides")
        if not whole:
            notes.append(f"stopped after {self.written:,} pictures")
        height, width = (side + side % 2 for side in self._size)
        return Processed(
            view=self._wanted.view,
            model=self._model,
            frames_in=reading.count,
            frames_out=self.written,
            seconds=film.seconds,
            size=(height, width),
            rate=self.written / film.seconds,
            sound=sound,
            ms_per_frame=(time.perf_counter() - self._began) * 1e3 / self.written,
            whole=whole,
            notes=tuple(dict.fromkeys(notes)),
            out=str(out),
        )


def drawn_over(frame: Frame, drawn: Drawn) -> Frame:
    """The picture as the live view shows it: the first pane's layers, and what it says where no box says it."""
    pane = drawn.panes[0]
    painted = paint(frame, pane)
    if drawn.lines and not any(isinstance(layer, Boxes) for layer in pane.layers):
        return captioned(painted, drawn.lines, pane.title)
    return painted


def _with_sound(reading: Reading, source: Path, film: Film) -> tuple[tuple[str, Path] | None, str]:
    """What became of the sound, with the film that has it beside the draft; and a word where it is lost."""
    if not reading.about.has_sound:
        return None, ""
    loud = film.draft.with_suffix(".sound.part")
    given = {
        "source": str(source.resolve()),
        "container": asdict(reading.container),
        "silent": str(film.draft),
        "out": str(loud),
        "starts": reading.about.starts,
        "ends": film.seconds,
    }
    decoder = Decoder("sound", given)
    made = ""
    try:
        told, _ = decoder.hear(SOUND_PATIENCE_S) or ({}, None)
        made = str(told.get("end", ""))
    finally:
        decoder.close()
        if not made:
            loud.unlink(missing_ok=True)
    return ((made, loud), "") if made else (None, "its sound cannot be read and is left out")
