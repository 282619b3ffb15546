"""Boxes from anchors: YOLO9000, arXiv:1612.08242, section 2; v3, arXiv:1804.02767; v4, arXiv:2004.10934."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from explorer.ops.yolo_boxes import YoloBoxes, cells
from explorer.records.frame import Size


def anchor_boxes(
    raw: Tensor,
    anchors: Sequence[tuple[float, float]],
    size: Size,
    *,
    scale: float = 1.0,
    softmax: bool = False,
    activated: bool = False,
) -> YoloBoxes:
    """bx = sigmoid(tx) + cx, by = sigmoid(ty) + cy, bw = pw exp(tw), bh = ph exp(th), and sigmoids for the scores.

    raw: (n, a (5 + c), rows, columns), of each anchor x, y, w, h, object and c classes; anchors: a widths and heights
    in pixels of the input; size: the input's (height, width); scale: YOLOv4's scale_x_y, which lets a centre reach its
    cell's border; softmax: over the classes (YOLOv2), else each by itself; activated: raw has been through the sigmoid
    and sides are (2 tw)^2 times the anchor (Scaled-YOLOv4, arXiv:2011.08036).
    """
    count, channels, rows, columns = raw.shape
    each = raw.reshape(count, len(anchors), channels // len(anchors), rows, columns).permute(
        0, 3, 4, 1, 2
    )  # n, rows, columns, a, 5 + c
    read, read_object, read_classes = each[..., :4], each[..., 4], each[..., 5:]
    within = read[..., :2] if activated else read[..., :2].sigmoid()
    if activated:
        objectness, classes = read_object, read_classes
    else:
        objectness = read_object.sigmoid()
        classes = read_classes.softmax(-1) if softmax else read_classes.sigmoid()
    cell, stride = cells(rows, columns, size, raw)
    return YoloBoxes(
        read=read,
        read_object=read_object,
        read_classes=read_classes,
        within=within * scale - (scale - 1) / 2,
        cell=cell,
        factor=(2 * read[..., 2:]).square() if activated else torch.exp(read[..., 2:]),
        prior=raw.new_tensor(anchors),
        stride=stride,
        size=size,
        objectness=objectness,
        classes=classes,
    )
