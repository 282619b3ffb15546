"""How YOLO came to its boxes, cell by cell: Redmon et al., CVPR 2016, arXiv:1506.02640, section 2; v2,
arXiv:1612.08242; v3, arXiv:1804.02767."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.errors import Mistake
from explorer.models.darknet.decode import Candidates, Verdict, judge
from explorer.ops.yolo_boxes import YoloBoxes
from explorer.records.cell import Cell, CellBoxes
from explorer.records.trace import NOBODY, Contest, Level, Round, Stage, Trace
from explorer.tasks.contest import contest, floats
from explorer.tasks.desk import Network, Outputs


@dataclass(frozen=True)
class Judged:
    """One picture's candidates, and what became of them at a score, an overlap, and as many compared at most."""

    candidates: Candidates
    score: float
    iou: float
    most: int
    verdict: Verdict

    @property
    def there(self) -> Tensor:
        """Int64 (k,): those that NMS left and that are in the picture, best first: what is answered."""
        kept = self.verdict.kept
        boxes = self.candidates.clipped[kept]
        return kept[(boxes[:, 2:] > boxes[:, :2]).all(1)]

    @property
    def contest(self) -> Contest:
        """Boxes whole, as NMS compared them."""
        one, met = self.candidates, self.verdict.met
        places = torch.stack([one.head, one.row, one.column, one.anchor], 1)
        boxes, scores, labels = one.boxes[met], one.scores[met], one.labels[met]
        return contest(boxes, scores, labels, labels, places[met], self.verdict.stays, self.iou)


def judged(candidates: Candidates, score: float, iou: float, most: int) -> Judged:
    """As `judge` has it."""
    return Judged(candidates, score, iou, most, judge(candidates, score, iou, most))


def trace(judged: Judged) -> Trace:
    """The one round that YOLO has: its heads' maps, what each step left, and NMS class by class."""
    verdict = judged.verdict
    stages = (
        Stage("all boxes", len(judged.candidates.scores)),
        Stage(f"score above {judged.score:g}", len(verdict.enough)),
        Stage(f"best {judged.most:,}", len(verdict.met)),
        Stage(f"after NMS at IoU {judged.iou:g}, class by class", len(verdict.kept)),
        Stage("inside the picture", len(judged.there)),
    )
    return Trace((Round("YOLO", _levels(judged.candidates), stages, judged.contest),))


def _levels(candidates: Candidates) -> tuple[Level, ...]:
    height, width = candidates.size
    levels = []
    for number, head in enumerate(candidates.heads):
        whose = candidates.head == number
        spread = head.objectness.shape[1:]
        best, which = candidates.scores[whose].nan_to_num(0).reshape(spread).max(-1)
        labels = candidates.labels[whose].reshape(spread).gather(-1, which[..., None])[..., 0]
        priors = head.prior * torch.tensor(_to_picture(candidates, head)) if head.anchored else head.prior[:0]
        place = 0.0, 0.0, float(width), float(height)
        levels.append(Level(_name(head), place, floats(priors), floats(best), np.asarray(labels.numpy(), np.int64)))
    return tuple(levels)


def _name(head: YoloBoxes) -> str:
    rows, columns = head.objectness.shape[1:3]
    return f"{rows} x {columns}"


def _to_picture(candidates: Candidates, head: YoloBoxes) -> tuple[float, float]:
    """What x and y in pixels of the network's input are multiplied by."""
    (height, width), (rows, columns) = candidates.size, head.size
    return width / columns, height / rows


def cell_of(question: Cell, judged: Judged, network: Network, outputs: Outputs) -> CellBoxes:
    """What a cell reads and proposes, and what became of that. Raises Mistake for a cell that no head has."""
    candidates = judged.candidates
    head = _asked(question, candidates)
    at = 0, question.row, question.column
    whose = (
        (candidates.head == question.level) & (candidates.row == question.row) & (candidates.column == question.column)
    ).nonzero()[:, 0]
    across, down = _to_picture(candidates, head)
    rows, columns = head.objectness.shape[1:3]
    stride_x, stride_y = head.size[1] / columns, head.size[0] / rows
    left, top = question.column * stride_x * across, question.row * stride_y * down
    cell = head.cell[question.row, question.column].expand(len(whose), 2)
    return CellBoxes(
        model=network.card.name,
        weights=network.weights,
        sum="yolo anchor" if head.anchored else "yolo cell",
        level=_name(head),
        row=question.row,
        column=question.column,
        place=(left, top, left + stride_x * across, top + stride_y * down),
        stride=(stride_x, stride_y),
        to_picture=(across, down),
        names=network.categories,
        read=floats(head.read[at]),
        moved=floats(torch.cat([head.within[at], head.factor[at]], 1)),
        prior=floats(torch.cat([cell, head.prior], 1)),
        inputs=floats(head.boxes[at]),
        boxes=floats(candidates.boxes[whose]),
        read_object=floats(head.read_object[at]),
        objectness=floats(head.objectness[at]),
        read_classes=floats(head.read_classes[at]),
        classes=floats(head.classes[at]),
        scores=floats(candidates.scores[whose]),
        labels=np.asarray(candidates.labels[whose].numpy(), np.int64),
        fates=_fates(judged, whose.tolist()),
        cached=outputs.cached,
    )


def _asked(question: Cell, candidates: Candidates) -> YoloBoxes:
    heads = candidates.heads
    if question.level >= len(heads):
        maps = f"{len(heads)} maps" if len(heads) > 1 else "1 map"
        raise Mistake(f"{question.model} has {maps}, counted from 0: choose another than {question.level:,}.")
    head = heads[question.level]
    rows, columns = head.objectness.shape[1:3]
    if question.row >= rows or question.column >= columns:
        raise Mistake(
            f"Map {question.level} of {question.model} has {rows} rows and {columns} columns, counted from 0: choose "
            "a cell in it."
        )
    return head


def _fates(judged: Judged, whose: list[int]) -> tuple[str, ...]:
    verdict, candidates = judged.verdict, judged.candidates
    enough, met, there = set(verdict.enough.tolist()), verdict.met.tolist(), judged.there.tolist()
    compared = judged.contest

    def fate(number: int) -> str:
        if not torch.isfinite(candidates.boxes[number]).all() or not torch.isfinite(candidates.scores[number]):
            return "left out, for it is no number: the weights are broken"
        if number not in enough:
            return f"left out, for it does not score above {judged.score:g}"
        if number not in met:
            return f"left out, for it is not among the best {judged.most:,}"
        place = met.index(number)
        if compared.by[place] != NOBODY:
            winner = compared.by[place]
            return (
                f"suppressed by a better one of its class, of {compared.scores[winner]:.3f} "
                f"(IoU {compared.overlaps[place]:.2f})"
            )
        if number not in there:
            return "left out, for it lies outside the picture"
        return f"answered, number {there.index(number) + 1:,} of {len(there):,}"

    return tuple(fate(number) for number in whose)
