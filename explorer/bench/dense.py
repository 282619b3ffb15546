"""What dense evaluation is worth: AlexNet at every place of a picture, window by window and at once."""

from __future__ import annotations

from typing import Any

from explorer.bench.registry import alternate
from explorer.contract import RANDOM
from explorer.engine.engine import LocalEngine
from explorer.records.dense import METHODS, Dense
from explorer.sources.open import open_picture

BETTER = "higher"
AGAINST = "the same windows one by one"
MODEL = "alexnet"
PICTURE = "scene:2000001"
STRIDES = (32, 16)
TURNS = 3


def measure() -> tuple[list[dict[str, Any]], float]:
    """Seconds at 480x640 and both of the network's last two strides; the ratio is that of the coarser one."""
    engine = LocalEngine(outputs=0)
    picture = engine.keep(open_picture(PICTURE))
    rows = []
    for stride in STRIDES:
        asked = [Dense(picture, MODEL, RANDOM, stride, method=method) for method in METHODS]
        answers = [engine.run(question) for question in asked]
        one, batched, dense = alternate(TURNS, *(lambda question=question: engine.run(question) for question in asked))
        macs = answers[0].macs / answers[2].macs
        rows.append(
            {
                "stride": stride,
                "positions": answers[0].positions,
                "sliding_ms": one * 1e3,
                "batched_ms": batched * 1e3,
                "dense_ms": dense * 1e3,
                "against_sliding": one / dense,
                "against_batched": batched / dense,
                "arithmetic": macs,
            }
        )
    engine.close()
    return rows, rows[0]["against_sliding"]
