"""Which seeds are for what, in one place."""

from __future__ import annotations

TRAIN = range(1_000_000)
VALIDATE = range(1_000_000, 1_100_000)
TEST = range(2_000_000, 1 << 62)
EXAM = range(2_000_000, 2_000_500)
FROZEN = range(2_000_000, 2_000_050)


def purpose(seed: int) -> str:
    """What a seed is for: "train", "validate", "test", or "spare" for the ones between."""
    for name, seeds in (("train", TRAIN), ("validate", VALIDATE), ("test", TEST)):
        if seed in seeds:
            return name
    return "spare"
