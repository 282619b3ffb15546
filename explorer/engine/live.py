"""A live source: the newest picture is answered, the ones it overtook are counted and forgotten."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from explorer.contract import Hears, Step, Stop
from explorer.errors import ExplorerError, Failure
from explorer.records.frame import Frame
from explorer.records.live import Answered, Counters
from explorer.records.question import Partial, Progress, Question

M = TypeVar("M")
WORKERS = 2
"""While one picture is in the network, the next is decoded and prepared, or the last one's answer drawn."""


Ask = Callable[[Question[Any], Frame, Stop], Iterator[Step[Any]]]


@dataclass(frozen=True)
class _Waiting:
    number: int
    data: bytes
    since: float


class Live(Generic[M]):
    """Implements `contract.Live`. ask: steps of a question about a picture; line: others who wait for the device."""

    def __init__(self, ask: Ask, line: Callable[[], int], question: Question[Any] | None, hears: Hears[M]) -> None:
        self._ask, self._line, self._hears = ask, line, hears
        self._question = question
        self._fresh = True
        self._waiting: _Waiting | None = None
        self._changed = threading.Condition()
        self._told = threading.Lock()
        self._last = -1
        self._counters = Counters()
        self._stop = threading.Event()
        self._workers = [threading.Thread(target=self._work, name="live", daemon=True) for _ in range(WORKERS)]
        for worker in self._workers:
            worker.start()

    def offer(self, number: int, data: bytes) -> None:
        """The newest picture; one that still waits gives way to it."""
        with self._changed:
            dropped = self._waiting is not None
            self._waiting = _Waiting(number, data, time.monotonic())
            self._count(came=1, dropped=int(dropped))
            self._changed.notify()

    def ask(self, question: Question[Any]) -> None:
        """What is asked of every picture from now on."""
        with self._changed:
            self._question, self._fresh = question, True
            self._changed.notify()

    def counters(self) -> Counters:
        return self._counters

    def close(self) -> None:
        """Nothing more is told once this returns; what has not begun to run never will."""
        with self._changed:
            self._stop.set()
            self._waiting = None
            self._changed.notify_all()
        for worker in self._workers:
            if worker is not threading.current_thread():
                worker.join()

    def _count(self, **more: int) -> None:
        now = self._counters
        self._counters = replace(now, **{name: getattr(now, name) + by for name, by in more.items()})

    def _next(self) -> tuple[_Waiting, Question[Any]] | None:
        with self._changed:
            while not self._stop.is_set() and (self._waiting is None or self._question is None):
                self._changed.wait()
            if self._stop.is_set() or self._waiting is None or self._question is None:
                return None
            taken, self._waiting = self._waiting, None
            return taken, self._question

    def _work(self) -> None:
        while (taken := self._next()) is not None:
            waiting, question = taken
            try:
                frame = self._hears.read(waiting.data)
            except ExplorerError as error:
                with self._changed:
                    self._count(spoiled=1)
                self._hears.spoiled(waiting.number, str(error))
                continue
            self._answer(waiting, question, frame)

    def _answer(self, waiting: _Waiting, question: Question[Any], frame: Frame) -> None:
        line = self._line()
        try:
            answer = self._run(question, frame)
            if answer is None:
                return
            shaped = self._hears.shape(Answered(waiting.number, question, frame, answer, waiting.since, line))
        except ExplorerError as error:
            self._give_up(question, error)
        except Exception as error:  # noqa: BLE001 - a live view must outlive whatever a network raises
            self._give_up(question, Failure(f"The network broke down ({type(error).__name__}): choose another."))
        else:
            self._hand_over(waiting.number, question, shaped)

    def _run(self, question: Question[Any], frame: Frame) -> Any:
        """The answer, None once nobody wants it."""
        answer = None
        for step in self._ask(question, frame, self._stop):
            if isinstance(step, Progress):
                if self._fresh:
                    self._hears.progress(step)
            elif not isinstance(step, Partial):
                answer = step
        return answer

    def _hand_over(self, number: int, question: Question[Any], shaped: M) -> None:
        """Told unless a later picture's answer was, or the question is another by now."""
        with self._told:
            late = number <= self._last or question is not self._question or self._stop.is_set()
            with self._changed:
                self._count(**{"dropped" if late else "answered": 1})
            if late:
                return
            self._last, self._fresh = number, False
            self._hears.tell(shaped)

    def _give_up(self, question: Question[Any], error: ExplorerError) -> None:
        with self._changed:
            if self._question is not question or self._stop.is_set():
                return
            self._question = None
        self._hears.trouble(str(error))
