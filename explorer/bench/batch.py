"""What one line for the device is worth: a class of thirty at once, against thirty one after another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from explorer.bench.registry import alternate
from explorer.contract import RANDOM
from explorer.engine.engine import LocalEngine
from explorer.records.classify import Classify
from explorer.records.frame import Frame
from explorer.sources.samples import sample

BETTER = "lower"
AGAINST = "the same thirty questions one after another"
MODEL = "alexnet"
PEOPLE = 30
TURNS = 5


def measure() -> tuple[list[dict[str, Any]], float]:
    """Seconds for thirty different pictures, in turn and at once; nothing is answered from a cache."""
    engine = LocalEngine(outputs=0)
    pixels = sample("astronaut").pixels
    ids = [engine.keep(Frame(np.roll(pixels, 8 * i, axis=1))) for i in range(PEOPLE)]
    engine.network(MODEL, RANDOM)

    def ask(i: int) -> None:
        engine.run(Classify(ids[i], MODEL, RANDOM), visitor=str(i))

    with ThreadPoolExecutor(PEOPLE) as people:
        in_turn, at_once = alternate(
            TURNS, lambda: [*map(ask, range(PEOPLE))], lambda: [*people.map(ask, range(PEOPLE))]
        )
    engine.close()
    rows = [{"how": "in a row", "seconds": in_turn}, {"how": "at once", "seconds": at_once}]
    return rows, at_once / in_turn
