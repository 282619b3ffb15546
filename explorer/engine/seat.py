"""The engine as one visitor's question sees it: the desk that tasks work at."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as StillRunning
from dataclasses import replace
from typing import Protocol, TypeVar

import torch
from torch import Tensor, nn

from explorer.contract import Stop
from explorer.engine.batcher import Batcher, Ran
from explorer.engine.cache import Cache
from explorer.engine.network import Network
from explorer.engine.running import Running
from explorer.errors import Mistake, OutOfMemory, Stopped
from explorer.records.classify import Precision
from explorer.records.frame import Frame, Size
from explorer.records.question import Progress
from explorer.tasks import desk
from explorer.tasks.desk import Outputs, Steps

T = TypeVar("T")
STOP_POLL_S = 0.1
"""How late a stop may be noticed: every look costs whoever else wants the interpreter."""
ROWS = 32
_PREPARING = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
"""More pictures resized at once than there are cores only takes memory."""


class Networks(Protocol):
    """Whoever can hand out a loaded network."""

    def network(self, model: str, weights: str) -> Network: ...
    def loaded(self, model: str, weights: str) -> bool: ...


class Pictures(Protocol):
    """Whoever holds pictures by content id."""

    def get(self, picture: str, /) -> Frame | None: ...


class Seat:
    """Implements `tasks.desk.Desk` for one question; outputs: where passes are looked up and kept, if anywhere."""

    def __init__(
        self,
        networks: Networks,
        pictures: Pictures,
        outputs: Cache[Hashable, Outputs] | None,
        batcher: Batcher,
        stop: Stop | None,
        visitor: str,
    ) -> None:
        self._networks, self._pictures, self._outputs = networks, pictures, outputs
        self._batcher, self._stop, self._visitor = batcher, stop, visitor

    def frame(self, picture: str) -> Frame:
        frame = self._pictures.get(picture)
        if frame is None:
            raise Mistake("That picture is no longer held here: choose it again.")
        return frame

    def network(self, model: str, weights: str) -> Steps[desk.Network]:
        if not self._networks.loaded(model, weights):
            yield Progress(f"loading {model}")
        self._check()
        return self._networks.network(model, weights)

    def rebuilt(
        self, network: desk.Network, form: str, make: Callable[[nn.Module], tuple[nn.Module, T]]
    ) -> Steps[tuple[desk.Network, T]]:
        yield Progress(f"rebuilding {network.card.name}")
        self._check()
        return _own(network).rebuilt(form, make)

    def macs(self, network: desk.Network, size: Size) -> int:
        return _own(network).macs(size)

    def forward(
        self, network: desk.Network, inputs: Callable[[], Tensor], key: Hashable, precision: Precision, rows: int = ROWS
    ) -> Steps[Outputs]:
        loaded = _own(network)
        whole = (loaded.identity, precision, key, rows)
        held = None if self._outputs is None else self._outputs.get(whole)
        if held is not None:
            return replace(held, cached=True)
        with _PREPARING:
            self._check()
            items = inputs()
        lane = (loaded.identity, precision, rows)
        future = self._batcher.submit(lane, items, lambda x: loaded.forward(x, precision), self._visitor, rows)
        try:
            yield Running(f"running {network.card.name}", ready=future)
        except GeneratorExit:
            future.cancel()
            raise
        outputs = self._ran(future, loaded, items, precision, lane)
        if self._outputs is not None:
            self._outputs.put(whole, outputs)
        return outputs

    def _ran(
        self, future: Future[Ran], network: Network, items: Tensor, precision: Precision, lane: tuple[Hashable, ...]
    ) -> Outputs:
        try:
            return _outputs(self._wait(future), network.runs_on)
        except torch.OutOfMemoryError:
            if network.device.type == "cpu":
                raise OutOfMemory(f"There is no memory for {network.card.name}: choose a smaller network.") from None
        again = self._batcher.submit((*lane, "cpu"), items, lambda x: network.forward_on_cpu(x, precision))
        return _outputs(self._wait(again), "cpu", "ran on the CPU, for the GPU had no memory left")

    def _wait(self, future: Future[Ran]) -> Ran:
        try:
            while True:
                try:
                    return future.result(timeout=None if self._stop is None else STOP_POLL_S)
                except StillRunning:
                    self._check()
        except CancelledError:
            raise Stopped("The engine has stopped.") from None
        finally:
            future.cancel()

    def _check(self) -> None:
        if self._stop is not None and self._stop.is_set():
            raise Stopped("Stopped.")


def _outputs(ran: Ran, device: str, *notes: str) -> Outputs:
    if ran.others:
        notes = (*notes, f"rode in one pass with {ran.others} other pictures")
    return Outputs(ran.tensor, ran.ms, device, notes=notes)


def _own(network: desk.Network) -> Network:
    if not isinstance(network, Network):
        raise TypeError(f"a network of this engine was wanted, got {type(network).__name__}")
    return network
