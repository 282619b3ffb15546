"""What lies between the passes of a detector, step by step: torchvision's RegionProposalNetwork.filter_proposals and
RoIHeads.postprocess_detections after Ren et al., NIPS 2015, arXiv:1506.01497, section 3.3, with all they leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torchvision.models.detection.roi_heads import RoIHeads
from torchvision.models.detection.rpn import RegionProposalNetwork
from torchvision.ops import batched_nms, clip_boxes_to_image

from explorer.records.frame import Size

SMALLEST_FOUND = 1e-2
"""Pixels of the input on a side, of a thing that is found; torchvision's own."""


@dataclass(frozen=True)
class AnchorMap:
    """A map at each of whose cells the RPN begins with the same anchors.

    stride: (down, across) pixels of the network's input between cells; priors (a, 4): the anchors x0 y0 x1 y1 around
    the corner of a cell, in those pixels; first: the number of its first anchor among those of all maps.
    """

    name: str
    rows: int
    columns: int
    stride: Size
    priors: Tensor
    first: int

    @property
    def anchors(self) -> int:
        """How many it has."""
        return self.rows * self.columns * len(self.priors)

    def places(self, level: int) -> Tensor:
        """Int64 (n, 4): of each anchor level, row, column and number in its cell, in the order they are flattened."""
        sides = (torch.arange(side) for side in (self.rows, self.columns, len(self.priors)))
        places = torch.cartesian_prod(*sides)
        return torch.cat([places.new_full((len(places), 1), level), places], 1)


@dataclass(frozen=True)
class Proposing:
    """The RPN's N anchors on all maps, and what becomes of them; boxes x0 y0 x1 y1 in pixels of the network's input.

    anchors, offsets, boxes (N, 4): where each begins, what the RPN reads, where that moves it; moves (N, 4): shifts in
    its sides, and what sides are multiplied by; logits, objectness (N,); clipped (N, 4): the boxes' parts in the
    picture. Of these, numbers of anchors, int64: best, the best `before` of each map; wide, those of them with sides of
    at least `smallest`; sure, those of them of at least `score`; left, what NMS at `iou` leaves of these, map by map,
    best first; proposals, the best `after` of them.
    """

    maps: tuple[AnchorMap, ...]
    anchors: Tensor
    offsets: Tensor
    moves: Tensor
    boxes: Tensor
    logits: Tensor
    objectness: Tensor
    clipped: Tensor
    before: int
    smallest: float
    score: float
    iou: float
    after: int
    best: Tensor
    wide: Tensor
    sure: Tensor
    left: Tensor

    @property
    def proposals(self) -> Tensor:
        return self.left[: self.after]

    @property
    def places(self) -> Tensor:
        """Int64 (N, 4): level, row, column and number in its cell of each anchor."""
        return torch.cat([one.places(level) for level, one in enumerate(self.maps)])


def propose(
    rpn: RegionProposalNetwork,
    maps: Sequence[AnchorMap],
    anchors: Tensor,
    logits: Tensor,
    offsets: Tensor,
    picture: Size,
) -> Proposing:
    """As `rpn.filter_proposals`.

    anchors, offsets (N, 4), logits (N,): of all maps; picture: (height, width) of what of the input is no padding.
    """
    boxes = rpn.box_coder.decode(offsets, [anchors]).view(-1, 4)
    clipped, objectness = clip_boxes_to_image(boxes, picture), logits.sigmoid()
    before = rpn.pre_nms_top_n()
    best = torch.cat([one.first + _best(logits[one.first : one.first + one.anchors], before) for one in maps])
    wide = best[_sides(clipped[best]).ge(rpn.min_size).all(1)]
    sure = wide[objectness[wide] >= rpn.score_thresh]
    ends = torch.tensor([one.first + one.anchors for one in maps])
    left = sure[batched_nms(clipped[sure], objectness[sure], torch.bucketize(sure, ends, right=True), rpn.nms_thresh)]
    return Proposing(
        maps=tuple(maps),
        anchors=anchors,
        offsets=offsets,
        moves=_moves(rpn, offsets),
        boxes=boxes,
        logits=logits,
        objectness=objectness,
        clipped=clipped,
        before=before,
        smallest=rpn.min_size,
        score=rpn.score_thresh,
        iou=rpn.nms_thresh,
        after=rpn.post_nms_top_n(),
        best=best,
        wide=wide,
        sure=sure,
        left=left,
    )


@dataclass(frozen=True)
class Judging:
    """What the second pass says of n proposals and c classes but for the background, and what becomes of it.

    boxes (n c, 4): x0 y0 x1 y1 in pixels of the network's input, in the picture; scores, labels, proposal (n c,): of
    which class and of which proposal each is. Of these, numbers, int64: enough, those of more than `score`; wide, those
    of them whose sides are no less than `smallest`; left, what NMS at `iou` leaves of these, class by class, best
    first; found, the best `most` of them.
    """

    boxes: Tensor
    scores: Tensor
    labels: Tensor
    proposal: Tensor
    score: float
    smallest: float
    iou: float
    most: int
    enough: Tensor
    wide: Tensor
    left: Tensor

    @property
    def found(self) -> Tensor:
        return self.left[: self.most]


def judge(heads: RoIHeads, rows: Tensor, boxes: Tensor, picture: Size, score: float, iou: float) -> Judging:
    """As `heads.postprocess_detections`, at a score and an overlap.

    rows: (n, 5 classes), logits and offsets of each of the boxes (n, 4); picture: as of `propose`.
    """
    classes = rows.shape[1] // 5
    moved = heads.box_coder.decode(rows[:, classes:], [boxes]).reshape(len(rows), classes, 4)[:, 1:]
    clipped = clip_boxes_to_image(moved, picture).reshape(-1, 4)
    scores = rows[:, :classes].softmax(1)[:, 1:].flatten()
    numbers = torch.arange(len(scores))
    labels, proposal = numbers % (classes - 1) + 1, numbers // (classes - 1)
    enough = numbers[scores > score]
    wide = enough[_sides(clipped[enough]).ge(SMALLEST_FOUND).all(1)]
    left = wide[batched_nms(clipped[wide], scores[wide], labels[wide], iou)]
    return Judging(
        boxes=clipped,
        scores=scores,
        labels=labels,
        proposal=proposal,
        score=score,
        smallest=SMALLEST_FOUND,
        iou=iou,
        most=heads.detections_per_img,
        enough=enough,
        wide=wide,
        left=left,
    )


def _best(logits: Tensor, most: int) -> Tensor:
    return logits.topk(min(most, len(logits))).indices


def _sides(boxes: Tensor) -> Tensor:
    return boxes[:, 2:] - boxes[:, :2]


def _moves(rpn: RegionProposalNetwork, offsets: Tensor) -> Tensor:
    """Shifts in sides of the anchor, and what these are multiplied by."""
    coder = rpn.box_coder
    scaled = offsets / offsets.new_tensor(coder.weights)
    return torch.cat([scaled[:, :2], scaled[:, 2:].clamp(max=coder.bbox_xform_clip).exp()], 1)
