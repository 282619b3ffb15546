"""How SSD, RetinaNet and FCOS came to their boxes, map by map and cell by cell: Liu et al., ECCV 2016,
arXiv:1512.02325, section 2.1; Lin et al., ICCV 2017, arXiv:1708.02002, section 4; Tian et al., ICCV 2019,
arXiv:1904.01355, section 3."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torchvision.models.detection.transform import resize_boxes

from explorer.errors import Mistake
from explorer.models.one_stage import After, Grid, Read
from explorer.models.one_stage_verdict import Verdict
from explorer.records.cell import Cell, CellBoxes
from explorer.records.frame import Frame
from explorer.records.trace import NOBODY, Contest, Level, Round, Stage, Trace
from explorer.tasks.contest import best_first, contest, floats
from explorer.tasks.desk import Network, Outputs

Edges = tuple[float, float, float, float]


@dataclass(frozen=True)
class Judged:
    """One picture's pass, and what became of its boxes."""

    network: Network
    frame: Frame
    outputs: Outputs
    after: After
    read: Read
    verdict: Verdict

    @property
    def to_picture(self) -> tuple[float, float]:
        """What x and y in pixels of the network's input are multiplied by."""
        (height, width), (rows, columns) = self.frame.size, self.read.picture
        return width / columns, height / rows

    def place(self, grid: Grid, row: int = 0, column: int = 0, rows: int = 1, columns: int = 1) -> Edges:
        """What some of a map's cells cover, x0 y0 x1 y1 in pixels of the picture."""
        across, down = (side * factor for side, factor in zip(grid.stride, self.to_picture, strict=True))
        return column * across, row * down, (column + columns) * across, (row + rows) * down


def trace(judged: Judged) -> Trace:
    """The one round there is: its maps, what each step left, and NMS class by class."""
    verdict, rules = judged.verdict, judged.verdict.rules
    boxes, classes = verdict.scores.shape
    things = classes - judged.after.background
    stages = (
        Stage(f"all boxes, each as any of {things:,} classes", boxes * things),
        Stage(f"score above {verdict.score:g}", verdict.enough),
        Stage(f"best {rules.candidates:,} of each {rules.per}", len(verdict.met)),
        Stage(f"after NMS at IoU {verdict.iou:g}, class by class", len(verdict.left)),
        Stage(f"best {rules.kept:,}", len(verdict.found)),
    )
    levels = tuple(_level(judged, grid) for grid in judged.read.grids)
    return Trace((Round(judged.network.card.family, levels, stages, _ordered(judged)[0]),))


def _level(judged: Judged, grid: Grid) -> Level:
    each = judged.verdict.scores[grid.boxes].reshape(grid.rows, grid.columns, grid.anchors, -1)
    best, labels = each.amax(2).max(-1)
    first = judged.read.start[grid.boxes][: 0 if judged.after.points else grid.anchors]
    priors = (first[:, 2:] - first[:, :2]) * torch.tensor(judged.to_picture)
    place = judged.place(grid, rows=grid.rows, columns=grid.columns)
    return Level(grid.name, place, floats(priors), floats(best), np.asarray(labels.numpy(), np.int64))


def _ordered(judged: Judged) -> tuple[Contest, Tensor]:
    """Those that met, best first and as a record; and the numbers of these candidates, int64 (m,)."""
    read, verdict = judged.read, judged.verdict
    order, stays = best_first(verdict.met_scores, verdict.left)
    met, labels = verdict.met[order], verdict.met_labels[order]
    places = read.places[met // verdict.scores.shape[1]]
    boxes = resize_boxes(verdict.boxes[order], read.picture, judged.frame.size)
    return contest(boxes, verdict.met_scores[order], labels, labels, places, stays, verdict.iou), met


def cell_of(question: Cell, judged: Judged) -> CellBoxes:
    """What a cell reads and proposes, and what became of that. Raises Mistake for a cell that no map has."""
    grid, read, after = _asked(question, judged.read.grids), judged.read, judged.after
    first = grid.first + (question.row * grid.columns + question.column) * grid.anchors
    whose = torch.arange(first, first + grid.anchors)
    moved, prior = after.moves(read, whose)
    inputs, logits = after.boxes(read, whose), read.logits[whose]
    best, labels = judged.verdict.scores[whose].max(-1)
    none = torch.full(whose.shape, float("nan"))
    centres = none if read.centres is None else read.centres[whose]
    return CellBoxes(
        model=judged.network.card.name,
        weights=judged.network.weights,
        sum="distance" if after.points else "anchor",
        level=grid.name,
        row=question.row,
        column=question.column,
        place=judged.place(grid, question.row, question.column),
        stride=grid.stride,
        to_picture=judged.to_picture,
        names=judged.network.categories,
        read=floats(read.offsets[whose]),
        moved=floats(moved),
        prior=floats(prior),
        inputs=floats(inputs),
        boxes=floats(resize_boxes(inputs, read.picture, judged.frame.size)),
        read_object=floats(centres),
        objectness=floats(centres.sigmoid()),
        read_classes=floats(logits),
        classes=floats(after.classes(logits)),
        scores=floats(best),
        labels=np.asarray(labels.numpy(), np.int64),
        fates=_fates(judged, whose.tolist(), labels.tolist()),
        cached=judged.outputs.cached,
    )


def _asked(question: Cell, grids: tuple[Grid, ...]) -> Grid:
    if question.level >= len(grids):
        raise Mistake(
            f"{question.model} has {len(grids)} maps, counted from 0: choose another than {question.level:,}."
        )
    grid = grids[question.level]
    if question.row >= grid.rows or question.column >= grid.columns:
        raise Mistake(
            f"Map {question.level} of {question.model} has {grid.rows} rows and {grid.columns} columns, counted from "
            "0: choose a cell in it."
        )
    return grid


def _fates(judged: Judged, boxes: list[int], labels: list[int]) -> tuple[str, ...]:
    """What became of each box as the class that it is most, and as which others it is answered."""
    verdict, names = judged.verdict, judged.network.categories
    rules, classes = verdict.rules, verdict.scores.shape[1]
    compared, ordered = _ordered(judged)
    met, found = ordered.tolist(), verdict.met[verdict.found].tolist()

    def fate(box: int, label: int) -> str:
        number = box * classes + label
        if not torch.isfinite(judged.read.offsets[box]).all() or not torch.isfinite(judged.read.logits[box]).all():
            return "left out, for it is no number: the weights are broken"
        if not verdict.scores[box, label] > verdict.score:
            return f"left out, for it does not score above {verdict.score:g}"
        if number not in met:
            return f"left out, for it is not among the best {rules.candidates:,} of its {rules.per}"
        place = met.index(number)
        if compared.by[place] != NOBODY:
            winner = compared.by[place]
            return (
                f"suppressed by a better one of its class, of {compared.scores[winner]:.3f} "
                f"(IoU {compared.overlaps[place]:.2f})"
            )
        if number not in found:
            return f"left out, for it is not among the best {rules.kept:,}"
        return f"answered, number {found.index(number) + 1:,} of {len(found):,}"

    def others(box: int, label: int) -> str:
        also = [names[number % classes] for number in found if number // classes == box and number % classes != label]
        return f"; answered as {' and '.join(also)} too" if also else ""

    return tuple(fate(box, label) + others(box, label) for box, label in zip(boxes, labels, strict=True))
