"""`detect`: what is where in a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.commands.command import Add, engine, share, told, whole
from explorer.commands.judged import truth_of, verdict
from explorer.commands.networks import chosen, on_a_picture, opened
from explorer.commands.picture_file import writable, write_picture
from explorer.commands.traced import cell, funnel, loss
from explorer.contract import RANDOM
from explorer.errors import Mistake
from explorer.evaluation.matching import judge
from explorer.records.cell import Cell
from explorer.records.cell_loss import CellLoss
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.records.judged import Judged

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
        "--cfg",
        default="",
        metavar="FILE",
        help="a Darknet network of your own, its --weights beside it; or a published one's name, such as yolov3-tiny",
    )
    parser.add_argument(
        "--names", default="", metavar="FILE", help="with --cfg, or a numbered --truth: the classes' names, one a line"
    )
    parser.add_argument(
        "--truth", default="", metavar="FILE", help="what really is there: VOC's XML, YOLO's text or COCO's JSON"
    )
    parser.add_argument("--score", type=share, default=SHOWN, metavar="S", help="leave out what scores lower")
    parser.add_argument(
        "--iou", type=share, metavar="T", help="leave out what overlaps a better box of its class by more"
    )
    parser.add_argument("--trace", action="store_true", help="tell what each step left of all the boxes, and why")
    parser.add_argument("--cell", type=_place, metavar="L,R,C", help="one cell: what it reads and makes of it")
    parser.add_argument(
        "--loss",
        action="store_true",
        help="of a scene: what a YOLO of version 1 learns by, term by term; with --cell too",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="the picture with the boxes, as .png, .jpg, .webp")


def _detect(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.out:
        writable(arguments.out, arguments.image)
    _check(arguments)
    frame = opened(arguments)
    truth_of(arguments, frame)  # refused before any network runs
    serving = engine(arguments.device)
    if arguments.cfg:
        model, weights, why = _brought(serving, arguments)
    else:
        model, weights, why = chosen(serving, frame, arguments, "detect")
    question = Detect(
        picture=serving.keep(frame),
        model=model,
        weights=weights,
        score=arguments.score,
        precision=arguments.precision,
        iou=arguments.iou,
        trace=arguments.trace,
    )
    answer = serving.run(question)
    if arguments.trace and answer.trace is None:
        raise Mistake(f"{answer.model} has no cells or anchors to trace: ask without --trace.")
    found = answer.as_json() | {"notes": [*frame.notes, *filter(None, [why]), *answer.notes]}
    if arguments.cell:
        found["cell"] = serving.run(_asked(question, arguments.cell)).as_json()
    if arguments.loss:
        found["loss"] = _lost(serving, question, arguments.cell)
    judged = _judged(arguments, frame, answer)
    if judged:
        found["judged"] = judged.as_json()
    if arguments.out:
        write_picture(arguments.out, _painted(frame, answer, judged if arguments.truth else None))
        found["out"] = str(arguments.out)
    return found


def _asked(question: Detect, place: tuple[int, int, int]) -> Cell:
    """The cell at map, row and column, asked as the whole picture was."""
    level, row, column = place
    return Cell(
        question.picture,
        question.model,
        level,
        row,
        column,
        weights=question.weights,
        score=question.score,
        precision=question.precision,
        iou=question.iou,
    )


def _lost(serving: LocalEngine, question: Detect, place: tuple[int, int, int] | None) -> dict[str, Any]:
    """The whole picture's loss, and the cell's at map, row and column where one was asked for."""
    losses = serving.run(CellLoss(question.picture, question.model, question.weights, question.precision))
    return losses.as_json() | ({"cell": losses.told(*place[1:])} if place else {})


def _place(text: str) -> tuple[int, int, int]:
    """LEVEL,ROW,COLUMN, each counted from 0."""
    parts = text.split(",")
    if len(parts) != 3:
        raise argparse.ArgumentTypeError(f"a cell is MAP,ROW,COLUMN, as in 0,6,9, got {text[:40]!r}")
    return whole(parts[0]), whole(parts[1]), whole(parts[2])


def _check(arguments: argparse.Namespace) -> None:
    """Raises Mistake where the network is named in two ways, or in half of one."""
    if arguments.cfg and arguments.model:
        raise Mistake("A cfg is a network by itself: give --cfg and --weights, or --model.")
    if arguments.cfg and not arguments.weights and not is_official(arguments.cfg):
        raise Mistake(
            "A cfg says how a network is built, not what it has learnt: give its weights file with --weights, or a "
            "published network's name instead, such as yolov3-tiny."
        )
    if arguments.names and not (arguments.cfg or arguments.truth):
        raise Mistake("Names are of a Darknet network's classes: give its --cfg and --weights too.")
    if arguments.weights and not (arguments.cfg or arguments.model):
        raise Mistake("Weights are of a network: name it with --model, or give a Darknet network's --cfg.")


def is_official(cfg: str) -> bool:
    """Whether this is no file but the name of a published Darknet network."""
    from explorer.models.darknet.official import OFFICIAL

    return cfg in OFFICIAL and not Path(cfg).exists()


def _brought(serving: LocalEngine, arguments: argparse.Namespace) -> tuple[str, str, str]:
    """As `chosen`, of the owner's own Darknet network, or of a published one, whose files are fetched once."""
    if not arguments.weights:
        from explorer.engine.official import official

        cfg, weights = told(official(arguments.cfg))
        return serving.bring(str(cfg), str(weights), arguments.names), "", ""
    random = arguments.weights.lower() == RANDOM
    model = serving.bring(arguments.cfg, RANDOM if random else arguments.weights, arguments.names)
    return model, RANDOM if random else "", ""


def _judged(arguments: argparse.Namespace, frame: Frame, answer: Detections) -> Judged | None:
    """Nothing where nobody knows what really is there."""
    truth = truth_of(arguments, frame, answer)
    return judge(answer, truth, least=arguments.score) if truth else None


def _painted(frame: Frame, answer: Detections, judged: Judged | None) -> Frame:
    from explorer.drawing.detect import detections
    from explorer.drawing.paint import paint_view
    from explorer.drawing.truth import judged_view

    return paint_view(frame, judged_view(judged, frame.id) if judged else detections(answer, frame.id))


def _show(result: dict[str, Any]) -> str:
    found = result["detections"]
    rows = [f"{one['score']:6.1%}  {one['name']:<14} {_corners(one['box'])}" for one in found[:ROWS]]
    if len(found) > ROWS:
        rows.append(f"and {len(found) - ROWS} more")
    how = f"{result['model']} ({result['weights']}) on {result['device']}, {result['ms']:.0f} ms"
    where = [f"painted in {result['out']}"] if "out" in result else []
    more = [
        *(verdict(result["judged"]) if "judged" in result else []),
        *(funnel(result["trace"]) if "trace" in result else []),
        *(cell(result["cell"]) if "cell" in result else []),
        *(loss(result["loss"]) if "loss" in result else []),
    ]
    return "\n".join([*(rows or ["nothing found"]), how, *where, *more, *(f"note: {note}" for note in result["notes"])])


def _corners(box: list[float]) -> str:
    x0, y0, x1, y1 = box
    return f"x {x0:.0f} to {x1:.0f}, y {y0:.0f} to {y1:.0f}"
