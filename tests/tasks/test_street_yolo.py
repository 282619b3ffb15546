"""What the street's YOLO finds, through the engine, is its network, then decoding, then NMS."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from explorer.engine.engine import LocalEngine
from explorer.engine.weights import SEED
from explorer.errors import Mistake
from explorer.models.darknet.decode import candidates, suppress
from explorer.models.registry import Registry, models
from explorer.models.street_yolo import GRID, StreetYolo, boxes_of
from explorer.records.cell import Cell
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.records.scene import CLASSES
from explorer.streetscape.render import render
from tests.street_networks import WHOLE, registry

FRAME = Frame(render(5, (120, 168)).picture, domain="streetscape")
MODEL = "street_yolo"


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    """Draws its weights from its seed; the last layer is louder than that, so that something is found."""
    made = LocalEngine("cpu", registry(MODEL))
    with torch.no_grad():
        made.network(MODEL, "random").module.past.weight.mul_(10)
    yield made
    made.close()


def asked(engine: LocalEngine, **changed: object) -> Detections:
    return engine.run(Detect(engine.keep(FRAME), MODEL, "random", **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(("score", "iou"), [(0.25, None), (0.1, 0.2), (0.05, 1.0)])
def test_it_is_the_network_then_decoding_then_nms(engine: LocalEngine, score: float, iou: float | None) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        network = StreetYolo(len(CLASSES)).eval()
    with torch.inference_mode():
        network.past.weight.mul_(10)
        proposed = candidates((boxes_of(network(WHOLE.batch(FRAME))),), FRAME.size)
    kept = suppress(proposed, score, 0.45 if iou is None else iou)
    boxes = proposed.clipped[kept]
    kept = kept[(boxes[:, 2:] > boxes[:, :2]).all(1)]
    answer = asked(engine, score=score, iou=iou)
    assert len(answer.scores) == len(kept) > 2 and answer.names == CLASSES and answer.size == (120, 168)
    np.testing.assert_allclose(answer.boxes, proposed.clipped[kept], atol=0.05)
    np.testing.assert_allclose(answer.scores, proposed.scores[kept], atol=1e-4)
    assert answer.labels.tolist() == proposed.labels[kept].tolist()


def test_it_tells_how_and_each_cell_what_it_read(engine: LocalEngine) -> None:
    answer = asked(engine, score=0.1, trace=True)
    assert answer.trace is not None and answer.trace.rounds[-1].stages[-1].left == len(answer.scores)
    (level,) = answer.trace.rounds[0].levels
    assert (level.rows, level.columns) == GRID and level.priors.shape == (0, 2)
    best = answer.trace.rounds[0].contest
    row, column = int(best.row[0]), int(best.column[0])
    cell = engine.run(Cell(engine.keep(FRAME), MODEL, 0, row, column, "random", score=0.1))
    assert cell.sum == "yolo cell" and cell.names == CLASSES and cell.cached
    place = np.array([column * 168 / 20, row * 120 / 15, (column + 1) * 168 / 20, (row + 1) * 120 / 15])
    np.testing.assert_allclose(cell.place, place, atol=1e-3)
    np.testing.assert_allclose(cell.boxes[int(best.anchor[0])], best.boxes[0], atol=1e-3)


def test_without_weights_that_say_how_to_see_it_is_refused() -> None:
    entry = models().get(MODEL)
    if entry.published:
        pytest.skip("its weights are there")
    bare = Registry()
    bare.add(entry)
    engine = LocalEngine("cpu", bare)
    with pytest.raises(Mistake, match="how pictures are prepared"):
        engine.run(Detect(engine.keep(FRAME), MODEL, "random"))
    engine.close()
