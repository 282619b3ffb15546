"""The engine on this machine: questions go in, answers come out."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from explorer.contract import RANDOM, Arithmetic, DeviceCard, Hears, ModelCard, Step, Stop, Task
from explorer.engine import device as devices
from explorer.engine import weights as shelf
from explorer.engine.batcher import Batcher
from explorer.engine.cache import Cache
from explorer.engine.crew import Crew
from explorer.engine.fetch import fetch
from explorer.engine.live import Live, Steps
from explorer.engine.network import Network
from explorer.engine.seat import Pictures, Seat
from explorer.engine.stream import stream
from explorer.errors import Mistake, Stopped, UnknownName
from explorer.models.darknet.entry import entry_of
from explorer.models.registry import Entry, Registry, models
from explorer.ops import arithmetic
from explorer.records.frame import Frame
from explorer.records.question import Partial, Progress, Question
from explorer.tasks.desk import Outputs
from explorer.tasks.registry import task_for

A = TypeVar("A")
GIGA = 2**30
PASSING = "passing"
"""What a picture that is never held is called in its question."""


class LocalEngine:
    """Implements `contract.Engine` with torch.

    device: auto, cuda, mps or cpu; registry: the models it knows; networks, pictures, outputs: budgets in bytes of what
    it holds, 0 to hold none.
    """

    def __init__(
        self,
        device: str = "auto",
        registry: Registry | None = None,
        networks: int = 3 * GIGA,
        pictures: int = GIGA,
        outputs: int = GIGA // 4,
    ) -> None:
        self._device = devices.choose(device)
        devices.exactly()
        self._card = devices.card(self._device)
        self._registry = Registry(registry or models())
        self._networks: Cache[Hashable, Network] = Cache(networks, lambda network: network.nbytes)
        self._pictures: Cache[str, Frame] = Cache(pictures, lambda frame: frame.pixels.nbytes)
        self._outputs: Cache[Hashable, Outputs] = Cache(outputs, lambda outputs: outputs.tensor.nbytes)
        self._adopted: dict[tuple[str, str], shelf.Adopted] = {}
        self._bringing = threading.Lock()
        self._batcher = Batcher(lanes=self._card.at_once)
        self._crew = Crew()
        self._counted = cache(self._count)

    def close(self) -> None:
        """Let everything go and end the engine's threads."""
        self._batcher.close()
        self._crew.close()
        for held in (self._networks, self._pictures, self._outputs):
            held.clear()

    def device(self) -> DeviceCard:
        return self._card

    def models(self, task: Task | None = None) -> tuple[ModelCard, ...]:
        return tuple(self._with_own(card) for card in self._registry.cards(task))

    def _with_own(self, card: ModelCard) -> ModelCard:
        """The card with the owner's own weights first."""
        own = [adopted for (model, _), adopted in tuple(self._adopted.items()) if model == card.name]
        return replace(card, weights=(*(shelf.card(adopted) for adopted in own), *card.weights)) if own else card

    def arithmetic(self, model: str) -> Arithmetic:
        return self._counted(model)

    def _count(self, model: str) -> Arithmetic:
        entry = self._registry.get(model)
        classes = len(entry.published[0].categories) if entry.published else 1000
        return arithmetic.count(lambda: entry.build(classes), entry.card.input)

    def keep(self, frame: Frame) -> str:
        held = self._pictures.get(frame.id)
        if held is None or (held.truth is None and frame.truth is not None):
            self._pictures.put(frame.id, frame)
        return frame.id

    def adopt(self, model: str, path: str) -> str:
        return self._adopt(self._registry.get(model), Path(path))

    def _adopt(self, entry: Entry, path: Path) -> str:
        adopted = shelf.adopt(path)
        network = shelf.load_adopted(entry, adopted, self._device)
        self._adopted[entry.card.name, adopted.name] = adopted
        self._networks.put((entry.card.name, adopted.name), network)
        return adopted.name

    def bring(self, cfg: str, weights: str, names: str = "") -> str:
        file = None if weights == RANDOM else Path(weights)
        entry = entry_of(Path(cfg), file, Path(names) if names else None)
        model = entry.card.name
        with self._bringing:
            if model in self._registry:
                raise Mistake(f"There is a model called {model} already: give the cfg file another name.")
            if file is not None:
                self._adopt(entry, file)
            self._registry.add(entry)
        return model

    def present(self, model: str, weights: str = "") -> bool:
        entry = self._registry.get(model)
        name = self._name(entry, weights)
        if name == RANDOM or (model, name) in self._adopted:
            return True
        return shelf.place(entry.weights(name)).exists()

    def fetch(self, model: str, weights: str = "", stop: Stop | None = None) -> Iterator[Progress]:
        published = self._registry.get(model).weights(weights)
        return fetch(shelf.remote(published), shelf.place(published), stop)

    def ask(self, question: Question[A], stop: Stop | None = None, visitor: str = "") -> Iterator[Step[A]]:
        yield from self._steps(question, self._pictures, self._outputs, stop, visitor)

    def run(self, question: Question[A], stop: Stop | None = None, visitor: str = "") -> A:
        return _last(self.ask(question, stop, visitor))

    def stream(
        self,
        frames: Iterable[Frame],
        question: Question[A],
        ahead: int = 4,
        stop: Stop | None = None,
        visitor: str = "",
    ) -> Iterator[tuple[Frame, A]]:
        return stream(frames, lambda frame: _last(self._passing(question, frame, stop, visitor)), ahead, stop)

    def live(self, question: Question[Any] | None, hears: Hears[Any], visitor: str = "") -> Live[Any]:
        def ask(question: Question[Any], frame: Frame, stop: Stop) -> Steps[Any]:
            return self._passing(question, frame, stop, visitor)

        return Live(ask, lambda: self._batcher.line(visitor), question, hears, self._crew)

    def _passing(self, question: Question[A], frame: Frame, stop: Stop | None, visitor: str) -> Steps[A]:
        """A question about a picture that is never held: neither it nor what a network said of it comes again."""
        asked: Any = question
        return self._steps(replace(asked, picture=PASSING), {PASSING: frame}, None, stop, visitor)

    def _steps(
        self,
        question: Question[A],
        pictures: Pictures,
        outputs: Cache[Hashable, Outputs] | None,
        stop: Stop | None,
        visitor: str,
    ) -> Steps[A]:
        task = task_for(question)
        try:
            answer: A = yield from task(question, Seat(self, pictures, outputs, self._batcher, stop, visitor))
        except Stopped:
            return
        yield answer

    def network(self, model: str, weights: str = "") -> Network:
        """The loaded network, loading it if need be. Raises UnknownName, WeightsMissing, BadWeights."""
        entry = self._registry.get(model)
        name = self._name(entry, weights)
        return self._networks.get_or_make((model, name), lambda: self._load(entry, name))

    def loaded(self, model: str, weights: str = "") -> bool:
        """Whether `network` would answer at once."""
        return (model, self._name(self._registry.get(model), weights)) in self._networks

    def _name(self, entry: Entry, weights: str) -> str:
        """The one name of these weights: the owner's come before the published default."""
        model = entry.card.name
        own = [name for known, name in self._adopted if known == model]
        if weights == RANDOM or weights in own:
            return weights
        if not weights and own:
            return own[-1]
        try:
            return entry.weights(weights).card.name
        except UnknownName:
            known = [*(card.name for card in entry.card.weights), *own, RANDOM]
            raise UnknownName(f"set of weights for {model}", weights, known) from None

    def _load(self, entry: Entry, name: str) -> Network:
        if name == RANDOM:
            return shelf.load_random(entry, self._device)
        adopted = self._adopted.get((entry.card.name, name))
        if adopted is not None:
            return shelf.load_adopted(entry, adopted, self._device)
        return shelf.load_published(entry, entry.weights(name), self._device)


def _last(steps: Iterator[Step[A]]) -> A:
    """The answer. Raises Stopped where there is none."""
    rest = deque(steps, maxlen=1)
    last = rest.pop() if rest else None
    if last is None or isinstance(last, Progress | Partial):
        raise Stopped("Stopped before there was an answer: ask again.")
    return last
