"""An engine that only looks at pictures: no network, no torch."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

from explorer.records.frame import Frame
from explorer.records.live import Looked


class Looks:
    """An engine that only looks, four pictures at a time as a batch would; trouble: raised at that picture."""

    def __init__(self, stop_at: int = -1, trouble_at: int = -1) -> None:
        self.stop, self._stop_at, self._trouble_at = threading.Event(), stop_at, trouble_at

    def stream(
        self, frames: Iterable[Frame], question: Any, ahead: int = 4, stop: Any = None, visitor: str = ""
    ) -> Iterator[tuple[Frame, Looked]]:
        source, number = iter(frames), 0
        while batch := [frame for _, frame in zip(range(ahead), source, strict=False)]:
            for frame in batch:
                if stop is not None and stop.is_set():
                    return
                if number == self._trouble_at:
                    raise RuntimeError("the engine broke")
                if number == self._stop_at:
                    self.stop.set()
                yield frame, Looked(frame.size)
                number += 1
