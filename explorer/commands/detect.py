"""`detect`: what is where in a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.commands.command import Add, engine, share
from explorer.commands.networks import chosen, on_a_picture, opened
from explorer.commands.picture_file import writable, write_picture
from explorer.contract import RANDOM
from explorer.errors import Mistake
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame

if TYPE_CHECKING:
    from explorer.engine.engine import LocalEngine

SHOWN = 0.25
"""What is customary for Darknet networks; one for every family, so that they compare."""
ROWS = 20


def add(command: Add) -> None:
    """Make `detect` known."""
    parser = command("detect", _detect, _show, "What is where in a picture.")
    on_a_picture(parser)
    parser.add_argument(
        "--cfg", default="", metavar="FILE", help="a Darknet network of your own, its --weights beside it"
    )
    parser.add_argument("--names", default="", metavar="FILE", help="with --cfg: the classes' names, one a line")
    parser.add_argument("--score", type=share, default=SHOWN, metavar="S", help="leave out what scores lower")
    parser.add_argument(
        "--iou", type=share, metavar="T", help="leave out what overlaps a better box of its class by more"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="the picture with the boxes, as .png, .jpg, .webp")


def _detect(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.out:
        writable(arguments.out, arguments.image)
    _check(arguments)
    frame = opened(arguments)
    serving = engine(arguments.device)
    if arguments.cfg:
        model, weights, why = _brought(serving, arguments)
    else:
        model, weights, why = chosen(serving, frame, arguments, "detect")
    question = Detect(serving.keep(frame), model, weights, arguments.score, arguments.precision, arguments.iou)
    answer = serving.run(question)
    found = answer.as_json() | {"notes": [*frame.notes, *filter(None, [why]), *answer.notes]}
    if arguments.out:
        write_picture(arguments.out, _painted(frame, answer))
        found["out"] = str(arguments.out)
    return found


def _check(arguments: argparse.Namespace) -> None:
    """Raises Mistake where the network is named in two ways, or in half of one."""
    if arguments.cfg and arguments.model:
        raise Mistake("A cfg is a network by itself: give --cfg and --weights, or --model.")
    if arguments.cfg and not arguments.weights:
        raise Mistake(
            "A cfg says how a network is built, not what it has learnt: give its weights file with --weights."
        )
    if arguments.names and not arguments.cfg:
        raise Mistake("Names are of a Darknet network's classes: give its --cfg and --weights too.")
    if arguments.weights and not (arguments.cfg or arguments.model):
        raise Mistake("Weights are of a network: name it with --model, or give a Darknet network's --cfg.")


def _brought(serving: LocalEngine, arguments: argparse.Namespace) -> tuple[str, str, str]:
    """As `chosen`, of the owner's own Darknet network."""
    random = arguments.weights.lower() == RANDOM
    model = serving.bring(arguments.cfg, RANDOM if random else arguments.weights, arguments.names)
    return model, RANDOM if random else "", ""


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
