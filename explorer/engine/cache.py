"""A cache with a budget in bytes: the least recently used goes first, and nobody makes the same thing twice at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Thread-safe. budget: bytes; size: bytes of a value. A value larger than the budget is handed out but not held."""

    def __init__(self, budget: int, size: Callable[[V], int]) -> None:
        self._budget = budget
        self._size = size
        self._held: OrderedDict[K, V] = OrderedDict()
        self._used = 0
        self._lock = threading.Lock()
        self._making: dict[K, threading.Lock] = {}

    @property
    def used(self) -> int:
        """Bytes held."""
        return self._used

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, key: K) -> bool:
        with self._lock:
            return key in self._held

    def get(self, key: K) -> V | None:
        """The value, now the most recently used, or None."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            return None

    def put(self, key: K, value: V) -> None:
        """Hold a value, letting others go until the budget is kept."""
        size = self._size(value)
        with self._lock:
            self._drop(key)
            if size > self._budget:
                return
            while self._used + size > self._budget:
                self._drop(next(iter(self._held)))
            self._held[key] = value
            self._used += size

    def get_or_make(self, key: K, make: Callable[[], V]) -> V:
        """The value, made here if it is not held; others who want it wait for it rather than make it too."""
        while True:
            value = self.get(key)
            if value is not None:
                return value
            with self._lock:
                turn = self._making.setdefault(key, threading.Lock())
            with turn:
                value = self.get(key)
                if value is not None:
                    return value
                try:
                    value = make()
                    self.put(key, value)
                    return value
                finally:
                    with self._lock:
                        self._making.pop(key, None)

    def clear(self) -> None:
        """Let everything go."""
        with self._lock:
            self._held.clear()
            self._used = 0

    def _drop(self, key: K) -> None:
        if key in self._held:
            self._used -= self._size(self._held.pop(key))
