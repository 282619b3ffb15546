"""The benchmarks there are, by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from explorer.errors import UnknownName


def benchmark(name: str) -> dict[str, Any]:
    """Run one: its rows, and `ratio`, with which way is better. Raises UnknownName."""
    import explorer.bench as package

    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.name != "registry")
    if name not in names:
        raise UnknownName("benchmark", name, names)
    module = importlib.import_module(f"{package.__name__}.{name}")
    rows, ratio = module.measure()
    return {"name": name, "rows": rows, "ratio": ratio, "better": module.BETTER, "against": module.AGAINST}


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
