"""What becomes of the boxes of a detector of one pass, as torchvision's `postprocess_detections` has it: Liu et al.,
SSD, ECCV 2016, arXiv:1512.02325, section 3.7; Lin et al., RetinaNet, ICCV 2017, arXiv:1708.02002, section 4.1."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torchvision.ops import batched_nms, clip_boxes_to_image

from explorer.models.one_stage import After, Read, Rules


@dataclass(frozen=True)
class Verdict:
    """A candidate is a box as one class, numbered box x c + class: a box may be several things.

    scores (N, c): what candidates compete with; enough: how many score more than `score`; met, int64 (m,): numbers of
    those that meet in NMS; boxes (m, 4): theirs, x0 y0 x1 y1 in pixels of the input, clipped to the picture; left,
    int64 (k,): which of the m NMS at `iou` leaves, class by class, best first.
    """

    rules: Rules
    score: float
    iou: float
    scores: Tensor
    enough: int
    met: Tensor
    boxes: Tensor
    left: Tensor

    @property
    def met_scores(self) -> Tensor:
        return self.scores.flatten()[self.met]

    @property
    def met_labels(self) -> Tensor:
        return self.met % self.scores.shape[1]

    @property
    def found(self) -> Tensor:
        """Int64 (k,): which of the m are answered, best first."""
        return self.left[: self.rules.kept]


def judge(after: After, read: Read, score: float, iou: float | None = None) -> Verdict:
    """At a score and an overlap, the detector's own where None."""
    rules = after.rules
    iou = rules.iou if iou is None else iou
    with torch.inference_mode():
        scores = after.scores(read)
        classes = scores.shape[1]
        if rules.per == "class":
            enough, met = _best_of_classes(scores, score, rules.candidates)
        else:
            enough, met = _best_of_maps(read, scores, score, rules.candidates)
        boxes = clip_boxes_to_image(after.boxes(read, met // classes), read.picture)
        left = batched_nms(boxes, scores.flatten()[met], met % classes, iou)
    return Verdict(rules, score, iou, scores, enough, met, boxes, left)


def _best_of_classes(scores: Tensor, score: float, most: int) -> tuple[int, Tensor]:
    over = scores > score
    parts = [torch.empty(0, dtype=torch.int64)]
    for label in over.any(0).nonzero()[:, 0].tolist():
        boxes = over[:, label].nonzero()[:, 0]
        best = scores[boxes, label].topk(min(len(boxes), most)).indices
        parts.append(boxes[best] * scores.shape[1] + label)
    return int(over.sum()), torch.cat(parts)


def _best_of_maps(read: Read, scores: Tensor, score: float, most: int) -> tuple[int, Tensor]:
    enough, parts = 0, []
    for grid in read.grids:
        flat = scores[grid.boxes].flatten()
        over = (flat > score).nonzero()[:, 0]
        best = flat[over].topk(min(len(over), most)).indices
        parts.append(over[best] + grid.first * scores.shape[1])
        enough += len(over)
    return enough, torch.cat(parts)
