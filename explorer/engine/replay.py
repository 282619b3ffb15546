"""Passes that come again are replayed on the GPU as one launch: CUDA graphs; NVIDIA, CUDA C++ Programming Guide, 3.2.8.

A small network's pass is hundreds of launches, and for a picture or a few at a time the GPU waits for them.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable

import torch
from torch import Tensor

Run = Callable[[Tensor], Tensor]
Capture = Callable[[Run, Tensor], Run]
ROWS = 8
"""With more in a pass the arithmetic takes longer than the launches."""
AFTER, HELD, SIZES = 3, 12, 100
"""Passes of a shape before it is captured; shapes held at once, each with the memory of its whole pass; shapes that are
counted at once."""
CLOSE = 0.05
"""Of the largest number, in half precision too: what a replay may differ by from the pass it repeats."""


def captured(run: Run, x: Tensor) -> Run:
    """A replay of `run` at the shape, format and device of `x`. Raises RuntimeError for what cannot be captured."""
    into = x.clone(memory_format=torch.preserve_format)
    side = torch.cuda.Stream(x.device)  # type: ignore[no-untyped-call]
    side.wait_stream(torch.cuda.current_stream(x.device))
    with torch.cuda.stream(side):
        run(into)  # whatever is set up at a first pass is set up outside the graph
    torch.cuda.current_stream(x.device).wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    # a capture that fails would leave its own stream behind; other threads load networks meanwhile
    with (
        torch.cuda.stream(torch.cuda.current_stream(x.device)),
        torch.cuda.graph(graph, capture_error_mode="thread_local"),
    ):
        rows = run(into)

    def replay(x: Tensor) -> Tensor:
        into.copy_(x, non_blocking=True)
        graph.replay()
        return rows

    return replay


class Replays:
    """Runs passes, captures those that come again, and runs as ever what cannot be captured.

    A network that branches on what it sees cannot be: capturing it fails, or its replay differs from a pass, and it is
    not tried again. A result is overwritten by the next pass: read it first. One thread at a time.
    """

    def __init__(self, capture: Capture = captured) -> None:
        self._capture = capture
        self._held: OrderedDict[Hashable, Run] = OrderedDict()
        self._seen: Counter[Hashable] = Counter()
        self._never: set[Hashable] = set()
        self.lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._held)

    def __call__(self, run: Run, x: Tensor, kind: Hashable) -> Tensor:
        """What `run` makes of rows x; kind: tells runs apart that are given equal shapes."""
        what = (kind, x.shape, x.dtype)
        if what in self._held:
            self._held.move_to_end(what)
            return self._held[what](x)
        rows = run(x)
        if len(x) <= ROWS and kind not in self._never:
            if len(self._seen) > SIZES:
                self._seen.clear()
            self._seen[what] += 1
            if self._seen[what] >= AFTER:
                self._hold(what, kind, run, x, rows)
        return rows

    def clear(self) -> bool:
        """Let all go, with their memory; whether there were any."""
        any_held = bool(self._held)
        self._held.clear()
        self._seen.clear()
        return any_held

    def _hold(self, what: Hashable, kind: Hashable, run: Run, x: Tensor, rows: Tensor) -> None:
        del self._seen[what]
        while len(self._held) >= HELD:
            self._held.popitem(last=False)
        try:
            replay = self._capture(run, x)
            same = _close(replay(x), rows)
        except torch.OutOfMemoryError:
            return  # there may be room another time
        except RuntimeError:
            same = False
        if same:
            self._held[what] = replay
        else:
            self._never.add(kind)


def _close(found: Tensor, wanted: Tensor) -> bool:
    scale = float(wanted.abs().max()) if wanted.numel() else 0.0
    return torch.allclose(found.float(), wanted.float(), rtol=0, atol=CLOSE * scale, equal_nan=True)
