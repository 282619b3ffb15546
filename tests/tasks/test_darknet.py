"""What a Darknet network finds, through the engine."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake
from explorer.models.darknet.decode import decode, suppress
from explorer.models.darknet.prepare import prepare
from explorer.models.darknet.weights import load
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.tasks.darknet import MOST, finish, rows_of
from explorer.tasks.desk import Outputs
from tests.models.darknet.coco import annotations, matched
from tests.models.darknet.files import EVERY, cfg, planned, spread, written

PLAN = planned(*EVERY)
FRAME = Frame(np.random.default_rng(0).integers(0, 256, (60, 90, 3), np.uint8))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """own.cfg lies beside it."""
    folder = tmp_path_factory.mktemp("darknet")
    (folder / "own.cfg").write_text(cfg(*EVERY))
    return written(folder, spread(PLAN))


@pytest.fixture(scope="module")
def engine(weights: Path) -> Iterator[LocalEngine]:
    made = LocalEngine("cpu")
    made.bring(str(weights.with_name("own.cfg")), str(weights))
    yield made
    made.close()


def asked(engine: LocalEngine, frame: Frame = FRAME, **changed: object) -> Detections:
    return engine.run(Detect(engine.keep(frame), "own", **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(("score", "iou"), [(0.25, None), (0.25, 0.45), (0.1, 0.2), (0.05, 1.0), (0.5, 0.0)])
def test_it_is_the_network_then_decoding_then_nms(
    engine: LocalEngine, weights: Path, score: float, iou: float | None
) -> None:
    with torch.inference_mode():
        candidates = decode(PLAN, load(PLAN, weights)(prepare(PLAN, FRAME)), FRAME.size)
    kept = suppress(candidates, score, 0.45 if iou is None else iou)
    boxes = candidates.boxes[kept].numpy()
    sides = np.asarray([90, 60, 90, 60], np.float32)
    inside = np.clip(boxes, 0, sides)
    there = (inside[:, 2] > inside[:, 0]) & (inside[:, 3] > inside[:, 1])
    answer = asked(engine, score=score, iou=iou)
    assert len(answer.scores) == there.sum() > 2
    assert np.allclose(answer.boxes, inside[there], atol=1e-3)
    assert np.allclose(answer.scores, candidates.scores[kept][there], atol=1e-5)
    assert answer.labels.tolist() == candidates.labels[kept][there].tolist()
    assert answer.size == (60, 90) and answer.names == ("class 0", "class 1") and answer.model == "own"


def test_nms_sees_boxes_whole_and_answers_their_parts_inside(engine: LocalEngine, weights: Path) -> None:
    """Boxes reach out of the picture, and clipping them first would change which overlap."""
    candidates = decode(PLAN, [o.detach() for o in load(PLAN, weights)(prepare(PLAN, FRAME))], FRAME.size)
    assert (candidates.boxes < 0).any() and not torch.equal(candidates.boxes, candidates.clipped)
    answer = asked(engine, score=0.0, iou=1.0)
    assert (answer.boxes >= 0).all() and (answer.boxes <= np.asarray([90, 60, 90, 60])).all()
    assert (answer.boxes[:, 2:] > answer.boxes[:, :2]).all()


def test_a_moved_slider_runs_nothing(engine: LocalEngine) -> None:
    frame = Frame(np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8))
    first = asked(engine, frame, score=0.1)
    assert not first.cached and first.ms > 0
    moved = [asked(engine, frame, score=0.3), asked(engine, frame, score=0.1, iou=0.1)]
    assert all(one.cached and one.ms == first.ms for one in moved)
    assert all(len(one.scores) < len(first.scores) for one in moved)


def test_many_at_once_get_what_each_gets_alone(engine: LocalEngine, weights: Path) -> None:
    frames = [Frame(np.random.default_rng(i).integers(0, 256, (30, 40, 3), np.uint8)) for i in range(10, 22)]
    with ThreadPoolExecutor(12) as threads:
        together = list(threads.map(lambda frame: asked(engine, frame), frames))
    alone = LocalEngine("cpu")
    alone.bring(str(weights.with_name("own.cfg")), str(weights))
    for frame, answer in zip(frames, together, strict=True):
        wanted = asked(alone, frame)
        assert np.allclose(answer.scores, wanted.scores, atol=1e-4)
        assert np.allclose(answer.boxes, wanted.boxes, atol=0.05)
    alone.close()


def test_half_precision_stays_near(engine: LocalEngine) -> None:
    full, half = (asked(engine, precision=precision, iou=1.0, score=0.0) for precision in ("fp32", "bf16"))
    assert half.precision == "bf16" and np.abs(full.scores[:5] - half.scores[:5]).max() < 0.05


def test_large_networks_have_fewer_pictures_in_a_pass() -> None:
    assert rows_of(PLAN) == 32
    large = planned(
        "convolutional filters=64 size=3 pad=1", "convolutional filters=14", EVERY[11], width=1024, height=1024
    )
    assert rows_of(large) == (1 << 28) // large.alive and 1 <= rows_of(large) < 32


def test_more_than_are_compared_is_said_and_so_are_broken_outputs(engine: LocalEngine) -> None:
    many = planned("convolutional filters=14 size=1", EVERY[11], width=32, height=32)
    network = engine.network("own")
    answer = finish(
        Detect("id", "own", score=0.0), FRAME, network, many, Outputs(torch.zeros(1, 14 * 32 * 32), 1, "cpu")
    )
    assert len(answer.scores) <= MOST and f"of {2 * 32 * 32:,} boxes that score enough" in answer.notes[-1]
    rows = torch.zeros(1, 14 * 32 * 32)
    rows[0, 5] = torch.nan
    broken = finish(Detect("id", "own", score=0.25), FRAME, network, many, Outputs(rows, 1, "cpu"))
    assert "not numbers" in broken.notes[-1] and np.isfinite(broken.scores).all() and np.isfinite(broken.boxes).all()


def test_what_has_no_nms_says_so(engine: LocalEngine) -> None:
    with pytest.raises(Mistake, match="street_overfeat has no NMS whose overlap could be set"):
        engine.run(Detect(engine.keep(FRAME), "street_overfeat", "random", iou=0.5))


@pytest.fixture(scope="module")
def fastest(real: Path) -> Iterator[LocalEngine]:
    made = LocalEngine("cpu")
    path = real / "darknet" / "yolo-fastest-1.1"
    assert made.bring(f"{path}.cfg", f"{path}.weights") == "yolo-fastest-1.1"
    yield made
    made.close()


@pytest.mark.real
def test_64_photographs_of_coco(real: Path, fastest: LocalEngine) -> None:
    """An independent reader found 141 true and 122 false, of 461 that are annotated."""
    from explorer.sources.open import open_picture

    true = false = annotated = 0
    for photo in sorted((real / "coco" / "images").iterdir()):
        frame = open_picture(str(photo))
        answer = fastest.run(Detect(fastest.keep(frame), "yolo-fastest-1.1", score=0.25))
        truth = annotations(real / "coco" / "labels" / f"{photo.stem}.txt", frame.size)
        hits = matched(torch.from_numpy(answer.boxes), torch.from_numpy(answer.labels), truth)
        true, false, annotated = true + hits, false + len(answer.scores) - hits, annotated + len(truth)
    assert annotated == 461
    assert true == pytest.approx(141, abs=2) and false == pytest.approx(122, abs=2)
