"""`detect`: what is where in a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from explorer.commands.command import Add, engine, share
from explorer.commands.networks import chosen, on_a_picture, opened
from explorer.commands.picture_file import writable, write_picture
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame

SHOWN = 0.3
ROWS = 20


def add(command: Add) -> None:
    """Make `detect` known."""
    parser = command("detect", _detect, _show, "What is where in a picture.")
    on_a_picture(parser)
    parser.add_argument("--score", type=share, default=SHOWN, metavar="S", help="leave out what scores lower")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the picture with the boxes, as .png, .jpg, .webp")


def _detect(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.out:
        writable(arguments.out, arguments.image)
    frame = opened(arguments)
    serving = engine(arguments.device)
    model, weights, why = chosen(serving, frame, arguments, "detect")
    question = Detect(serving.keep(frame), model, weights, arguments.score, arguments.precision)
    answer = serving.run(question)
    found = answer.as_json() | {"notes": [*frame.notes, *filter(None, [why]), *answer.notes]}
    if arguments.out:
        write_picture(arguments.out, _painted(frame, answer))
        found["out"] = str(arguments.out)
    return found


def _painted(frame: Frame, answer: Detections) -> Frame:
    from explorer.drawing.detect import detections
    from explorer.drawing.paint import paint_view

    return paint_view(frame, detections(answer, frame.id))


def _show(result: dict[str, Any]) -> str:
    found = result["detections"]
    rows = [f"{one['score']:6.1%}  {one['name']:<14} {_corners(one['box'])}" for one in found[:ROWS]]
    if len(found) > ROWS:
        rows.append(f"and {len(found) - ROWS} more")
    how = f"{result['model']} ({result['weights']}) on {result['device']}, {result['ms']:.0f} ms"
    where = [f"painted in {result['out']}"] if "out" in result else []
    return "\n".join([*(rows or ["nothing found"]), how, *where, *(f"note: {note}" for note in result["notes"])])


def _corners(box: list[float]) -> str:
    x0, y0, x1, y1 = box
    return f"x {x0:.0f} to {x1:.0f}, y {y0:.0f} to {y1:.0f}"
