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
from explorer.ops.yolo_loss import yolo_loss
from explorer.records.cell import Cell
from explorer.records.cell_loss import IGNORED, NOTHING, TERMS, CellLoss
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.records.scene import CLASSES
from explorer.records.truth import Truth
from explorer.sources.open import bundled
from explorer.streetscape.render import render
from explorer.training.streets.scenes import KEPT, of_scenes, things_of
from explorer.training.streets.yolo_targets import targets
from tests.reference.yolo_loss import yolo_loss as slow_loss
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


def test_the_loss_is_the_papers_of_what_it_was_trained_on(engine: LocalEngine) -> None:
    """Cell by cell by slow loops, against the very targets that training gives this scene."""
    scene = bundled("scene:3")
    picture = engine.keep(scene)
    assert not engine.run(Detect(picture, MODEL, "random")).cached
    found = engine.run(CellLoss(picture, MODEL, "random"))
    labels, truth, _ = targets(things_of(of_scenes(range(3, 4))[1][0]), KEPT)
    assert found.labels.tolist() == labels.tolist() and {NOTHING, *labels[labels >= 0]} <= set(found.labels.flat)
    with torch.inference_mode():
        made = boxes_of(engine.network(MODEL, "random").module(WHOLE.batch(scene)))
    whole = yolo_loss(made, torch.from_numpy(labels)[None], torch.from_numpy(truth)[None])
    np.testing.assert_allclose(found.of_picture, whole.of_terms[0].numpy(), rtol=1e-4)
    read = made.read[0], made.objectness[0], made.classes[0, :, :, 0]
    wanted = slow_loss(*(part.tolist() for part in read), labels.tolist(), truth.tolist(), 5, 1, 0.5, 1)
    for place, sums in wanted.items():
        own = [getattr(sums, name) for name in TERMS]
        assert found.terms[:, *place].tolist() == pytest.approx(own, rel=1e-3, abs=1e-5)
        assert found.responsible[place] == (-1 if sums.responsible is None else sums.responsible)
        assert found.overlaps[place].tolist() == pytest.approx(sums.overlaps or [0, 0], abs=1e-4)
    assert found.cached and found.lambdas == (5, 5, 1, 0.5, 1) and found.source == "Streetscape 3"
    assert found.names == CLASSES and found.weights == "random"


def test_what_does_not_count_is_passed_over(engine: LocalEngine) -> None:
    one = Truth(np.asarray([[40, 30, 60, 50]], np.float32), ("cat",), np.asarray([False]), "a test")
    found = engine.run(CellLoss(engine.keep(Frame(FRAME.pixels[::-1].copy(), truth=one)), MODEL, "random"))
    ((row, column),) = np.argwhere(found.labels == IGNORED).tolist()
    assert (row, column) == (int(40 / 120 * GRID[0]), int(50 / 168 * GRID[1]))
    assert found.of_cells[row, column] == 0 < found.of_cells[0, 0] and (found.responsible == -1).all()


def test_a_loss_needs_a_truth_its_names_and_a_network_of_version_1(engine: LocalEngine) -> None:
    bare = engine.keep(Frame(FRAME.pixels[:, ::-1].copy()))
    with pytest.raises(Mistake, match="Nobody knows what is true"):
        engine.run(CellLoss(bare, MODEL, "random"))
    zebra = Truth(np.asarray([[4, 3, 6, 5]], np.float32), ("zebra",), np.asarray([True]), "a test")
    held = engine.keep(Frame(FRAME.pixels[:, ::-1].copy(), truth=zebra))  # of the same pixels, and now it is known
    with pytest.raises(Mistake, match="no name for zebra"):
        engine.run(CellLoss(held, MODEL, "random"))
    other = LocalEngine("cpu", registry("street_overfeat"))
    with pytest.raises(Mistake, match="version 1"):
        other.run(CellLoss(other.keep(bundled("scene:3", (120, 160))), "street_overfeat", "random"))
    other.close()


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
