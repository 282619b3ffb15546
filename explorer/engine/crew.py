"""The few threads that work for everybody's live views."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from queue import SimpleQueue

Work = Callable[[], None]
HANDS = min((os.cpu_count() or 1) + 1, 6)
"""One more than can compute, for whoever waits to speak to the interpreter, and never many: of two threads for each of
a whole class most of the time goes into waiting for it."""


class Crew:
    """Does pieces of work, first come first served. Each must be short or hold nobody up: there are few hands."""

    def __init__(self, hands: int = HANDS) -> None:
        self._work: SimpleQueue[Work | None] = SimpleQueue()
        self._hands = [threading.Thread(target=self._serve, name="crew", daemon=True) for _ in range(hands)]
        self._lock = threading.Lock()
        self._begun = self._closed = False

    def do(self, work: Work) -> bool:
        """Whether it will be done: after `close` nothing is."""
        with self._lock:
            if self._closed:
                return False
            if not self._begun:
                self._begun = True
                for hand in self._hands:
                    hand.start()
            self._work.put(work)
            return True

    def close(self) -> None:
        """Do what was promised, then end the threads."""
        with self._lock:
            self._closed = True
            begun = self._begun
        if begun:
            for _ in self._hands:
                self._work.put(None)
            for hand in self._hands:
                hand.join()

    def _serve(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except Exception:
                logging.getLogger(__name__).exception("a live view's work failed")
            del work  # a waiting thread must not hold the last picture
