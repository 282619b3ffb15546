"""A register of picture files by test id, each built when it is first asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")


@dataclass(frozen=True)
class Picture:
    """data: a file; pixels: uint8 (h, w, 3), each wanted within `within`; notes: words that the notes must hold."""

    data: bytes
    pixels: np.ndarray
    notes: tuple[str, ...] = ()
    within: int = 1


@dataclass(frozen=True)
class Refusal:
    """data: a file; says: words that the sentence must hold."""

    data: bytes
    says: str


class Cases(Mapping[str, T], Generic[T]):
    """Named cases; iterating builds none of them."""

    def __init__(self) -> None:
        self.builders: dict[str, Callable[[], T]] = {}

    def __getitem__(self, name: str) -> T:
        return self.builders[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self.builders)

    def __len__(self) -> int:
        return len(self.builders)

    def add(self, name: str, build: Callable[[], T]) -> None:
        if name in self.builders:
            raise ValueError(f"two cases called {name}")
        self.builders[name] = functools.cache(build)


READ: Cases[Picture] = Cases()
REFUSED: Cases[Refusal] = Cases()
EITHER: Cases[bytes] = Cases()


def refuse(name: str, says: str, build: Callable[[], bytes]) -> None:
    REFUSED.add(name, lambda: Refusal(build(), says))


def read(name: str, build: Callable[[], bytes], pixels: Callable[[], np.ndarray], *notes: str, within: int = 1) -> None:
    READ.add(name, lambda: Picture(build(), pixels(), notes, within))
