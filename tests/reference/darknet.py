"""Darknet's less usual layers and its heads, number by number over its flat memory: pjreddie.com/darknet."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]


def reorg(x: Map, stride: int) -> Map:
    """Each number of the output, in the order of memory, is fetched from where Darknet's loop would scatter it to."""
    channels, height, width = x.shape
    fewer, flat = channels // stride**2, x.reshape(-1)
    out = np.zeros_like(flat)
    for k in range(channels):
        for j in range(height):
            for i in range(width):
                part, to = divmod(k, fewer)
                row, column = j * stride + part // stride, i * stride + part % stride
                out[i + width * (j + height * k)] = flat[column + width * stride * (row + height * stride * to)]
    return out.reshape(channels * stride**2, height // stride, width // stride)


def reorg_back(x: Map, stride: int) -> Map:
    """Channel k goes to channel k mod c / s^2, its part k div c / s^2 says where in each s x s block."""
    channels, height, width = x.shape
    fewer = channels // stride**2
    out = np.zeros((fewer, height * stride, width * stride), np.float32)
    for k in range(channels):
        part = k // fewer
        for j in range(height):
            for i in range(width):
                out[k % fewer, j * stride + part // stride, i * stride + part % stride] = x[k, j, i]
    return out


def maxpool(x: Map, size: int, down: int, across: int, padding: int) -> Map:
    """The window at cell i begins at i stride - padding / 2, rounded towards zero; outside there is nothing."""
    channels, height, width = x.shape
    rows, columns = (height + padding - size) // down + 1, (width + padding - size) // across + 1
    out = np.zeros((channels, rows, columns), np.float32)
    for k in range(channels):
        for i in range(rows):
            for j in range(columns):
                top, left = i * down - padding // 2, j * across - padding // 2
                seen = [
                    x[k, y, u]
                    for y in range(top, top + size)
                    for u in range(left, left + size)
                    if 0 <= y < height and 0 <= u < width
                ]
                out[k, i, j] = max(seen, default=np.finfo(np.float32).min)
    return out


def convolution(x: Map, weights: Map, stride: tuple[int, int], padding: int, dilation: int, groups: int) -> Map:
    """weights: (filters, channels / groups, size, size)."""
    _, height, width = x.shape
    filters, inputs, size, _ = weights.shape
    reach = dilation * (size - 1) + 1
    rows, columns = (height + 2 * padding - reach) // stride[0] + 1, (width + 2 * padding - reach) // stride[1] + 1
    out = np.zeros((filters, rows, columns))
    for f in range(filters):
        first = f // (filters // groups) * inputs
        for i in range(rows):
            for j in range(columns):
                for c in range(inputs):
                    for y in range(size):
                        for u in range(size):
                            row = i * stride[0] - padding + y * dilation
                            column = j * stride[1] - padding + u * dilation
                            if 0 <= row < height and 0 <= column < width:
                                out[f, i, j] += float(x[first + c, row, column]) * float(weights[f, c, y, u])
    return out.astype(np.float32)


def local(x: Map, weights: Map, biases: Map, size: int, stride: int, padding: int) -> Map:
    """weights: flat, as in the file: place by place, filter by filter, then channel, row and column of a window."""
    channels, height, width = x.shape
    filters, rows, columns = biases.shape
    out = biases.astype(np.float64)
    at = 0
    for i in range(rows):
        for j in range(columns):
            for f in range(filters):
                for c in range(channels):
                    for y in range(size):
                        for u in range(size):
                            row, column = i * stride - padding + y, j * stride - padding + u
                            if 0 <= row < height and 0 <= column < width:
                                out[f, i, j] += float(weights[at]) * float(x[c, row, column])
                            at += 1
    return out.astype(np.float32)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


Found = tuple[int, int, int, tuple[float, ...], float, list[float]]
"""Row, column, anchor, (x, y, w, h) as parts of the picture, objectness, classes."""


def yolo(
    raw: Map, anchors: Sequence[tuple[float, float]], classes: int, size: tuple[int, int], scale: float = 1
) -> list[Found]:
    """raw: (a (5 + c), rows, columns); entry e of anchor n at a cell lies at n (5 + c) + e in its channels."""
    _, rows, columns = raw.shape
    found: list[Found] = []
    for row in range(rows):
        for column in range(columns):
            for n, (width, height) in enumerate(anchors):
                t = [float(v) for v in raw[n * (5 + classes) : (n + 1) * (5 + classes), row, column]]
                x = (column + sigmoid(t[0]) * scale - (scale - 1) / 2) / columns
                y = (row + sigmoid(t[1]) * scale - (scale - 1) / 2) / rows
                box = x, y, math.exp(t[2]) * width / size[1], math.exp(t[3]) * height / size[0]
                found.append((row, column, n, box, sigmoid(t[4]), [sigmoid(v) for v in t[5:]]))
    return found


def region(raw: Map, anchors: Sequence[tuple[float, float]], classes: int) -> list[Found]:
    """As `yolo`, anchors in cells, and a softmax over the classes."""
    _, rows, columns = raw.shape
    found: list[Found] = []
    for row, column, n, box, objectness, _ in yolo(raw, anchors, classes, (rows, columns)):
        raised = [math.exp(float(v)) for v in raw[n * (5 + classes) + 5 : (n + 1) * (5 + classes), row, column]]
        found.append((row, column, n, box, objectness, [v / sum(raised) for v in raised]))
    return found


def detection(raw: Map, side: int, boxes: int, classes: int) -> list[Found]:
    """raw: flat; place by place the classes, then the confidences, then the boxes with roots of their sides."""
    places = side * side
    found: list[Found] = []
    for place in range(places):
        row, column = divmod(place, side)
        for n in range(boxes):
            at = places * (classes + boxes) + (place * boxes + n) * 4
            x, y, w, h = (float(v) for v in raw[at : at + 4])
            box = (x + column) / side, (y + row) / side, w * w, h * h
            confidence = float(raw[places * classes + place * boxes + n])
            found.append((row, column, n, box, confidence, [float(raw[place * classes + c]) for c in range(classes)]))
    return found
