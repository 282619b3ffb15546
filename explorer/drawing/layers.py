"""What can lie over a picture, for the stage in the browser and for the painter alike.

Everything is in pixels of the original picture, x to the right, y down; pixel (0, 0) covers [0, 1) x [0, 1). Colours
are RGB. `as_json` gives the form that assets/stage.js draws; arrays travel as base64 of zlib.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.drawing.palette import MARK, RGB, heat_colours
from explorer.records.frame import Frame

Box = tuple[float, float, float, float]
MOST_BOXES = 1000


class Layer(Protocol):
    """One kind of mark; title: what a legend and the table call it."""

    @property
    def title(self) -> str: ...

    def as_json(self) -> dict[str, Any]:
        """Plain values, with `kind` among them."""


@dataclass(frozen=True, eq=False)
class Boxes:
    """Rectangles, with labels and scores or without.

    boxes: float32 (n, 4), x0 y0 x1 y1; labels: n texts or none; scores: float32 (n,) in [0, 1], best first, or none;
    groups: int64 (n,), the class within which boxes suppress each other; colours: one for each, or one for all; dashed:
    drawn with gaps; score, iou: where the stage's sliders start, None for no slider; iou needs scores; total: how many
    there were before only the top 1,000 were kept.
    """

    title: str
    boxes: NDArray[np.float32]
    labels: tuple[str, ...] = ()
    scores: NDArray[np.float32] | None = None
    groups: NDArray[np.int64] | None = None
    colours: tuple[RGB, ...] = (MARK,)
    dashed: bool = False
    score: float | None = None
    iou: float | None = None
    total: int = 0

    def __post_init__(self) -> None:
        n = len(self.boxes)
        if self.boxes.shape != (n, 4) or n > MOST_BOXES:
            raise ValueError(f"at most {MOST_BOXES} boxes (n, 4) were wanted, got {self.boxes.shape}")
        if len(self.labels) not in (0, n) or len(self.colours) not in (1, n):
            raise ValueError(f"{n} boxes, {len(self.labels)} labels, {len(self.colours)} colours")
        if (self.score is not None or self.iou is not None) and self.scores is None:
            raise ValueError("a slider of score or IoU needs scores")

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "boxes",
            "title": self.title,
            "boxes": _rounded(self.boxes),
            "labels": list(self.labels),
            "scores": None if self.scores is None else _rounded(self.scores, 4),
            "groups": None if self.groups is None else self.groups.tolist(),
            "colours": [list(colour) for colour in self.colours],
            "dashed": self.dashed,
            "score": self.score,
            "iou": self.iou,
            "total": max(self.total, len(self.boxes)),
        }


@dataclass(frozen=True, eq=False)
class LabelMap:
    """A class for every pixel of a region.

    labels: uint8 (rows, columns); names, colours: of the classes that occur, by index; void: an index that is not
    drawn; place: the region it covers, the whole picture where None.
    """

    title: str
    labels: NDArray[np.uint8]
    names: Mapping[int, str]
    colours: Mapping[int, RGB]
    void: int = 255
    place: Box | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "labels",
            "title": self.title,
            "size": list(self.labels.shape),
            "data": _packed(self.labels),
            "names": {str(index): name for index, name in self.names.items()},
            "colours": {str(index): list(colour) for index, colour in self.colours.items()},
            "void": self.void,
            "place": self.place,
        }


@dataclass(frozen=True, eq=False)
class HeatMap:
    """A number for every cell of a region.

    values: float32 (rows, columns), NaN where nothing is known yet; unit: what the numbers are; low, high: the ends of
    the colour scale; place: the region it covers, the whole picture where None; smooth: drawn without cell edges.
    """

    title: str
    values: NDArray[np.float32]
    unit: str
    low: float
    high: float
    place: Box | None = None
    smooth: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "heat",
            "title": self.title,
            "size": list(self.values.shape),
            "data": _packed(np.asarray(self.values, "<f4")),
            "unit": self.unit,
            "low": self.low,
            "high": self.high,
            "colours": base64.b64encode(heat_colours().tobytes()).decode(),
            "place": self.place,
            "smooth": self.smooth,
        }


@dataclass(frozen=True)
class Grid:
    """Lines that cut a region into cells.

    event: the stage reports a clicked cell under this name; bare: no lines, only the cell under a pointer stands out.
    """

    title: str
    rows: int
    columns: int
    place: Box
    colour: RGB = (255, 255, 255)
    event: str = ""
    bare: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "grid",
            "title": self.title,
            "rows": self.rows,
            "columns": self.columns,
            "place": list(self.place),
            "colour": list(self.colour),
            "event": self.event,
            "bare": self.bare,
        }


@dataclass(frozen=True, eq=False)
class Points:
    """Dots. points: float32 (n, 2), x y; labels: n texts or none."""

    title: str
    points: NDArray[np.float32]
    labels: tuple[str, ...] = ()
    colour: RGB = MARK

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "points",
            "title": self.title,
            "points": _rounded(self.points),
            "labels": list(self.labels),
            "colour": list(self.colour),
        }


@dataclass(frozen=True, eq=False)
class Arrows:
    """Arrows. arrows: float32 (n, 4), from x0 y0 to x1 y1."""

    title: str
    arrows: NDArray[np.float32]
    colour: RGB = MARK

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "arrows",
            "title": self.title,
            "arrows": _rounded(self.arrows),
            "colour": list(self.colour),
        }


@dataclass(frozen=True)
class Texts:
    """Words on the picture, each with the place of its centre: x, y, text."""

    title: str
    texts: tuple[tuple[float, float, str], ...]
    colour: RGB = (255, 255, 255)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "texts",
            "title": self.title,
            "texts": [list(one) for one in self.texts],
            "colour": list(self.colour),
        }


@dataclass(frozen=True)
class DragBox:
    """One box that a visitor moves and sizes; event: the stage reports where it is under this name."""

    title: str
    box: Box
    event: str
    colour: RGB = MARK

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "drag",
            "title": self.title,
            "box": list(self.box),
            "event": self.event,
            "colour": list(self.colour),
        }


@dataclass(frozen=True, eq=False)
class Pane:
    """One view of the picture, or of another stretched over its place: title and layers, the first drawn first."""

    title: str = ""
    layers: tuple[Layer, ...] = ()
    picture: Frame | None = None


@dataclass(frozen=True)
class View:
    """What the stage shows of an answer: one to four panes that zoom and pan together.

    picture: content id of the frame the layers are about, so that they are never drawn over another one.
    """

    picture: str
    panes: tuple[Pane, ...] = field(default=(Pane(),))

    def __post_init__(self) -> None:
        if not 1 <= len(self.panes) <= 4:
            raise ValueError(f"one to four panes were wanted, got {len(self.panes)}")


def _rounded(values: NDArray[np.float32], digits: int = 2) -> Any:
    return np.round(values.astype(np.float64), digits).tolist()


def _packed(values: NDArray[Any]) -> str:
    return base64.b64encode(zlib.compress(np.ascontiguousarray(values).tobytes(), 1)).decode()
