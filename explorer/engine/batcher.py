"""One line for the device: those who want the same network at the same size ride together."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field

import torch
from torch import Tensor

from explorer.engine.device import take_cores

LATELY_S = 1.0
"""For so long passes that met leave each other half of the cores."""
Run = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Ran:
    """Rows that belong to one request; ms: of the pass they rode in; others: rows of other requests in it."""

    tensor: Tensor
    ms: float
    others: int


@dataclass(eq=False)
class _Request:
    key: Hashable
    items: Tensor
    run: Run
    rows: int
    future: Future[Ran] = field(default_factory=Future)

    def rides_with(self, other: _Request) -> bool:
        return self.key == other.key and self.items.shape[1:] == other.items.shape[1:]


class Batcher:
    """Runs requests on threads of its own, first come first served within a visitor and in turns between visitors.

    Nobody waits for company: what has come in while the device was busy rides in the next pass. limit: rows in a pass;
    a request with more is cut up; lanes: passes at once, which share a processor's cores, while there are no more than
    two requests for each; a crowd rides together on one lane and all cores. A pass that fails is tried again request by
    request, so that one poisoned picture spoils no other's answer.
    """

    def __init__(self, limit: int = 32, lanes: int = 1) -> None:
        self._limit = limit
        self._lines: OrderedDict[str, deque[_Request]] = OrderedDict()
        self._changed = threading.Condition()
        self._lanes = [threading.Thread(target=self._serve, name="batcher", daemon=True) for _ in range(lanes)]
        self._cores = torch.get_num_threads()
        self._begun = self._closed = False
        self._running: list[int] = []
        self._met = -math.inf

    def submit(self, key: Hashable, items: Tensor, run: Run, visitor: str = "", rows: int | None = None) -> Future[Ran]:
        """Queue rows (n, ...) for `run`; requests of equal key and row shape may share a pass. Cancel to leave.

        rows: fewer in a pass than the limit; those of equal key have equal `rows`.
        """
        request = _Request(key, items, run, min(rows or self._limit, self._limit))
        with self._changed:
            if self._closed:
                raise RuntimeError("the batcher is closed")
            self._lines.setdefault(visitor, deque()).append(request)
            if self._running:
                self._met = time.monotonic()
            if not self._begun:
                self._begun = True
                for lane in self._lanes:
                    lane.start()
            if not (self._running and self._crowd()):  # else whoever runs the pass looks here next
                self._changed.notify()
        return request.future

    def line(self, visitor: str) -> int:
        """How many others than this visitor wait for the device."""
        with self._changed:
            return len(self._lines) - (visitor in self._lines)

    def close(self) -> None:
        """Finish what has begun, cancel what has not, end the threads."""
        with self._changed:
            self._closed = True
            for line in self._lines.values():
                for request in line:
                    request.future.cancel()
            self._lines.clear()
            self._changed.notify_all()
        if self._begun:
            for lane in self._lanes:
                lane.join()

    def _serve(self) -> None:
        taken = self._cores
        while True:
            with self._changed:
                while not self._closed and (not self._lines or (self._running and self._crowd())):
                    self._changed.wait()
                if self._closed:
                    return
                cores = self._share()
                batch = self._next()
                riders = len(batch)
                self._running.append(riders)
                if self._lines:
                    self._changed.notify()
            if cores != taken:
                take_cores(cores, self._cores)
                taken = cores
            batch = [request for request in batch if request.future.set_running_or_notify_cancel()]
            if batch:
                self._answer(batch)
            del batch  # a waiting thread must not hold the last pictures
            with self._changed:
                self._running.remove(riders)

    def _crowd(self) -> bool:
        """Whether there are more requests, waiting or in a pass, than one in each lane and one for it to go on with."""
        return sum(self._running) + sum(len(line) for line in self._lines.values()) > 2 * len(self._lanes)

    def _share(self) -> int:
        """The cores of the next pass: all, or this lane's where passes meet."""
        alone = self._crowd() or time.monotonic() - self._met > LATELY_S
        return self._cores if alone and not self._running else max(1, self._cores // len(self._lanes))

    def _next(self) -> list[_Request]:
        """The request whose turn it is, and company for it: one from each visitor's line, round after round."""
        visitor = next(iter(self._lines))
        batch = [self._lines[visitor].popleft()]
        self._lines.move_to_end(visitor)
        rows, joined = len(batch[0].items), True
        while joined:
            joined = False
            for line in self._lines.values():
                fits = (r for r in line if r.rides_with(batch[0]) and rows + len(r.items) <= batch[0].rows)
                request = next(fits, None)
                if request is not None:
                    line.remove(request)
                    batch.append(request)
                    rows += len(request.items)
                    joined = True
        for visitor in [visitor for visitor, line in self._lines.items() if not line]:
            del self._lines[visitor]
        return batch

    def _answer(self, batch: list[_Request]) -> None:
        error = self._try(batch)
        if error is None:
            return
        if len(batch) == 1:
            batch[0].future.set_exception(error)
            return
        for request in batch:
            self._answer([request])

    def _try(self, batch: list[_Request]) -> Exception | None:
        try:
            began = time.perf_counter()
            items = batch[0].items if len(batch) == 1 else torch.cat([request.items for request in batch])
            rows = _in_pieces(items, batch[0].run, batch[0].rows)
            ms = (time.perf_counter() - began) * 1e3
        except Exception as error:  # noqa: BLE001 - whatever the model raised belongs to whoever asked
            return error
        end = 0
        for request in batch:
            start, end = end, end + len(request.items)
            # a view would keep the whole pass in memory for as long as one answer is held, and torch's own copies would
            # each give the interpreter away
            part = rows if len(batch) == 1 else torch.from_numpy(rows.numpy()[start:end].copy())
            request.future.set_result(Ran(part, ms, len(items) - len(part)))
        return None


def _in_pieces(items: Tensor, run: Run, limit: int) -> Tensor:
    """Run rows at most `limit` at a time, and in ever smaller pieces while the device has no room."""
    if len(items) > limit:
        return torch.cat([_in_pieces(piece, run, limit) for piece in torch.split(items, limit)])
    try:
        return run(items)
    except torch.OutOfMemoryError:
        if len(items) == 1:
            raise
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    return _in_pieces(items, run, len(items) // 2)
