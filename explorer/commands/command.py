"""What a command is, and what several of them take."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from explorer.errors import Mistake
from explorer.records.question import Progress

if TYPE_CHECKING:
    from explorer.engine.engine import LocalEngine

Run = Callable[[argparse.Namespace], dict[str, Any]]
Show = Callable[[dict[str, Any]], str]


class Parser(argparse.ArgumentParser):
    """Speaks in one sentence."""

    def error(self, message: str) -> NoReturn:
        raise Mistake(f"{message[:1].upper()}{message[1:]}: see `{self.prog} --help`.")


class Add(Protocol):
    """Makes a command known; returns its parser for the arguments."""

    def __call__(self, name: str, run: Run, show: Show, text: str) -> argparse.ArgumentParser: ...


def engine(device: str = "auto") -> LocalEngine:
    """The engine; torch is imported only now."""
    from explorer.engine.engine import LocalEngine

    return LocalEngine(device)


def told(steps: Iterable[Any]) -> Any:
    """The last of some steps; those that are Progress move a line where a person watches."""
    watched, last, written = sys.stderr.isatty(), None, False
    for last in steps:
        if watched and isinstance(last, Progress):
            print(f"\r{last.text} {last.fraction:4.0%}\033[K", end="", file=sys.stderr, flush=True)
            written = True
    if written:
        print(file=sys.stderr)
    return last


def positive(text: str) -> int:
    """A whole number of at least 1."""
    if not text.isascii() or not text.isdigit() or len(text) > 12 or int(text) == 0:
        raise argparse.ArgumentTypeError(f"a whole number of at least 1 was wanted, got {text[:40]!r}")
    return int(text)


def whole(text: str) -> int:
    """A whole number of at least 0."""
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        raise argparse.ArgumentTypeError(f"a whole number of at least 0 was wanted, got {text[:40]!r}")
    return int(text)


def share(text: str) -> float:
    """A number from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"a number from 0 to 1 was wanted, got {text[:40]!r}")
    return value


def size(text: str) -> tuple[int, int]:
    """H,W in pixels."""
    parts = text.split(",")
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(f"a size is HEIGHT,WIDTH in pixels, as in 480,640, got {text[:40]!r}")
    return positive(parts[0]), positive(parts[1])


def seeds(text: str) -> range:
    """A:B, from A up to but not with B."""
    first, colon, last = text.partition(":")
    if not colon or whole(first) >= whole(last):
        raise argparse.ArgumentTypeError(f"seeds are FIRST:END, as in 2000000:2000500, got {text[:40]!r}")
    return range(whole(first), whole(last))
