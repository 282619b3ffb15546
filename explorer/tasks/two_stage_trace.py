"""How a detector of two passes came to its boxes: Ren et al., NIPS 2015, arXiv:1506.01497, section 3; Lin et al., FPN,
CVPR 2017, arXiv:1612.03144, section 4.1."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from explorer.errors import Mistake
from explorer.models.two_stage_steps import AnchorMap, Judging, Proposing
from explorer.records.cell import Cell, CellBoxes
from explorer.records.trace import NOBODY, Contest, Level, Round, Stage, Trace
from explorer.tasks.contest import best_first, contest, floats
from explorer.tasks.desk import Network, Outputs

ToPicture = tuple[float, float]
"""What x and y in pixels of the network's input are multiplied by."""


def trace(proposing: Proposing, judging: Judging, to_picture: ToPicture) -> Trace:
    """Two rounds: anchors against anchors, map by map; what the head makes of proposals, class by class."""
    return Trace((_first(proposing, to_picture), _second(proposing, judging, to_picture)))


def _first(proposing: Proposing, to_picture: ToPicture) -> Round:
    stages = (
        Stage("all anchors", len(proposing.anchors)),
        Stage(f"best {proposing.before:,} of each map", len(proposing.best)),
        Stage("clipped to the picture", len(proposing.best)),
        Stage(f"sides of at least {proposing.smallest:g} px", len(proposing.wide)),
        Stage(f"objectness of at least {proposing.score:g}", len(proposing.sure)),
        Stage(f"after NMS at IoU {proposing.iou:g}, map by map", len(proposing.left)),
        Stage(f"best {proposing.after:,}, the proposals", len(proposing.proposals)),
    )
    levels = (
        _level(one, proposing.objectness[one.first : one.first + one.anchors], to_picture) for one in proposing.maps
    )
    return Round("RPN", tuple(levels), stages, _proposed(proposing, to_picture))


def _level(one: AnchorMap, objectness: Tensor, to_picture: ToPicture) -> Level:
    (down, across), (x, y) = one.stride, to_picture
    best = objectness.nan_to_num(0).reshape(one.rows, one.columns, len(one.priors)).amax(-1)
    return Level(
        name=one.name,
        place=(0.0, 0.0, one.columns * across * x, one.rows * down * y),
        priors=floats((one.priors[:, 2:] - one.priors[:, :2]) * torch.tensor(to_picture)),
        scores=floats(best),
        labels=np.full((one.rows, one.columns), NOBODY),
    )


def _proposed(proposing: Proposing, to_picture: ToPicture) -> Contest:
    """The anchors that met in the RPN's NMS."""
    met, stays = _ordered(proposing.objectness, proposing.sure, proposing.left)
    places = proposing.places[met]
    return contest(
        proposing.clipped[met] * torch.tensor(to_picture * 2),
        proposing.objectness[met],
        torch.full(met.shape, NOBODY),
        places[:, 0],
        places,
        stays,
        proposing.iou,
    )


def _second(proposing: Proposing, judging: Judging, to_picture: ToPicture) -> Round:
    met, stays = _ordered(judging.scores, judging.wide, judging.left)
    labels = judging.labels[met]
    stages = (
        Stage("proposals x classes", len(judging.scores)),
        Stage(f"score above {judging.score:g}", len(judging.enough)),
        Stage(f"sides of at least {judging.smallest:g} px", len(judging.wide)),
        Stage(f"after NMS at IoU {judging.iou:g}, class by class", len(judging.left)),
        Stage(f"best {judging.most:,}", len(judging.found)),
    )
    compared = contest(
        judging.boxes[met] * torch.tensor(to_picture * 2),
        judging.scores[met],
        labels,
        labels,
        proposing.places[proposing.proposals[judging.proposal[met]]],
        stays,
        judging.iou,
    )
    return Round("RoI head", (), stages, compared)


def _ordered(scores: Tensor, met: Tensor, left: Tensor) -> tuple[Tensor, Tensor]:
    """Numbers `met` in the order of their scores, and bool, which of them, so ordered, are among `left`."""
    place = torch.zeros(len(scores), dtype=torch.int64)
    place[met] = torch.arange(len(met))
    order, stays = best_first(scores[met], place[left])
    return met[order], stays


def cell_of(
    question: Cell, proposing: Proposing, to_picture: ToPicture, network: Network, outputs: Outputs
) -> CellBoxes:
    """What a cell of the RPN reads and proposes, and what became of that. Raises Mistake for a cell that no map has."""
    one = _asked(question, proposing)
    count = len(one.priors)
    begin = one.first + (question.row * one.columns + question.column) * count
    here = slice(begin, begin + count)
    (down, across), (x, y) = one.stride, to_picture
    left, top = question.column * across * x, question.row * down * y
    anchors = proposing.anchors[here]
    prior = torch.cat([(anchors[:, :2] + anchors[:, 2:]) / 2, anchors[:, 2:] - anchors[:, :2]], 1)
    return CellBoxes(
        model=network.card.name,
        weights=network.weights,
        sum="anchor",
        level=one.name,
        row=question.row,
        column=question.column,
        place=(left, top, left + across * x, top + down * y),
        stride=(float(across), float(down)),
        to_picture=to_picture,
        names=(),
        read=floats(proposing.offsets[here]),
        moved=floats(proposing.moves[here]),
        prior=floats(prior),
        inputs=floats(proposing.boxes[here]),
        boxes=floats(proposing.boxes[here] * torch.tensor(to_picture * 2)),
        read_object=floats(proposing.logits[here]),
        objectness=floats(proposing.objectness[here]),
        read_classes=np.zeros((count, 0), np.float32),
        classes=np.zeros((count, 0), np.float32),
        scores=floats(proposing.objectness[here]),
        labels=np.full(count, NOBODY),
        fates=_fates(proposing, to_picture, range(begin, begin + count)),
        cached=outputs.cached,
    )


def _asked(question: Cell, proposing: Proposing) -> AnchorMap:
    maps = proposing.maps
    if question.level >= len(maps):
        raise Mistake(f"{question.model} has {len(maps)} maps, counted from 0: choose another than {question.level:,}.")
    one = maps[question.level]
    if question.row >= one.rows or question.column >= one.columns:
        raise Mistake(
            f"Map {question.level} of {question.model} has {one.rows} rows and {one.columns} columns, counted from 0: "
            "choose a cell in it."
        )
    return one


def _fates(proposing: Proposing, to_picture: ToPicture, whose: range) -> tuple[str, ...]:
    best, wide, sure = (set(numbers.tolist()) for numbers in (proposing.best, proposing.wide, proposing.sure))
    met, _ = _ordered(proposing.objectness, proposing.sure, proposing.left)
    place = {number: i for i, number in enumerate(met.tolist())}
    rank = {number: i for i, number in enumerate(proposing.proposals.tolist(), 1)}
    compared = _proposed(proposing, to_picture)

    def fate(number: int) -> str:
        if not torch.isfinite(proposing.boxes[number]).all() or not torch.isfinite(proposing.logits[number]):
            return "left out, for it is no number: the weights are broken"
        if number not in best:
            return f"left out, for it is not among the best {proposing.before:,} of its map"
        if number not in wide:
            return "left out, for too little of it is in the picture"
        if number not in sure:
            return f"left out, for its objectness is below {proposing.score:g}"
        winner = compared.by[place[number]]
        if winner != NOBODY:
            return (
                f"suppressed by a better one of its map, of {compared.scores[winner]:.3f} "
                f"(IoU {compared.overlaps[place[number]]:.2f})"
            )
        if number not in rank:
            return f"left out, for it is not among the best {proposing.after:,} that NMS left"
        return f"proposal {rank[number]:,} of {len(rank):,}"

    return tuple(fate(number) for number in whose)
