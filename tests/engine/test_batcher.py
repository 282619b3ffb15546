"""The line for the device: right rows to the right asker, turns between visitors, trouble kept to who brought it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

import pytest
import torch
from torch import Tensor

from explorer.engine.batcher import Batcher, Ran
from explorer.engine.device import take_cores


@pytest.fixture
def batcher() -> Iterator[Batcher]:
    made = Batcher(limit=8)
    yield made
    made.close()


class Held:
    """A run that waits until it is let go, and remembers what it ran."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        self.passes: list[list[float]] = []

    def __call__(self, items: Tensor) -> Tensor:
        self.begun.set()
        assert self.go.wait(10)
        self.passes.append(items.flatten().tolist())
        return items * 2


def queue(batcher: Batcher, held: Held, asked: list[tuple[str, float]], key: str = "k") -> list[Future[Ran]]:
    """Hold the device with a first request, then queue the others behind it."""
    first = batcher.submit("first", torch.zeros(1, 1), held, "holder")
    assert held.begun.wait(5)
    futures = [batcher.submit(key, torch.full((1, 1), value), held, visitor) for visitor, value in asked]
    held.go.set()
    first.result(5)
    return futures


def test_thirty_at_once_each_get_their_own(batcher: Batcher) -> None:
    def ask(i: int) -> float:
        return batcher.submit("k", torch.full((1, 3), float(i)), lambda x: x.sum(1), str(i)).result(10).tensor.item()

    with ThreadPoolExecutor(30) as pool:
        assert list(pool.map(ask, range(30))) == [3.0 * i for i in range(30)]


def test_what_waits_rides_together(batcher: Batcher) -> None:
    held = Held()
    futures = queue(batcher, held, [("a", 1), ("b", 2), ("c", 3)])
    assert [future.result(5).tensor.item() for future in futures] == [2, 4, 6]
    assert held.passes == [[0], [1, 2, 3]]
    assert futures[0].result().others == 2


def test_a_greedy_visitor_gives_others_their_turn(batcher: Batcher) -> None:
    held = Held()
    futures = queue(batcher, held, [("greedy", float(i)) for i in range(20)] + [("modest", 99), ("shy", 98)])
    for future in futures:
        future.result(5)
    assert len(held.passes[1]) == 8
    assert {99, 98} <= set(held.passes[1])


def test_within_a_visitor_first_come_first_served(batcher: Batcher) -> None:
    held = Held()
    for future in queue(batcher, held, [("a", float(i)) for i in range(20)]):
        future.result(5)
    assert [value for ran in held.passes[1:] for value in ran] == [float(i) for i in range(20)]


def test_other_networks_and_other_sizes_ride_apart(batcher: Batcher) -> None:
    held = Held()
    first = batcher.submit("first", torch.zeros(1, 1), held)
    assert held.begun.wait(5)
    wide = batcher.submit("k", torch.ones(1, 2), held, "a")
    narrow = batcher.submit("k", torch.ones(1, 1), held, "b")
    other = batcher.submit("j", torch.ones(1, 1), held, "c")
    held.go.set()
    for future in (first, wide, narrow, other):
        future.result(5)
    assert [len(ran) for ran in held.passes] == [1, 2, 1, 1]


def test_a_large_request_is_cut_up(batcher: Batcher) -> None:
    sizes: list[int] = []

    def run(items: Tensor) -> Tensor:
        sizes.append(len(items))
        return items + 1

    rows = torch.arange(19.0)[:, None]
    assert torch.equal(batcher.submit("k", rows, run).result(5).tensor, rows + 1)
    assert sizes == [8, 8, 3]


def test_a_poisoned_picture_spoils_no_other(batcher: Batcher) -> None:
    held = Held()

    def picky(items: Tensor) -> Tensor:
        rows = held(items)
        if (items == 13).any():
            raise ValueError("unlucky")
        return rows

    first = batcher.submit("first", torch.zeros(1, 1), held, "holder")
    assert held.begun.wait(5)
    futures = [batcher.submit("k", torch.full((1, 1), v), picky, str(v)) for v in (1.0, 13.0, 2.0)]
    held.go.set()
    first.result(5)
    assert futures[0].result(5).tensor.item() == 2
    with pytest.raises(ValueError, match="unlucky"):
        futures[1].result(5)
    assert futures[2].result(5).tensor.item() == 4


def test_out_of_memory_runs_smaller_pieces(batcher: Batcher) -> None:
    sizes: list[int] = []

    def small(items: Tensor) -> Tensor:
        sizes.append(len(items))
        if len(items) > 2:
            raise torch.OutOfMemoryError("too much")
        return items * 10

    rows = torch.arange(7.0)[:, None]
    assert torch.equal(batcher.submit("k", rows, small).result(5).tensor, rows * 10)
    assert max(sizes[-4:]) <= 2
    with pytest.raises(torch.OutOfMemoryError):
        batcher.submit("k", rows, _never).result(5)


def _never(items: Tensor) -> Tensor:
    raise torch.OutOfMemoryError("none at all")


def test_who_leaves_the_line_is_not_run(batcher: Batcher) -> None:
    held = Held()
    first = batcher.submit("first", torch.zeros(1, 1), held, "holder")
    assert held.begun.wait(5)
    gone = batcher.submit("k", torch.ones(1, 1), held, "a")
    stays = batcher.submit("k", torch.full((1, 1), 5.0), held, "b")
    assert gone.cancel()
    held.go.set()
    first.result(5)
    assert stays.result(5).tensor.item() == 10
    assert held.passes == [[0], [5]]


@pytest.fixture
def lanes(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Batcher, list[int]]]:
    """Two lanes of a device of four cores, and how many of them each pass took."""
    taken: list[int] = []
    monkeypatch.setattr(torch, "get_num_threads", lambda: 4)
    monkeypatch.setattr("explorer.engine.batcher.take_cores", lambda count, whole: taken.append(count))
    made = Batcher(limit=8, lanes=2)
    yield made, taken
    made.close()


def test_two_who_ask_have_a_lane_each_and_share_the_cores(lanes: tuple[Batcher, list[int]]) -> None:
    batcher, taken = lanes
    first, second = Held(), Held()
    one = batcher.submit("k", torch.zeros(1, 1), first, "a")
    assert first.begun.wait(5)
    other = batcher.submit("k", torch.ones(1, 1), second, "b")
    assert second.begun.wait(5) and not one.done()
    second.go.set()
    assert other.result(5).tensor.item() == 2 and not one.done()
    first.go.set()
    assert one.result(5).tensor.item() == 0
    assert taken == [2]  # the first had all four when nobody else was there


def test_passes_that_no_longer_meet_take_all_cores_again(
    lanes: tuple[Batcher, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    batcher, taken = lanes
    held = Held()
    queue(batcher, held, [("b", 1)])[0].result(5)
    monkeypatch.setattr("explorer.engine.batcher.LATELY_S", 0.0)
    ends = time.monotonic() + 5
    while taken[-1] != 4 and time.monotonic() < ends:  # an answer is there a moment before its pass is counted as over
        batcher.submit("k", torch.ones(1, 1), lambda x: x, "a").result(5)
        time.sleep(0.01)
    assert taken[0] == 2 and taken[-1] == 4


def one_lane_free(batcher: Batcher, late: Held, visitors: str) -> tuple[Held, Future[Ran], list[Future[Ran]]]:
    """What holds one of two lanes, its answer to come, and those of `visitors`, who came before the other was free."""
    held, other = Held(), Held()
    first = batcher.submit("k", torch.zeros(1, 1), held, "a")
    assert held.begun.wait(5)
    second = batcher.submit("k", torch.ones(1, 1), other, "b")
    assert other.begun.wait(5)
    waiting = [batcher.submit("k", torch.full((1, 1), 2.0), late, visitor) for visitor in visitors]
    other.go.set()
    second.result(5)
    return held, first, waiting


def test_a_class_rides_together_on_one_lane_and_all_cores(lanes: tuple[Batcher, list[int]]) -> None:
    batcher, taken = lanes
    together = Held()
    held, first, waiting = one_lane_free(batcher, together, "cdefg")
    assert not together.begun.wait(0.2)  # the free lane leaves them to the pass after this one
    together.go.set()
    held.go.set()
    assert first.result(5).tensor.item() == 0
    assert {future.result(5).others for future in waiting} == {4}
    assert taken in ([2], [2, 4])  # the third pass ran on the first's lane, or on the second's


def test_one_more_for_each_lane_is_no_class(lanes: tuple[Batcher, list[int]]) -> None:
    batcher, taken = lanes
    next_one = Held()
    held, first, waiting = one_lane_free(batcher, next_one, "aa")
    assert next_one.begun.wait(5) and not first.done()
    next_one.go.set()
    assert {future.result(5).others for future in waiting} == {1} and not first.done()
    held.go.set()
    assert first.result(5).tensor.item() == 0 and taken == [2]


def test_threads_that_begin_later_take_the_whole() -> None:
    before, found = torch.get_num_threads(), []

    def look() -> None:
        found.append(torch.get_num_threads())

    def lane() -> None:
        take_cores(1, 3)
        look()
        later = threading.Thread(target=look)
        later.start()
        later.join()

    try:
        mine = threading.Thread(target=lane)
        mine.start()
        mine.join()
        assert found == [1, 3]
    finally:
        torch.set_num_threads(before)


def test_closing_ends_the_thread_and_answers_everybody() -> None:
    batcher = Batcher()
    held = Held()
    first = batcher.submit("first", torch.zeros(1, 1), held)
    assert held.begun.wait(5)
    waiting = batcher.submit("k", torch.ones(1, 1), held)
    before = threading.active_count()
    held.go.set()
    batcher.close()
    assert threading.active_count() == before - 1
    assert first.result(5).tensor.item() == 0
    if waiting.cancelled():
        with pytest.raises(CancelledError):
            waiting.result(0)
    with pytest.raises(RuntimeError, match="closed"):
        batcher.submit("k", torch.ones(1, 1), held)
