"""What really is in the picture, and how a detector's boxes compare, from the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from explorer.records.detect import Detections
from explorer.records.frame import Frame
from explorer.records.truth import Truth
from explorer.sources.annotations.names import read_class_names
from explorer.sources.annotations.read import read_annotation

NAMELESS = {"__background__", "N/A"}
"""A network whose list holds these numbers its classes otherwise than annotators do."""


def truth_of(arguments: argparse.Namespace, frame: Frame, answer: Detections | None = None) -> Truth | None:
    """What --truth says, else what the picture's source knows; class numbers count in --names, else in the network's.

    Raises Mistake for a file that is no annotation of this picture.
    """
    if not arguments.truth:
        return frame.truth
    names: Sequence[str] = ()
    if arguments.names:
        names = read_class_names(arguments.names)
    elif answer and not NAMELESS & set(answer.names):
        names = answer.names
    return read_annotation(arguments.truth, frame.size, Path(arguments.image).name, names)


def verdict(told: dict[str, Any]) -> list[str]:
    """The counts and averages on one line, and what must be known of them; told: as `Judged.as_json` has it."""
    shares = ("precision", "precision"), ("recall", "recall"), ("AP at .5", "ap50"), ("AP", "ap")
    said = ", ".join(f"{title} {_share(told[key])}" for title, key in shares)
    passed = f", {told['passed_over']} passed over" if told["passed_over"] else ""
    return [
        f"against {told['truth']}, from IoU {told['iou']:g}: {told['tp']} true, {told['fp']} false, {told['fn']} missed"
        f"{passed}; {said}",
        *(f"note: {note}" for note in told["notes"]),
    ]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
