"""The three heads that detect: v1, arXiv:1506.02640; v2, arXiv:1612.08242; v3 and v4, arXiv:1804.02767."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.models.darknet.options import Options
from explorer.models.darknet.section import Section

MOST_CLASSES = 10_000
Anchors = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Head(Section):
    """classes: how many it tells apart; boxes: how many each cell proposes."""

    classes: int
    boxes: int


@dataclass(frozen=True)
class Detection(Head):
    """Version 1: boxes without anchors, class scores by cell; root: it gives the square roots of width and height."""

    side: int
    softmax: bool
    root: bool

    @property
    def values(self) -> int:
        """How many numbers it reads."""
        return self.side**2 * (self.classes + 5 * self.boxes)


@dataclass(frozen=True)
class Region(Head):
    """Version 2; anchors: (width, height) in cells; softmax over the classes, else each by itself."""

    anchors: Anchors
    softmax: bool


@dataclass(frozen=True)
class Yolo(Head):
    """Versions 3 and 4; anchors: (width, height) in pixels of the input, those of its mask; scale: scale_x_y.

    activated: the layer before has done the logistic, and sides are squared (new_coords of Scaled-YOLOv4,
    arXiv:2011.08036).
    """

    mask: tuple[int, ...]
    anchors: Anchors
    scale: float
    activated: bool


def detection(options: Options) -> Detection:
    if options.whole("coords", 1, 1, 1_000) != 4:
        raise options.wrong("has not four coordinates a box", "give coords=4")
    options.without(("reorg",))
    return Detection(
        *(options.kind, options.index, options.line),
        classes=options.whole("classes", 1, 1, MOST_CLASSES),
        boxes=options.whole("num", 1, 1, 1_000),
        side=options.whole("side", 7, 1, 1_000),
        softmax=options.flag("softmax"),
        root=options.flag("sqrt"),
    )


def region(options: Options) -> Region:
    if options.whole("coords", 4, 1, 1_000) != 4:
        raise options.wrong("has not four coordinates a box", "give coords=4")
    options.without(("tree", "background"))
    boxes = options.whole("num", 1, 1, 1_000)
    return Region(
        *(options.kind, options.index, options.line),
        classes=options.whole("classes", 20, 1, MOST_CLASSES),
        boxes=boxes,
        anchors=_anchors(options, boxes),
        softmax=options.flag("softmax"),
    )


def yolo(options: Options) -> Yolo:
    total = options.whole("num", 1, 1, 1_000)
    mask = options.wholes("mask", 0, total - 1) or tuple(range(total))
    anchors = _anchors(options, max(mask) + 1)
    return Yolo(
        *(options.kind, options.index, options.line),
        classes=options.whole("classes", 20, 1, MOST_CLASSES),
        boxes=len(mask),
        mask=mask,
        anchors=tuple(anchors[number] for number in mask),
        scale=options.real("scale_x_y", 1.0, 0.01, 100),
        activated=options.flag("new_coords"),
    )


def _anchors(options: Options, number: int) -> Anchors:
    """The first `number` pairs."""
    sides = options.reals("anchors", 1e-6, 1e6)
    if len(sides) % 2 or len(sides) < 2 * number:
        raise options.wrong(
            f"gives {len(sides)} numbers as anchors and uses {number} pairs of them",
            f"give {2 * number}, a width and a height each",
        )
    return tuple(zip(sides[0 : 2 * number : 2], sides[1 : 2 * number : 2], strict=True))
