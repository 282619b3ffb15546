"""How far an answer in half precision may lie from the one in fp32: what is promised, and tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.records.classify import Precision


@dataclass(frozen=True)
class Tolerance:
    """Largest differences from fp32.

    score: of any class's score, which lies in [0, 1]; logits: of any logit of a dense map, as a share of the largest;
    box: of any side of a box whose score is at least SURE, as a share of the box's longer side; found: share of those
    boxes that are found again at IoU .5 under the same name.
    """

    score: float
    logits: float
    box: float
    found: float


SURE = 0.3
TOLERANCES: Mapping[Precision, Tolerance] = {
    "fp32": Tolerance(0.0, 0.0, 0.0, 1.0),
    "bf16": Tolerance(0.05, 0.04, 0.1, 0.9),
    "fp16": Tolerance(0.01, 0.01, 0.05, 0.95),
}
