"""What lies over a picture: the form the page reads, and what is refused."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np
import pytest

from explorer.drawing.layers import (
    MOST_BOXES,
    Arrows,
    Boxes,
    DragBox,
    Grid,
    HeatMap,
    LabelMap,
    Layer,
    Pane,
    Points,
    Texts,
    View,
)
from explorer.drawing.palette import CLASSES, class_colour, heat_colours

BOX = np.asarray([[1.004, 2.5, 3.25, 4]], np.float32)
SCORE = np.asarray([0.123456], np.float32)


def unpacked(text: str, dtype: str, size: list[int]) -> Any:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype).reshape(size)


@pytest.mark.parametrize(
    ("layer", "kind"),
    [
        (Boxes("t", BOX), "boxes"),
        (LabelMap("t", np.zeros((2, 3), np.uint8), {0: "a"}, {0: (1, 2, 3)}), "labels"),
        (HeatMap("t", np.zeros((2, 3), np.float32), "score", 0, 1), "heat"),
        (Grid("t", 2, 3, (0, 0, 4, 4), event="cell"), "grid"),
        (Points("t", BOX[:, :2], ("p",)), "points"),
        (Arrows("t", BOX), "arrows"),
        (Texts("t", ((1, 2, "é"),)), "texts"),
        (DragBox("t", (0, 0, 4, 4), "moved"), "drag"),
    ],
)
def test_every_layer_says_its_kind_and_is_json(layer: Layer, kind: str) -> None:
    told = json.loads(json.dumps(layer.as_json(), allow_nan=False))
    assert told["kind"] == kind and told["title"] == layer.title == "t"


def test_boxes_as_json() -> None:
    layer = Boxes("b", BOX, ("cat",), SCORE, np.asarray([3]), ((1, 2, 3),), True, 0.2, 0.5, 7)
    told = layer.as_json()
    assert told["boxes"] == [[1.0, 2.5, 3.25, 4.0]] and told["scores"] == [0.1235] and told["labels"] == ["cat"]
    assert told["groups"] == [3] and told["colours"] == [[1, 2, 3]] and told["dashed"] is True
    assert (told["score"], told["iou"], told["total"]) == (0.2, 0.5, 7)
    bare = Boxes("b", BOX).as_json()
    assert bare["scores"] is None and bare["groups"] is None and bare["total"] == 1


def test_maps_travel_exactly() -> None:
    labels = np.arange(6, dtype=np.uint8).reshape(2, 3)
    told = LabelMap("l", labels[:, ::-1], {1: "a"}, {1: (1, 2, 3)}, place=(0, 0, 3, 2)).as_json()
    assert (unpacked(told["data"], "u1", told["size"]) == labels[:, ::-1]).all()
    assert told["names"] == {"1": "a"} and told["colours"] == {"1": [1, 2, 3]}
    assert told["void"] == 255 and told["place"] == (0, 0, 3, 2)
    values = np.asarray([[0.1, np.nan], [3, -1]], np.float32)
    told = HeatMap("h", values, "m", -1, 3, smooth=True).as_json()
    assert np.array_equal(unpacked(told["data"], "<f4", told["size"]), values, equal_nan=True)
    assert (told["low"], told["high"], told["unit"], told["smooth"], told["place"]) == (-1, 3, "m", True, None)
    assert base64.b64decode(told["colours"]) == heat_colours().tobytes()


@pytest.mark.parametrize(
    "values",
    [
        {"boxes": np.zeros((2, 3), np.float32)},
        {"boxes": np.zeros((MOST_BOXES + 1, 4), np.float32)},
        {"boxes": BOX, "labels": ("a", "b")},
        {"boxes": BOX, "colours": ((1, 2, 3), (4, 5, 6))},
        {"boxes": BOX, "score": 0.5},
        {"boxes": BOX, "iou": 0.5},
    ],
)
def test_boxes_that_do_not_fit_together_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Boxes("b", **values)


@pytest.mark.parametrize("count", [0, 5])
def test_a_view_has_one_to_four_panes(count: int) -> None:
    with pytest.raises(ValueError, match="one to four"):
        View("id", (Pane(),) * count)


def test_classes_have_different_colours_that_come_round() -> None:
    assert len(set(CLASSES)) == 12 and class_colour(14) == CLASSES[2]


def test_heat_goes_from_dark_to_light_evenly() -> None:
    light = heat_colours().astype(float) @ [0.299, 0.587, 0.114]
    assert heat_colours().shape == (256, 3) and (np.diff(light) > -1).all() and light[-1] - light[0] > 150
