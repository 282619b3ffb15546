"""An engine that begins to exist when it is first needed, so that a page is up before torch is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from explorer.contract import Arithmetic, DeviceCard, Engine, Hears, Live, ModelCard, Step, Stop, Task
from explorer.records.frame import Frame
from explorer.records.question import Progress, Question

A = TypeVar("A")


class Deferred:
    """Implements `contract.Engine` by asking the engine that `make` returns, made once, by whoever comes first."""

    def __init__(self, make: Callable[[], Engine]) -> None:
        self._make = make
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    def engine(self) -> Engine:
        """The real one; the first caller waits until it is made."""
        with self._lock:
            if self._engine is None:
                self._engine = self._make()
            return self._engine

    def device(self) -> DeviceCard:
        return self.engine().device()

    def models(self, task: Task | None = None) -> tuple[ModelCard, ...]:
        return self.engine().models(task)

    def arithmetic(self, model: str) -> Arithmetic:
        return self.engine().arithmetic(model)

    def keep(self, frame: Frame) -> str:
        return self.engine().keep(frame)

    def adopt(self, model: str, path: str) -> str:
        return self.engine().adopt(model, path)

    def bring(self, cfg: str, weights: str, names: str = "") -> str:
        return self.engine().bring(cfg, weights, names)

    def present(self, model: str, weights: str = "") -> bool:
        return self.engine().present(model, weights)

    def fetch(self, model: str, weights: str = "", stop: Stop | None = None) -> Iterator[Progress]:
        return self.engine().fetch(model, weights, stop)

    def ask(self, question: Question[A], stop: Stop | None = None, visitor: str = "") -> Iterator[Step[A]]:
        return self.engine().ask(question, stop, visitor)

    def run(self, question: Question[A], stop: Stop | None = None, visitor: str = "") -> A:
        return self.engine().run(question, stop, visitor)

    def stream(
        self,
        frames: Iterable[Frame],
        question: Question[A],
        ahead: int = 4,
        stop: Stop | None = None,
        visitor: str = "",
    ) -> Iterator[tuple[Frame, A]]:
        return self.engine().stream(frames, question, ahead, stop, visitor)

    def live(self, question: Question[Any] | None, hears: Hears[Any], visitor: str = "") -> Live:
        return self.engine().live(question, hears, visitor)
