"""A live source: the newest picture is answered, the ones it overtook are counted and forgotten."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from explorer.contract import Hears, Step, Stop
from explorer.engine.crew import Crew
from explorer.engine.running import Running
from explorer.errors import ExplorerError, Failure, Stopped
from explorer.records.frame import Frame
from explorer.records.live import Answered, Counters
from explorer.records.question import Partial, Progress, Question

A = TypeVar("A")
M = TypeVar("M")
MOST = 2
"""Pictures of one view on their way: while one is in the network, the next is decoded and prepared, or the last one's
answer drawn."""

Steps: TypeAlias = Generator[Step[A], None, None]
Ask: TypeAlias = Callable[[Question[Any], Frame, Stop], Steps[Any]]


@dataclass(frozen=True)
class _Waiting:
    number: int
    data: bytes
    since: float


@dataclass(eq=False)
class _Picture(Generic[M]):
    """One on its way. steps: what is left of its question; waits: for the device, and nobody works at it; told: what
    there is to tell once it is done, if anything."""

    number: int
    since: float
    question: Question[Any]
    frame: Frame
    line: int
    steps: Steps[Any]
    waits: bool = False
    done: bool = False
    told: tuple[M, ...] = ()


class Live(Generic[M]):
    """Implements `contract.Live`. ask: steps of a question about a picture; line: others who wait for the device; crew:
    who works at it, but for the first picture of a question, which may have to wait for its network to be loaded.

    Pictures are begun and told in their order, for one that a later one passed by would have run in vain.
    """

    def __init__(
        self, ask: Ask, line: Callable[[], int], question: Question[Any] | None, hears: Hears[M], crew: Crew
    ) -> None:
        self._ask, self._line, self._hears, self._crew = ask, line, hears, crew
        self._question = question
        self._fresh = True
        self._waiting: _Waiting | None = None
        self._beginning = False
        self._on_their_way: deque[_Picture[M]] = deque()
        self._working = 0
        self._changed = threading.Condition()
        self._counters = Counters()
        self._stop = threading.Event()

    def offer(self, number: int, data: bytes) -> None:
        """The newest picture; one that still waits gives way to it."""
        with self._changed:
            if self._stop.is_set():
                return
            dropped = self._waiting is not None
            self._waiting = _Waiting(number, data, time.monotonic())
            self._count(came=1, dropped=int(dropped))
            self._take()

    def ask(self, question: Question[Any]) -> None:
        """What is asked of every picture from now on."""
        with self._changed:
            self._question, self._fresh = question, True
            self._take()

    def counters(self) -> Counters:
        return self._counters

    def close(self) -> None:
        """Nothing more is told once this returns; what has not begun to run never will."""
        with self._changed:
            self._stop.set()
            self._waiting = None
            for picture in tuple(self._on_their_way):
                if picture.waits:
                    picture.waits = False
                    self._leave(picture)
            self._changed.wait_for(lambda: not self._working)

    def _count(self, **more: int) -> None:
        now = self._counters
        self._counters = replace(now, **{name: getattr(now, name) + by for name, by in more.items()})

    def _do(self, work: Callable[[], None]) -> None:
        """Have it done by another thread."""
        with self._changed:
            self._working += 1
            if self._fresh:
                threading.Thread(target=self._done, args=(work,), name="live", daemon=True).start()
            elif not self._crew.do(partial(self._done, work)):
                self._working -= 1

    def _done(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._changed:
                self._working -= 1
                self._changed.notify_all()

    def _take(self) -> None:
        """Have the waiting picture begun, if it is its turn."""
        free = not self._beginning and len(self._on_their_way) < MOST
        if free and self._waiting is not None and self._question is not None and not self._stop.is_set():
            self._beginning = True
            self._do(self._begin)

    def _begin(self) -> None:
        """The newest there is by now."""
        with self._changed:
            waiting, self._waiting, question = self._waiting, None, self._question
        try:
            picture = None if waiting is None or question is None else self._read(waiting, question)
            if picture is not None:
                with self._changed:
                    self._on_their_way.append(picture)
                self._go_on(picture)
        finally:
            with self._changed:
                self._beginning = False
                self._take()

    def _read(self, waiting: _Waiting, question: Question[Any]) -> _Picture[M] | None:
        try:
            frame = self._hears.read(waiting.data)
        except ExplorerError as error:
            with self._changed:
                self._count(spoiled=1)
            self._hears.spoiled(waiting.number, str(error))
            return None
        steps = self._ask(question, frame, self._stop)
        return _Picture(waiting.number, waiting.since, question, frame, self._line(), steps)

    def _go_on(self, picture: _Picture[M]) -> None:
        """Through its steps until it waits for the device, or to their end."""
        with self._troubles(picture.question):
            for step in picture.steps:
                if isinstance(step, Progress) and self._fresh:
                    self._hears.progress(step)
                if isinstance(step, Running):
                    with self._changed:
                        picture.waits = True
                    step.ready.add_done_callback(lambda _: self._ready(picture))
                    return
                if not isinstance(step, Progress | Partial):
                    picture.told = (self._shaped(picture, step),)
        with self._changed:
            self._leave(picture)

    def _ready(self, picture: _Picture[M]) -> None:
        """From whichever thread ran the pass, which has other things to do."""
        with self._changed:
            if picture.waits:
                picture.waits = False
                self._do(partial(self._go_on, picture))

    def _shaped(self, picture: _Picture[M], answer: Any) -> M:
        return self._hears.shape(
            Answered(picture.number, picture.question, picture.frame, answer, picture.since, picture.line)
        )

    def _leave(self, picture: _Picture[M]) -> None:
        """It is done: tell it and those that waited for it."""
        picture.steps.close()
        picture.done = True
        while self._on_their_way and self._on_their_way[0].done:
            first = self._on_their_way.popleft()
            late = first.question is not self._question or self._stop.is_set()
            if first.told:
                self._count(**{"dropped" if late else "answered": 1})
            if first.told and not late:
                self._fresh = False
                self._hears.tell(first.told[0])
        self._take()

    @contextmanager
    def _troubles(self, question: Question[Any]) -> Iterator[None]:
        """A live view outlives whatever a network raises."""
        try:
            yield
        except Stopped:
            return  # whoever hears has turned to another question
        except ExplorerError as error:
            self._give_up(question, error)
        except Exception as error:  # noqa: BLE001
            self._give_up(question, Failure(f"The network broke down ({type(error).__name__}): choose another."))

    def _give_up(self, question: Question[Any], error: ExplorerError) -> None:
        with self._changed:
            if self._question is not question or self._stop.is_set():
                return
            self._question = None
        self._hears.trouble(str(error))
