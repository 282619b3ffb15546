"""Boxes from cells, without anchors: Redmon, Divvala, Girshick, Farhadi, CVPR 2016, section 2, arXiv:1506.02640."""

from __future__ import annotations

from torch import Tensor

from explorer.ops.yolo_boxes import YoloBoxes, cells
from explorer.records.frame import Size


def cell_boxes(
    raw: Tensor, grid: Size, boxes: int, classes: int, size: Size, *, root: bool = True, softmax: bool = False
) -> YoloBoxes:
    """x and y within the cell, width and height as parts of the picture; one set of classes for all boxes of a cell.

    raw: (n, R S (c + 5 b)) in Darknet's order: every cell's c classes, every cell's b confidences, every cell's b boxes
    x, y, w, h; grid: R rows and S columns, the paper's are as many; boxes: b; classes: c; size: the input's (height,
    width); root: w and h are square roots; softmax: over the classes, which else are taken as they come. Nothing holds
    a score within [0, 1] here.
    """
    rows, columns = grid
    places, spread = rows * columns, (len(raw), rows, columns, boxes)
    flat, begin = raw.flatten(1), places * (classes + boxes)
    of_class, of_object, of_box = flat[:, : places * classes], flat[:, places * classes : begin], flat[:, begin:]
    read = of_box.reshape(*spread, 4)
    read_classes = of_class.reshape(len(raw), rows, columns, 1, classes).expand(*spread, classes)
    read_object = of_object.reshape(spread)
    cell, stride = cells(rows, columns, size, raw)
    return YoloBoxes(
        read=read,
        read_object=read_object,
        read_classes=read_classes,
        within=read[..., :2],
        cell=cell,
        factor=read[..., 2:].square() if root else read[..., 2:],
        prior=raw.new_tensor([(size[1], size[0])] * boxes),
        stride=stride,
        size=size,
        objectness=read_object,
        classes=read_classes.softmax(-1) if softmax else read_classes,
        anchored=False,
    )
