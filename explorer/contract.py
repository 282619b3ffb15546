"""What tabs, drawing and the command line may know of the engine: cards and a Protocol, with no torch in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

from explorer.records.frame import Domain, Frame, Size
from explorer.records.live import Answered, Counters
from explorer.records.question import Partial, Progress, Question

A = TypeVar("A")
M = TypeVar("M")
Step: TypeAlias = Progress | Partial[A] | A

Task = Literal["classify", "dense", "detect", "segment", "faces"]

RANDOM = "random"
"""The name of weights drawn afresh from a fixed seed, with no training: every architecture has them."""

HERE = "this machine"
"""The host of weights that never travelled: the owner's own."""


@dataclass(frozen=True)
class WeightsCard:
    """Published or bundled weights of one model.

    size: bytes to download, about; host: who serves them; domain: the pictures they were trained on;
    metrics: the publisher's own figures, as fractions.
    """

    name: str
    size: int
    host: str
    domain: Domain
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelCard:
    """What is known of an architecture before it is built.

    paper: authors, year, venue or arXiv number; idea: one sentence; tasks: `dense` where it can be run at every place
    of a larger picture; input: (height, width) it was made for; weights: published or bundled, the default first.
    """

    name: str
    family: str
    year: int
    paper: str
    idea: str
    tasks: tuple[Task, ...] = ("classify", "dense")
    input: Size = (224, 224)
    weights: tuple[WeightsCard, ...] = ()


@dataclass(frozen=True)
class Arithmetic:
    """Cost of one picture at the card's input size: weights and multiply-adds."""

    params: int
    macs: int


@dataclass(frozen=True)
class DeviceCard:
    """Where networks run: kind is cpu, cuda or mps; memory in bytes, 0 when it cannot be told; at_once: passes that may
    run side by side."""

    kind: str
    name: str
    memory: int = 0
    at_once: int = 1


class Stop(Protocol):
    """A threading.Event, or anything that can be asked like one."""

    def is_set(self) -> bool:
        """True once the asker wants no more."""


class Hears(Protocol[M]):
    """Whoever sends pictures and is told of them, from threads of the engine."""

    def read(self, data: bytes) -> Frame:
        """The picture in these bytes. Raises Mistake where there is none."""

    def shape(self, answered: Answered[Any]) -> M:
        """The answer as it will be told: the costly part, beside others."""

    def tell(self, shaped: M) -> None:
        """In the order of the pictures; quick."""

    def spoiled(self, number: int, why: str) -> None:
        """What came under this number is no picture."""

    def trouble(self, why: str) -> None:
        """The question cannot be answered; pictures are passed by until there is another."""

    def progress(self, step: Progress) -> None:
        """What the first answer to a question waits for."""


class Live(Protocol):
    """A source of pictures that is answered while newer ones come."""

    def offer(self, number: int, data: bytes) -> None:
        """The newest picture, counted by its sender; one that still waits gives way to it."""

    def ask(self, question: Question[Any]) -> None:
        """What is asked of every picture from now on; its `picture` is filled in."""

    def counters(self) -> Counters:
        """What became of the pictures so far."""

    def close(self) -> None:
        """Nothing more is told once this returns; what has not begun to run never will."""


class Engine(Protocol):
    """Answers questions about pictures. Every method may be called from many threads."""

    def device(self) -> DeviceCard:
        """The device that serves."""

    def models(self, task: Task | None = None) -> tuple[ModelCard, ...]:
        """Cards of every registered model, or of those that do `task`, oldest paper first."""

    def arithmetic(self, model: str) -> Arithmetic:
        """Weights and multiply-adds of a model, counted on its own code."""

    def keep(self, frame: Frame) -> str:
        """Hold a picture so that questions can name it; returns its content id. The oldest go when memory is short."""

    def adopt(self, model: str, path: str) -> str:
        """Let the owner's weights file serve on `model`; returns the name questions use. Raises BadWeights."""

    def bring(self, cfg: str, weights: str, names: str = "") -> str:
        """Let the owner's own Darknet network serve, from its .cfg and .weights (or `random`); returns the name it has.

        names: a file of class names, one a line. Raises Mistake, BadWeights, OutOfMemory.
        """

    def present(self, model: str, weights: str = "") -> bool:
        """Whether the weights (the default ones when unnamed) can be used with no network."""

    def fetch(self, model: str, weights: str = "", stop: Stop | None = None) -> Iterator[Progress]:
        """Download weights, resuming what was begun. Raises FetchFailed."""

    def ask(self, question: Question[A], stop: Stop | None = None, visitor: str = "") -> Iterator[Step[A]]:
        """Progress and partial answers, and the answer last; nothing more once `stop` is set.

        visitor: whoever asks, so that turns are fair among many.
        """

    def run(self, question: Question[A], stop: Stop | None = None, visitor: str = "") -> A:
        """The last item of `ask`. Raises Stopped when there is none."""

    def stream(
        self,
        frames: Iterable[Frame],
        question: Question[A],
        ahead: int = 4,
        stop: Stop | None = None,
        visitor: str = "",
    ) -> Iterator[tuple[Frame, A]]:
        """Every picture with its answer, in order; up to `ahead` are on their way at once and ride together.

        The question's `picture` is filled in, and nothing is kept. Ends early once `stop` is set.
        """

    def live(self, question: Question[Any] | None, hears: Hears[Any], visitor: str = "") -> Live:
        """A source whose newest picture is answered; without a question pictures are passed by until `Live.ask`."""


Json = dict[str, Any]
