"""The benchmarks there are, by name."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from explorer.errors import Mistake, UnknownName

PARTS = ("registry", "live_gradio", "live_socket", "peaks")
"""Modules here that are no benchmark of their own."""


def benchmark(name: str, client: str = "") -> dict[str, Any]:
    """Run one: its rows, and `ratio`, with which way is better; client: who asks, where a benchmark has a choice.

    Raises UnknownName, and Mistake where there is no such choice.
    """
    import explorer.bench as package

    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.name not in PARTS)
    if name not in names:
        raise UnknownName("benchmark", name, names)
    module = importlib.import_module(f"{package.__name__}.{name}")
    chosen = {"client": client} if client else {}
    if chosen and "client" not in inspect.signature(module.measure).parameters:
        raise Mistake(f"bench {name} has no --client: leave it out.")
    rows, ratio = module.measure(**chosen)
    against = module.against(**chosen) if chosen else module.AGAINST
    return {"name": name, "rows": rows, "ratio": ratio, "better": module.BETTER, "against": against}


def alternate(turns: int, *sides: Callable[[], Any], each: int = 1) -> list[float]:
    """Median seconds of each side, run in turns so that a busy machine slows them alike.

    each: runs of a side in a turn, after one that is not counted: threads of the other side may still be winding down.
    """
    times: list[list[float]] = [[] for _ in sides]
    for _ in range(turns):
        for side, spent in zip(sides, times, strict=True):
            side()
            for _ in range(each):
                began = perf_counter()
                side()
                spent.append(perf_counter() - began)
    return [median(spent) for spent in times]
