"""Panes and tables of a box on a picture: what is drawn and written is what the records say."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from explorer.drawing.layers import Boxes, DragBox, Grid, HeatMap, Pane
from explorer.drawing.paint import paint
from explorer.drawing.roi_features import features_results, features_verdict, features_view
from explorer.drawing.roi_head import head_scores, head_verdict, head_view, proposal_names
from explorer.ops.roi_align import roi_align, roi_warp
from explorer.ops.roi_pool import roi_pool
from explorer.records.frame import Frame
from explorer.records.roi import Box, Poolings, Roi
from explorer.records.roi_features import RoiFeatureMap, Stage
from explorer.records.roi_head import HeadAnswer, HeadAnswers, PyramidMap

FRAME = Frame(np.zeros((100, 200, 3), np.uint8))
BOX: Box = (21.0, 13.0, 140.0, 90.0)
SMALL: Box = (10.5, 6.5, 70.0, 45.0)
"""The same on the input, which is half as large."""


def pooled(roi: Roi) -> Poolings:
    features = roi.matrix[None]
    given = roi.box, roi.bins
    sampling = roi.samples, roi.scale, roi.aligned
    return Poolings(
        roi_pool(features, *given, roi.scale),
        roi_warp(features, *given, *sampling),
        roi_align(features, *given, *sampling),
    )


def answered(**more: Any) -> RoiFeatureMap:
    """A picture made half as large, on a map of stride 8: a cell is 16 pixels of the picture."""
    matrix = np.random.default_rng(2).normal(size=(6, 13)).astype(np.float32)
    roi = Roi(matrix, SMALL, 3, 2, 1 / 8)
    poolings = pooled(roi)
    cuts = poolings.pool
    rounded = np.array([cuts.cuts_x[0], cuts.cuts_y[0], cuts.cuts_x[-1], cuts.cuts_y[-1]], np.float32) * 16
    stage = Stage("layer<1>", 8, 40, (3.5, 3.5))
    known: dict[str, Any] = {
        "model": "net", "weights": "V1", "device": "cpu", "precision": "fp32", "size": (100, 200), "input": (50, 100),
        "stage": stage, "stages": (stage,), "channel": 7, "strongest": True, "box": BOX, "roi": roi,
        "poolings": poolings, "rounded": rounded, "read": np.array(BOX, np.float32) + 8,
        "moved": rounded - np.array(BOX, np.float32), "macs": 1, "ms": 12.0, "notes": ("a <note>",),
    }  # fmt: skip
    return RoiFeatureMap(**(known | more))


def layers(pane: Pane, kind: type, title: str = "") -> list[Any]:
    return [one for one in pane.layers if isinstance(one, kind) and title in one.title]


def data(html: str) -> list[float]:
    return [float(one) for one in re.findall(r'<data value="([^"]+)"', html)]


def test_four_panes_have_one_box_and_what_each_pooling_gives_where_it_is_from() -> None:
    answer = answered()
    view = features_view(answer, FRAME.id, (2, 1), ("moved", "picked"))
    whole, pool, align, apart = view.panes
    for pane in view.panes:
        assert [(one.box, one.event) for one in layers(pane, DragBox)] == [(BOX, "moved")]
    (heat,) = layers(whole, HeatMap)
    assert np.array_equal(heat.values, answer.roi.matrix) and heat.place == (0, 0, 13 * 16, 6 * 16)
    assert layers(whole, Boxes, "compares")[0].boxes.tolist() == [answer.rounded.tolist()]
    wanted = (
        (pool, answer.poolings.pool.values[0], answer.rounded),
        (align, answer.poolings.align.average[0], answer.read),
        (apart, np.abs(answer.difference), answer.read),
    )
    for pane, values, place in wanted:
        (heat,), (grid,) = layers(pane, HeatMap), layers(pane, Grid)
        assert np.array_equal(heat.values, values) and heat.place == grid.place == tuple(place.tolist())
        assert (grid.rows, grid.columns, grid.event) == (3, 3, "picked")
        (chosen,) = layers(pane, Boxes, "chosen").pop().boxes.tolist()
        wide, tall = (place[2] - place[0]) / 3, (place[3] - place[1]) / 3
        assert chosen == pytest.approx([place[0] + wide, place[1] + 2 * tall, place[0] + 2 * wide, place[3]], abs=1e-3)
    (cells,), (largest,) = layers(whole, Boxes, "cells of the chosen"), layers(whole, Boxes, "largest of them")
    columns, rows = answer.poolings.pool.columns[1], answer.poolings.pool.rows[2]
    assert cells.boxes[0].tolist() == [16 * columns[0], 16 * rows[0], 16 * columns[1], 16 * rows[1]]
    x, y = answer.poolings.pool.largest[0, 2, 1] * 16
    assert largest.boxes[0].tolist() == [x, y, x + 16, y + 16]
    assert all(paint(FRAME, pane).pixels.any() for pane in view.panes)


def test_a_bin_with_no_cell_and_a_map_of_one_number_are_drawn() -> None:
    roi = Roi(np.ones((6, 13), np.float32), (-40.0, -30.0, 10.0, 20.0), 3, 1, 1 / 8)
    view = features_view(answered(roi=roi, poolings=pooled(roi)), FRAME.id, (0, 0), ("a", "b"))
    assert not layers(view.panes[0], Boxes, "cells of the chosen")
    assert all(heat.high > heat.low for pane in view.panes[1:] for heat in layers(pane, HeatMap))


def test_the_verdict_tells_sides_channel_and_scale() -> None:
    answer = answered()
    html = features_verdict(answer)
    assert np.allclose(np.transpose(np.reshape(data(html), (4, 3))), [BOX, answer.rounded, answer.moved], atol=1e-4)
    worst = int(np.abs(answer.moved).argmax())
    assert f"{('left', 'top', 'right', 'bottom')[worst]} edge" in html
    assert "a &lt;note&gt;" in html and "layer&lt;1&gt;" in html and "<note>" not in html
    assert (
        "13 by 6 cells over 100 by 50 pixels would make it 0.1300 and 0.1200" in html and "centred on 3.5, 3.5" in html
    )
    exact = answered(input=(48, 104))
    assert "exactly as many cells as fit" in features_verdict(exact)
    assert "as chosen" in features_verdict(answered(strongest=False))


def test_the_tables_are_the_bins() -> None:
    answer = answered()
    tables = features_results(answer, (1, 1)).split("<table")[1:]
    wanted = (answer.poolings.pool.values[0], answer.poolings.align.average[0], answer.difference)
    for html, values in zip(tables, wanted, strict=True):
        assert np.allclose(np.reshape(data(html), (3, 3)), values) and html.count("aria-current") == 1


def head(best: int, other: float, box: Box) -> HeadAnswer:
    scores = np.full(4, (1 - other) / 3, np.float32)
    scores[best] = other
    return HeadAnswer(np.log(scores), scores, np.array(box, np.float32), np.array(BOX, np.float32))


def headed(pool: HeadAnswer, align: HeadAnswer, **more: Any) -> HeadAnswers:
    roi = Roi(np.ones((6, 13), np.float32), SMALL, 7, 2, 1 / 8)
    proposals = np.array([[i, i, i + 30, i + 20.04] for i in range(25)], np.float32)
    known: dict[str, Any] = {
        "model": "detector", "weights": "random", "device": "cpu", "precision": "fp32", "size": (100, 200),
        "input": (400, 800), "box": BOX, "given": (84.0, 52.0, 560.0, 360.0),
        "maps": (PyramidMap("0", 3, 50, 100), PyramidMap("1", 4, 25, 50)), "chosen": 1, "exact": 4.8, "bins": 7,
        "samples": 2, "names": ("__background__", "a <cat>", "dog", "N/A"), "pool": pool, "align": align, "apart": 0.25,
        "channel": 3, "roi": roi, "poolings": pooled(roi), "proposals": proposals,
        "sure": np.linspace(0.9, 0.1, 25).astype(np.float32), "ms": 5.0, "notes": ("never trained",),
    }  # fmt: skip
    return HeadAnswers(**(known | more))


def test_each_poolings_pane_has_its_class_and_where_the_box_goes() -> None:
    answer = headed(head(0, 0.7, (1, 2, 3, 4)), head(2, 0.6, (5, 6, 7, 8)))
    pool, align = head_view(answer, FRAME.id, "moved").panes
    assert pool.title == "RoI Pool: background 70.0%" and align.title == "RoI Align: dog 60.0%"
    (moved,) = layers(pool, Boxes, "moves")
    assert moved.labels == ("a <cat>",) and moved.boxes.tolist() == [[1, 2, 3, 4]]  # the best that is a thing
    assert layers(align, Boxes, "moves")[0].labels == ("dog",)
    for pane in (pool, align):
        assert layers(pane, DragBox)[0].box == BOX and len(layers(pane, Boxes, "proposals")[0].boxes) == 8


def test_scores_of_both_stand_side_by_side() -> None:
    answer = headed(head(0, 0.7, BOX), head(2, 0.6, BOX))
    html = head_scores(answer)
    order = answer.top(6)
    assert np.allclose(np.reshape(data(html), (4, 2)), [[answer.pool.scores[i], answer.align.scores[i]] for i in order])
    assert [order[0], order[1]] == [0, 2] and "a &lt;cat&gt;" in html and "<cat>" not in html and "__" not in html
    assert "+50.00" in html and "P4" in html and "only level" not in html and "476 by 308" in html
    assert answer.largest_change == pytest.approx(abs(0.7 - 0.4 / 3), abs=1e-6)
    verdict = head_verdict(answer)
    assert "RoI Pool leads to <b>background</b>, RoI Align to <b>dog</b>" in verdict and "never trained" in verdict
    same = headed(head(2, 0.7, BOX), head(2, 0.6, BOX), maps=(PyramidMap("0", 5, 12, 25),), chosen=0)
    assert "Both poolings lead to <b>dog</b>" in head_verdict(same) and "only level" in head_scores(same)


def test_the_best_proposals_are_listed() -> None:
    found = proposal_names(headed(head(0, 0.7, BOX), head(2, 0.6, BOX)))
    assert len(found) == 20 and found[2] == ("3: 0.833 · 2, 2, 32, 22", "3")
