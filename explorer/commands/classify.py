"""`classify`: what is in a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from explorer.commands.command import Add, engine, positive
from explorer.commands.networks import chosen, on_a_picture, opened
from explorer.commands.picture_file import writable, write_picture
from explorer.records.classify import CROPS, Classification, Classify
from explorer.records.frame import Frame

READABLE, LARGEST = 360, 1280
"""A painted picture has at least the first as its short side, in pixels, unless its long side passed the second."""


def add(command: Add) -> None:
    """Make `classify` known."""
    parser = command("classify", _classify, _show, "What is in a picture.")
    on_a_picture(parser)
    parser.add_argument("--crops", type=int, default=1, choices=CROPS)
    parser.add_argument("--top", type=positive, default=5, metavar="N")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the picture with what was seen, as .png, .jpg, .webp")


def _classify(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.out:
        writable(arguments.out, arguments.image)
    frame = opened(arguments)
    serving = engine(arguments.device)
    model, weights, why = chosen(serving, frame, arguments)
    question = Classify(serving.keep(frame), model, weights, arguments.crops, arguments.top, arguments.precision)
    answer = serving.run(question)
    found = answer.as_json() | {"notes": [*frame.notes, *filter(None, [why]), *answer.notes]}
    if arguments.out:
        write_picture(arguments.out, _painted(frame, answer))
        found["out"] = str(arguments.out)
    return found


def _painted(frame: Frame, answer: Classification) -> Frame:
    """The picture with the crops and the best classes; small ones enlarged by a whole factor, so that one can read."""
    from explorer.drawing.overlay import classification
    from explorer.drawing.paint import paint_view
    from explorer.drawing.plaque import with_classes

    scale = max(1, min(-(-READABLE // min(frame.size)), LARGEST // max(frame.size)))
    view = classification(answer, frame.id)
    titles = [f"dashed: {layer.title}" for layer in view.panes[0].layers]
    return with_classes(paint_view(frame, view, scale=scale), answer, *titles, *answer.notes)


def _show(result: dict[str, Any]) -> str:
    rows = [f"{_share(found['score'])}  {found['name']}" for found in result["classes"]]
    how = f"{result['model']} ({result['weights']}) on {result['device']}, {result['ms']:.0f} ms"
    where = [f"painted in {result['out']}"] if "out" in result else []
    return "\n".join([*rows, how, *where, *(f"note: {note}" for note in result["notes"])])


def _share(score: float | None) -> str:
    return "   NaN" if score is None else f"{score:6.1%}"
