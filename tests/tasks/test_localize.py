"""OverFeat's way to find things, against the network itself, one window at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from explorer.engine.engine import LocalEngine
from explorer.engine.weights import SEED
from explorer.errors import Mistake
from explorer.models.overfeat import WINDOW, StreetOverFeat
from explorer.ops.greedy_merge import greedy_merge
from explorer.records.detect import Detect
from explorer.records.frame import Frame
from explorer.records.localize import Localize, Localized
from explorer.records.scene import CLASSES
from explorer.streetscape.exam import CROP_CLASSES
from explorer.streetscape.render import render
from explorer.tasks.localize import BEYOND, fitting_scales
from explorer.training.streets.tiles import FILL
from tests.street_networks import PREPARATION, registry

FRAME = Frame(render(5, (120, 168)).picture, domain="streetscape")
MODEL = "street_overfeat"


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    """Knows the street networks, whose weights it draws from its seed."""
    made = LocalEngine("cpu", registry(MODEL, "street_alexnet"))
    yield made
    made.close()


def asked(engine: LocalEngine, **more: object) -> Localized:
    return engine.run(Localize(engine.keep(FRAME), MODEL, "random", score=0.0, **more))  # type: ignore[arg-type]


def itself() -> StreetOverFeat:
    """The network as the engine draws it from its seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        return StreetOverFeat(len(CROP_CLASSES)).eval()


def test_every_place_says_what_its_window_says_alone(engine: LocalEngine) -> None:
    found = asked(engine, scales=(1.0, 0.75), match=0.0)
    candidates = found.candidates
    assert found.stride == 8 and found.positions == 14 * 20 + 10 * 14
    assert candidates.total == found.positions * len(CLASSES) == 4200 and len(candidates.scores) == 1000
    both = itself().with_boxes().eval()
    assert candidates.windows[:, :2].min() < -20  # some windows reach past the edges
    for place in (0, 40, len(candidates.scores) - 1):
        scale = float(candidates.scales[place])
        size = (round(120 * scale), round(168 * scale))
        left, top = (round(float(edge) * scale) for edge in candidates.windows[place, :2])
        with torch.inference_mode():
            wide = np.pad(PREPARATION.scaled(FRAME, size), ((32, 32), (32, 32), (0, 0)), constant_values=FILL)
            cut = wide[top + 32 : top + 32 + WINDOW, left + 32 : left + 32 + WINDOW]
            x = PREPARATION.inputs([np.ascontiguousarray(cut)])
            values = both(x)[0]
        label = int(candidates.labels[place])
        assert float(candidates.scores[place]) == pytest.approx(float(values[:-4].softmax(0)[label]), rel=1e-3)
        moves = values[-4:].numpy() * WINDOW + [left + WINDOW / 2, top + WINDOW / 2] * 2
        ends = np.concatenate([np.minimum(moves[:2], moves[2:]), np.maximum(moves[:2], moves[2:])])
        wanted = np.clip(ends / scale, 0, [168, 120] * 2)
        np.testing.assert_allclose(candidates.boxes[place], wanted, atol=0.05)
    assert (np.diff(candidates.scores) <= 0).all()


def test_boxes_are_merged_class_by_class_and_scores_are_chances(engine: LocalEngine) -> None:
    for regressor in (True, False):
        found = asked(engine, scales=(1.0,), regressor=regressor, match=0.8)
        candidates, merged = found.candidates, found.detections
        label = int(candidates.labels[0])
        own = candidates.labels == label
        boxes = candidates.boxes if regressor else candidates.windows
        wanted = greedy_merge(boxes[own], candidates.scores[own], 0.8)
        got = merged.boxes[merged.labels == label]
        assert sorted(map(tuple, got.tolist())) == sorted(map(tuple, wanted.boxes.tolist()))
        member = int(candidates.members[0])
        doubt = np.prod(1 - candidates.scores[candidates.members == member].astype(np.float64))
        assert float(merged.scores[member]) == pytest.approx(1 - doubt, rel=1e-4)
        assert merged.labels[candidates.members].tolist() == candidates.labels.tolist()


def test_a_threshold_of_one_finds_nothing_and_that_is_an_answer(engine: LocalEngine) -> None:
    found = engine.run(Localize(engine.keep(FRAME), MODEL, "random", scales=(1.0,), score=1.0))
    assert len(found.detections.scores) == 0 and found.candidates.total == 0
    detected = engine.run(Detect(engine.keep(FRAME), MODEL, "random", score=0.0))
    assert "background" not in detected.names and detected.size == (120, 168)


def test_the_margin_is_as_grey_as_in_training() -> None:
    assert BEYOND == FILL


def test_six_scales_from_the_whole_short_side_up() -> None:
    scales = fitting_scales((480, 640), (79, 79))
    assert len(scales) == 6 and scales[0] == pytest.approx(79 / 480) and scales[-1] == pytest.approx(1.62, abs=0.01)
    assert fitting_scales((20, 20), (79, 79))[-1] == 4.0


def test_more_places_than_there_is_memory_for_are_refused_before_anything_runs(engine: LocalEngine) -> None:
    picture = engine.keep(Frame(np.zeros((900, 8000, 3), np.uint8)))
    with pytest.raises(Mistake, match="places, and 400000 are the most"):
        engine.run(Localize(picture, MODEL, "random", stride=2, scales=(2.0,)))


def test_what_has_no_boxes_is_refused(engine: LocalEngine) -> None:
    with pytest.raises(Mistake, match="no box regressor"):
        engine.run(Localize(engine.keep(FRAME), "street_alexnet", "random"))
    with pytest.raises(Mistake, match="does not say where"):
        engine.run(Detect(engine.keep(FRAME), "street_alexnet", "random"))
    with pytest.raises(Mistake, match="no room for a window"):
        engine.run(Localize(engine.keep(FRAME), MODEL, "random", scales=(0.1,)))
