"""What a task may ask of the engine that runs it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from torch import Tensor, nn

from explorer.contract import ModelCard
from explorer.models.preparation import Prepares
from explorer.records.classify import Precision
from explorer.records.frame import Domain, Frame, Size
from explorer.records.question import Partial, Progress

T = TypeVar("T")
Steps = Generator[Progress | Partial[Any], None, T]
"""Work that says how far it is on the way to a T."""


class Network(Protocol):
    """A model with its weights, ready to run."""

    @property
    def card(self) -> ModelCard: ...
    @property
    def weights(self) -> str: ...
    @property
    def categories(self) -> tuple[str, ...]: ...
    @property
    def domain(self) -> Domain: ...
    @property
    def preparation(self) -> Prepares: ...
    @property
    def notes(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Outputs:
    """What a forward pass gave.

    tensor: float32 on the CPU, one row per input; ms: milliseconds of the pass where it ran; device: its kind;
    cached: it ran for an earlier question; notes: what went differently than asked.
    """

    tensor: Tensor
    ms: float
    device: str
    cached: bool = False
    notes: tuple[str, ...] = ()


class Desk(Protocol):
    """The engine as one question sees it."""

    def frame(self, picture: str) -> Frame:
        """The picture with this content id. Raises Mistake when it is no longer held."""

    def network(self, model: str, weights: str) -> Steps[Network]:
        """The network, loaded if it is not yet. Raises UnknownName, WeightsMissing, BadWeights."""

    def rebuilt(
        self, network: Network, form: str, make: Callable[[nn.Module], tuple[nn.Module, T]]
    ) -> Steps[tuple[Network, T]]:
        """The network in another form that shares its weights, made once, and what its maker says of it.

        form: tells it from all other forms of this network.
        """

    def macs(self, network: Network, size: Size) -> int:
        """Multiply-adds of one picture of `size` (height, width)."""

    def forward(
        self, network: Network, inputs: Callable[[], Tensor], key: Hashable, precision: Precision, rows: int = 32
    ) -> Steps[Outputs]:
        """Run prepared inputs (n, c, h, w) through the serving network, together with whoever else asks for it now.

        key: tells these inputs from all others of this network; when it was answered before, `inputs` is not called.
        rows: in one pass at most; with 1 nobody else rides in it.
        """
