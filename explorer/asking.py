"""Asking for many visitors: whom, what must be fetched first, and what answers where nothing can be fetched."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from explorer.choice import suited, without_network
from explorer.contract import RANDOM, Engine, Task
from explorer.errors import ExplorerError, FetchFailed, Mistake
from explorer.records.frame import Domain
from explorer.records.question import Progress

TELL_EVERY_S, TRY_AGAIN_S = 0.2, 60.0


@dataclass(frozen=True)
class Chosen:
    """One network to ask; why: what a reader must know of the choice, where nobody made it."""

    model: str
    weights: str = ""
    why: str = ""

    @classmethod
    def of(cls, value: str) -> Chosen:
        """From MODEL or MODEL:WEIGHTS, as a control and the page's address have it."""
        model, _, weights = value.partition(":")
        return cls(model, weights)


class Asking:
    """What lies between a control that names networks and questions to them."""

    def __init__(self, engine: Engine, task: Task) -> None:
        self._engine, self._task = engine, task
        self._stops: dict[str, threading.Event] = {}
        self._no_network_until = 0.0

    def networks(self, names: Sequence[str], domain: Domain, retry: bool = False) -> list[Chosen]:
        """Those that were named, or the one that knows such pictures.

        Where that one could not be fetched a moment ago it is what is here, unless the visitor wants to `retry`.
        """
        if names:
            return [Chosen.of(name) for name in names]
        choice = suited(self._engine, domain, self._task)
        if not choice.present and not retry and time.monotonic() < self._no_network_until:
            try:
                return [self._instead(choice.model, "could not be fetched a moment ago")]
            except Mistake:
                pass  # nothing is here: the one that knows is tried again
        return [Chosen(choice.model, choice.weights.name)]

    def missing(self, chosen: Sequence[Chosen]) -> list[Chosen]:
        """Those whose weights are not here and may be fetched."""
        return [one for one in chosen if one.weights != RANDOM and self._lacks(one)]

    def fetched(self, one: Chosen, automatic: bool, visitor: str) -> Iterator[Progress | Chosen]:
        """How far the fetch is, and last whom to ask: what is here, where nobody chose and the fetch failed.

        Raises FetchFailed, also when the visitor stopped it.
        """
        wanted = self._stops[visitor] = threading.Event()
        told = 0.0
        try:
            for step in self._engine.fetch(one.model, one.weights, wanted):
                if time.monotonic() - told > TELL_EVERY_S:
                    told = time.monotonic()
                    yield step
        except FetchFailed as error:
            if not automatic:
                raise
            self._no_network_until = time.monotonic() + TRY_AGAIN_S
            try:
                other = self._instead(one.model, "could not be fetched")
            except Mistake:
                raise error from None  # nothing is here: what went wrong with the fetch says what to do
            yield other
            return
        finally:
            if self._stops.get(visitor) is wanted:
                del self._stops[visitor]
        if wanted.is_set():
            raise FetchFailed("Stopped: what has come is kept for the next try.")
        yield one

    def halt(self, visitor: str) -> None:
        """Break off what this visitor is waiting for."""
        if wanted := self._stops.get(visitor):
            wanted.set()

    def _instead(self, wanted: str, reason: str) -> Chosen:
        other = without_network(self._engine, self._task)
        why = f"{wanted}, which knows such pictures, {reason}: {other.model}, which is here, answers instead"
        return Chosen(other.model, other.weights.name, why)

    def _lacks(self, one: Chosen) -> bool:
        try:
            return not self._engine.present(one.model, one.weights)
        except ExplorerError:
            return False  # whoever asks it will say what is wrong with the name
