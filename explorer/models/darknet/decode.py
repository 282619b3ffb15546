"""From what the heads read to boxes on the picture, and which of them stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torchvision.ops import clip_boxes_to_image, nms

from explorer.errors import Mistake
from explorer.models.darknet.heads import Detection, Head, Region, Yolo
from explorer.models.darknet.plan import Plan
from explorer.ops.yolo_anchors import anchor_boxes
from explorer.ops.yolo_boxes import YoloBoxes
from explorer.ops.yolo_cells import cell_boxes
from explorer.records.frame import Size


@dataclass(frozen=True)
class Candidates:
    """Every box that one picture's cells propose, N in all: by head, row, column and anchor.

    size: the picture's (height, width); boxes (N, 4): x0 y0 x1 y1 in its pixels, which may reach out of it; scores
    (N,): the best class's objectness x class, in [0, 1]; labels (N,): that class; head, row, column, anchor (N,),
    int64: whose it is, `anchor` counted within the head; heads: each head's arithmetic, where box
    [0, row, column, anchor] is this one, in pixels of the network's input.
    """

    size: Size
    boxes: Tensor
    scores: Tensor
    labels: Tensor
    head: Tensor
    row: Tensor
    column: Tensor
    anchor: Tensor
    heads: tuple[YoloBoxes, ...]

    @property
    def clipped(self) -> Tensor:
        """(N, 4): the boxes' parts inside the picture."""
        return clip_boxes_to_image(self.boxes, self.size)


def decode(plan: Plan, outputs: Sequence[Tensor], size: Size, item: int = 0) -> Candidates:
    """All candidates of one picture.

    outputs: what the network's forward gave; size: the picture's own (height, width); item: which picture of the batch.
    Raises Mistake where the network has no head.
    """
    if not plan.heads:
        raise Mistake("This network has no [yolo], [region] or [detection] head, so it gives no boxes: choose another.")
    heads = tuple(
        head_boxes(section, raw[item : item + 1], plan.size)
        for section, raw in zip(plan.head_sections, outputs, strict=True)
    )
    return candidates(heads, size)


def candidates(heads: tuple[YoloBoxes, ...], size: Size) -> Candidates:
    """What one picture's heads propose, in pixels of the picture; size: its own (height, width)."""
    height, width = heads[0].size
    best = [head.scores[0].flatten(0, 2).max(1) for head in heads]
    places = torch.cat([_places(number, head) for number, head in enumerate(heads)])
    to_picture = heads[0].prior.new_tensor([size[1] / width, size[0] / height] * 2)
    return Candidates(
        size=size,
        boxes=torch.cat([head.boxes[0].flatten(0, 2) for head in heads]) * to_picture,
        scores=torch.cat([scores for scores, _ in best]).clamp(0, 1),
        labels=torch.cat([labels for _, labels in best]),
        head=places[:, 0],
        row=places[:, 1],
        column=places[:, 2],
        anchor=places[:, 3],
        heads=heads,
    )


def head_boxes(section: Head, raw: Tensor, size: Size) -> YoloBoxes:
    """One head's arithmetic for n pictures, of what it read; size: the input's (height, width)."""
    if isinstance(section, Detection):
        grid = section.side, section.side
        return cell_boxes(raw, grid, section.boxes, section.classes, size, root=section.root, softmax=section.softmax)
    if isinstance(section, Region):
        rows, columns = raw.shape[2:]
        anchors = [(width * size[1] / columns, height * size[0] / rows) for width, height in section.anchors]
        return anchor_boxes(raw, anchors, size, softmax=section.softmax)
    if isinstance(section, Yolo):
        return anchor_boxes(raw, section.anchors, size, scale=section.scale, activated=section.activated)
    raise section.wrong("is a head that nobody decodes", "this is a fault of Fovea's")


@dataclass(frozen=True)
class Verdict:
    """What became of candidates.

    enough (e,): those that score enough, best first; met (m,): the best of them, which are compared; stays: bool (m,),
    which of these NMS leaves.
    """

    enough: Tensor
    met: Tensor
    stays: Tensor

    @property
    def kept(self) -> Tensor:
        """Int64 (k,): which candidates stay, best first."""
        return self.met[self.stays]


def judge(candidates: Candidates, score: float = 0.25, iou: float = 0.45, most: int = 1000) -> Verdict:
    """Of the candidates whose score is more than `score` the best `most` are compared, and those go that overlap a
    better one of their own class by an IoU of more than `iou`. A box that is no number never stays."""
    fit = torch.isfinite(candidates.boxes).all(1) & (candidates.scores > score)
    enough = fit.nonzero()[:, 0]
    enough = enough[candidates.scores[enough].argsort(descending=True, stable=True)]
    met = enough[:most]
    stays = torch.zeros(len(met), dtype=torch.bool)
    for label in candidates.labels[met].unique():
        # torchvision's batched_nms moves classes apart as if no box reached past 0, and rounds
        members = (candidates.labels[met] == label).nonzero()[:, 0]
        whose = met[members]
        stays[members[nms(candidates.boxes[whose], candidates.scores[whose], iou)]] = True
    return Verdict(enough, met, stays)


def suppress(candidates: Candidates, score: float = 0.25, iou: float = 0.45, most: int = 1000) -> Tensor:
    """Int64 (k,): which candidates stay, best first; as `judge`."""
    return judge(candidates, score, iou, most).kept


def _places(number: int, head: YoloBoxes) -> Tensor:
    """Int64 (N, 4): head, row, column and anchor of every box of one head, in the order they are flattened."""
    rows, columns, anchors = head.objectness.shape[1:]
    device = head.objectness.device
    sides = [torch.arange(side, device=device) for side in (rows, columns, anchors)]
    places = torch.cartesian_prod(*sides)
    return torch.cat([places.new_full((len(places), 1), number), places], 1)
