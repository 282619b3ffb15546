"""The cache keeps its budget, lets the least recently used go, and makes nothing twice at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.engine.cache import Cache


def test_the_least_recently_used_goes_first() -> None:
    cache: Cache[str, bytes] = Cache(10, len)
    cache.put("a", b"1234")
    cache.put("b", b"1234")
    assert cache.get("a") == b"1234"
    cache.put("c", b"1234")
    assert cache.get("b") is None
    assert "a" in cache and "c" in cache and cache.used == 8


def test_what_is_larger_than_the_budget_is_made_but_not_held() -> None:
    cache: Cache[str, bytes] = Cache(3, len)
    cache.put("small", b"12")
    assert cache.get_or_make("large", lambda: b"1234") == b"1234"
    assert "large" not in cache and "small" in cache


@given(st.lists(st.tuples(st.integers(0, 5), st.binary(max_size=8)), max_size=40))
def test_the_budget_is_never_exceeded_and_used_is_true(steps: list[tuple[int, bytes]]) -> None:
    cache: Cache[int, bytes] = Cache(20, len)
    for key, value in steps:
        cache.put(key, value)
        held = [cache.get(k) for k in range(6)]
        assert cache.used == sum(len(v) for v in held if v is not None) <= 20


def test_many_who_want_the_same_wait_for_one_making() -> None:
    cache: Cache[str, bytes] = Cache(10, len)
    made = []

    def make() -> bytes:
        made.append(1)
        time.sleep(0.05)
        return b"x"

    with ThreadPoolExecutor(16) as pool:
        got = list(pool.map(lambda _: cache.get_or_make("k", make), range(16)))
    assert got == [b"x"] * 16 and len(made) == 1


def test_a_making_that_fails_is_tried_again_by_the_next() -> None:
    cache: Cache[str, bytes] = Cache(10, len)

    def fail() -> bytes:
        raise OSError("no")

    with pytest.raises(OSError):
        cache.get_or_make("k", fail)
    assert cache.get_or_make("k", lambda: b"x") == b"x"


def test_others_are_made_meanwhile() -> None:
    cache: Cache[str, bytes] = Cache(10, len)
    begun, go = threading.Event(), threading.Event()

    def slow() -> bytes:
        begun.set()
        assert go.wait(5)
        return b"slow"

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(cache.get_or_make, "slow", slow)
        assert begun.wait(5)
        assert cache.get_or_make("quick", lambda: b"q") == b"q"
        go.set()
        assert future.result(5) == b"slow"
