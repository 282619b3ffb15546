"""`roi`: what RoI Pool, RoI Warp and RoI Align make of a box on a matrix."""

from __future__ import annotations

import argparse
import re
from typing import Any

from explorer.commands.command import Add, engine, positive, whole
from explorer.records.roi import Box, Roi
from explorer.sources.matrix import read_matrix


def add(command: Add) -> None:
    """Make `roi` known."""
    parser = command("roi", _roi, _show, "RoI Pool against RoI Align, on a matrix of your own.")
    parser.add_argument("--matrix", required=True, metavar="FILE", help="rows of numbers, as CSV")
    parser.add_argument("--box", type=_box, required=True, metavar="X0,Y0,X1,Y1", help="in cells / scale")
    parser.add_argument("--bins", type=positive, default=2, metavar="N", help="on either side")
    parser.add_argument("--samples", type=whole, default=0, metavar="N", help="on either side of a bin; 0: as cells")
    parser.add_argument(
        "--scale", type=float, default=1.0, metavar="S", help="cells of the matrix to a unit of the box"
    )
    parser.add_argument("--aligned", action="store_true", help="a cell's value stands at its centre")
    parser._negative_number_matcher = re.compile(r"-[\d.]")  # a box that begins left of the matrix is no option


def _roi(arguments: argparse.Namespace) -> dict[str, Any]:
    matrix = read_matrix(arguments.matrix)
    question = Roi(matrix, arguments.box, arguments.bins, arguments.samples, arguments.scale, arguments.aligned)
    return engine("cpu").run(question).as_json()


def _box(text: str) -> Box:
    try:
        x0, y0, x1, y1 = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"four numbers X0,Y0,X1,Y1 were wanted, as in 1,2,7,7, got {text[:40]!r}"
        ) from None
    return x0, y0, x1, y1


def _show(result: dict[str, Any]) -> str:
    titles = {"pool": "RoI Pool", "warp": "RoI Warp", "align": "RoI Align, mean", "align_max": "RoI Align, highest"}
    parts = [
        [title, *(" ".join(f"{value:9.4g}" for value in row) for row in result[key])] for key, title in titles.items()
    ]
    box = result["edges"]["pool"]["box"]
    rounded = f"RoI Pool rounds the box to columns {box[0]} to {box[2]} and rows {box[1]} to {box[3]}"
    return "\n".join([*(line for part in parts for line in part), rounded])
