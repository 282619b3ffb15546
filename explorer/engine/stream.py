"""Every picture of a source through one question, in order, a few on their way at once so that they ride together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from explorer.contract import Stop
from explorer.records.frame import Frame

A = TypeVar("A")


def stream(
    frames: Iterable[Frame], answer: Callable[[Frame], A], ahead: int, stop: Stop | None = None
) -> Iterator[tuple[Frame, A]]:
    """Each picture with its answer; the source is read at most `ahead` pictures further than what was handed out.

    Ends early once `stop` is set. Raises what the source or an answer raises, after the answers that came before it.
    """
    on_the_way: deque[tuple[Frame, Future[A]]] = deque()
    workers = ThreadPoolExecutor(ahead, thread_name_prefix="stream")
    source = iter(frames)
    trouble: BaseException | None = None
    try:
        while stop is None or not stop.is_set():
            while trouble is None and len(on_the_way) < ahead:
                try:
                    frame = next(source)
                except StopIteration:
                    break
                except Exception as error:  # noqa: BLE001 - raised again when its turn comes
                    trouble = error
                else:
                    on_the_way.append((frame, workers.submit(answer, frame)))
            if not on_the_way:
                if trouble is not None:
                    raise trouble
                return
            frame, coming = on_the_way.popleft()
            yield frame, coming.result()
    finally:
        workers.shutdown(wait=True, cancel_futures=True)
