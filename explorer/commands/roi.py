"""`roi`: what RoI Pool, RoI Warp and RoI Align make of a box, on a matrix or on a network's map of a picture."""

from __future__ import annotations

import argparse
import re
from typing import Any

from explorer.commands.command import Add, engine, positive, told, whole
from explorer.commands.networks import chosen, on_a_picture, opened
from explorer.errors import Mistake
from explorer.records.roi import Box, Roi
from explorer.records.roi_features import STRONGEST, RoiFeatureMap, RoiFeatures
from explorer.records.roi_head import FAMILIES, HeadAnswers, RoiHead
from explorer.sources.matrix import read_matrix

MATRIX_BINS, PICTURE_BINS = 2, 7
TITLES = {"pool": "RoI Pool", "warp": "RoI Warp", "align": "RoI Align, mean", "align_max": "RoI Align, highest"}


def add(command: Add) -> None:
    """Make `roi` known."""
    parser = command("roi", _roi, _show, "RoI Pool against RoI Align, on a matrix of your own or on a picture.")
    on_a_picture(parser, optional=True)
    parser.add_argument("--matrix", default="", metavar="FILE", help="rows of numbers, as CSV, instead of a picture")
    parser.add_argument("--box", type=_box, required=True, metavar="X0,Y0,X1,Y1", help="in pixels, or in cells / scale")
    parser.add_argument("--bins", type=positive, metavar="N", help="on either side; 2 on a matrix, 7 on a picture")
    parser.add_argument("--samples", type=whole, metavar="N", help="on either side of a bin; 0: as many as cells")
    parser.add_argument("--aligned", action="store_true", help="a cell's value stands at its centre")
    parser.add_argument("--scale", type=float, metavar="S", help="cells of the matrix to a unit of the box, usually 1")
    parser.add_argument(
        "--layer", default="", metavar="L", help="name or stride of the network's map, usually the last"
    )
    parser.add_argument("--channel", type=whole, metavar="C", help="of the map, usually the strongest in the box")
    parser._negative_number_matcher = re.compile(r"-[\d.]")  # a box that begins left of the matrix is no option


def _roi(arguments: argparse.Namespace) -> dict[str, Any]:
    if bool(arguments.matrix) == bool(arguments.image):
        raise Mistake("A box lies on one thing: name a picture, or a file of numbers with --matrix.")
    return _on_matrix(arguments) if arguments.matrix else _on_picture(arguments)


def _on_matrix(arguments: argparse.Namespace) -> dict[str, Any]:
    _refuse(arguments, ("model", "weights", "layer", "channel"), "a matrix has no network")
    matrix = read_matrix(arguments.matrix)
    scale = 1.0 if arguments.scale is None else arguments.scale
    bins, samples = arguments.bins or MATRIX_BINS, arguments.samples or 0
    question = Roi(matrix, arguments.box, bins, samples, scale, arguments.aligned)
    return engine("cpu").run(question).as_json()


def _on_picture(arguments: argparse.Namespace) -> dict[str, Any]:
    _refuse(arguments, ("scale",), "on a picture it follows from the network's strides")
    frame = opened(arguments)
    serving = engine(arguments.device)
    family = next((card.family for card in serving.models() if card.name == arguments.model), "")
    if family in FAMILIES:
        _refuse(arguments, ("bins", "samples", "aligned", "layer"), "a detector's head has its own")
    model, weights, why = chosen(serving, frame, arguments)
    picture, channel = serving.keep(frame), STRONGEST if arguments.channel is None else arguments.channel
    answer: RoiFeatureMap | HeadAnswers
    if family in FAMILIES:
        answer = told(serving.ask(RoiHead(picture, model, arguments.box, weights, channel, arguments.precision)))
    else:
        question = RoiFeatures(
            picture, model, arguments.box, weights, arguments.layer, arguments.bins or PICTURE_BINS,
            arguments.samples or 0, channel, arguments.aligned, arguments.precision,
        )  # fmt: skip
        answer = told(serving.ask(question))
    return answer.as_json() | {"notes": [*frame.notes, *filter(None, [why]), *answer.notes]}


def _refuse(arguments: argparse.Namespace, names: tuple[str, ...], why: str) -> None:
    """Raises Mistake where one of these was given, which would do nothing."""
    given = [f"--{name}" for name in names if getattr(arguments, name) not in ("", None, False)]
    if given:
        raise Mistake(f"{' and '.join(given)} cannot be set here, for {why}: leave it out.")


def _box(text: str) -> Box:
    try:
        x0, y0, x1, y1 = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"four numbers X0,Y0,X1,Y1 were wanted, as in 1,2,7,7, got {text[:40]!r}"
        ) from None
    return x0, y0, x1, y1


def _show(result: dict[str, Any]) -> str:
    parts = [
        [title, *(" ".join(f"{value:9.4g}" for value in row) for row in result[key])] for key, title in TITLES.items()
    ]
    box = result["edges"]["pool"]["box"]
    rounded = f"RoI Pool rounds the box to columns {box[0]} to {box[2]} and rows {box[1]} to {box[3]}"
    return "\n".join([*(line for part in parts for line in part), rounded, *_network(result)])


def _network(result: dict[str, Any]) -> list[str]:
    """What there is to say of a network's map and of a head."""
    if "model" not in result:
        return []
    where = result.get("layer", f"P{result.get('level')}")
    lines = [f"channel {result['channel']} of {where}, a pixel is {result['scale']:g} cells"]
    if "moved" in result:
        sides = zip(("left", "top", "right", "bottom"), result["moved"], strict=True)
        lines.append("moved on the picture by " + ", ".join(f"{side} {off:+.1f}" for side, off in sides) + " pixels")
    for row in result.get("scores", []):
        lines.append(f"{row['pool']:7.2%} by RoI Pool  {row['align']:7.2%} by RoI Align  {row['name']}")
    how = f"{result['model']} ({result['weights']}) on {result['device']}, {result['ms']:.0f} ms"
    return [*lines, how, *(f"note: {note}" for note in result["notes"])]
