"""Half precision answers as fp32 does, within what is promised: bf16 on the processor, both on a GPU."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from explorer.contract import RANDOM
from explorer.engine.engine import LocalEngine
from explorer.engine.tolerance import SURE, TOLERANCES
from explorer.records.classify import Classify, Precision
from explorer.records.dense import Dense
from explorer.records.detect import Detect, Detections
from explorer.records.frame import Frame
from explorer.sources.open import open_picture

SCENES = (2_000_001, 2_000_002)
ON_CPU = pytest.param("cpu", "bf16")
ON_GPU = [pytest.param("cuda", precision, marks=pytest.mark.cuda) for precision in ("bf16", "fp16")]
EVERYWHERE = pytest.mark.parametrize(("device", "half"), [ON_CPU, *ON_GPU])


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, LocalEngine]]:
    made: dict[str, LocalEngine] = {}
    yield made
    for engine in made.values():
        engine.close()


def asked(engines: dict[str, LocalEngine], device: str) -> LocalEngine:
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    return engines.setdefault(device, LocalEngine(device))


def crops() -> list[Frame]:
    """Parts of scenes, with things in them: half a scene is soon done."""
    return [Frame(np.ascontiguousarray(open_picture(f"scene:{seed}").pixels[120:360, 160:480])) for seed in SCENES]


@EVERYWHERE
@pytest.mark.parametrize(
    ("model", "weights"),
    [("street_alexnet", ""), ("digits_lenet5", ""), ("street_overfeat", ""), ("squeezenet1_1", RANDOM)],
)
def test_scores_of_classes(
    engines: dict[str, LocalEngine], device: str, half: Precision, model: str, weights: str
) -> None:
    engine, differ = asked(engines, device), 0.0
    for frame in crops():
        picture = engine.keep(frame)
        full, low = (engine.run(Classify(picture, model, weights, precision=p)).scores for p in ("fp32", half))  # type: ignore[arg-type]
        differ = max(differ, float(np.abs(full - low).max()))
    assert 0 < differ <= TOLERANCES[half].score


@EVERYWHERE
@pytest.mark.parametrize("model", ["street_alexnet", "street_overfeat"])
def test_logits_of_a_dense_map(engines: dict[str, LocalEngine], device: str, half: Precision, model: str) -> None:
    engine = asked(engines, device)
    for frame in crops():
        picture = engine.keep(frame)
        full, low = (engine.run(Dense(picture, model, precision=p)).levels[0].logits for p in ("fp32", half))  # type: ignore[arg-type]
        assert 0 < np.abs(full - low).max() <= TOLERANCES[half].logits * np.abs(full).max()


@pytest.mark.long
@EVERYWHERE
def test_boxes_and_scores_of_a_trained_detector(engines: dict[str, LocalEngine], device: str, half: Precision) -> None:
    engine, sure, again = asked(engines, device), 0, 0
    for frame in crops()[:1]:
        picture = engine.keep(frame)
        full, low = (engine.run(Detect(picture, "street_overfeat", precision=p)) for p in ("fp32", half))  # type: ignore[arg-type]
        count, found, score, box = compared(full, low)
        sure, again = sure + count, again + found
        assert score <= TOLERANCES[half].score and box <= TOLERANCES[half].box
    assert sure > 0 and again >= TOLERANCES[half].found * sure


@EVERYWHERE
@pytest.mark.parametrize("model", ["ssdlite320_mobilenet_v3_large", "fasterrcnn_mobilenet_v3_large_320_fpn"])
def test_what_torchvisions_detectors_read(
    engines: dict[str, LocalEngine], device: str, half: Precision, model: str
) -> None:
    """An untrained detector is sure of nothing, so its NMS may take either of two equals: what it reads of each cell
    is compared before it."""
    network = asked(engines, device).network(model, RANDOM)
    x = network.preparation.batch(crops()[0])
    full, low = network.forward(x, "fp32"), network.forward(x, half)
    assert full.shape == low.shape
    assert 0 < float((full - low).abs().max()) <= TOLERANCES[half].logits * float(full.abs().max())


def test_full_precision_is_promised_exactly_and_half_of_it_more_closely_than_brain_floats() -> None:
    exact, brain, half = (TOLERANCES[p] for p in ("fp32", "bf16", "fp16"))  # type: ignore[index]
    assert exact.score == exact.logits == exact.box == 0 and exact.found == 1
    assert half.score < brain.score and half.logits < brain.logits and half.box < brain.box


def compared(full: Detections, low: Detections) -> tuple[int, int, float, float]:
    """Of the sure boxes of `full`: how many, how many found again, and by how much scores and boxes differ at most."""
    sure = full.scores >= SURE
    if not sure.any() or not len(low.boxes):
        return int(sure.sum()), 0, 0.0, 0.0
    boxes, labels, scores = full.boxes[sure], full.labels[sure], full.scores[sure]
    overlaps = iou(boxes, low.boxes) * (labels[:, None] == low.labels)
    best, found = overlaps.argmax(1), overlaps.max(1) >= 0.5
    longer = (boxes[:, 2:] - boxes[:, :2]).max(1, keepdims=True)
    moved = (np.abs(boxes - low.boxes[best]) / longer)[found]
    changed = np.abs(scores - low.scores[best])[found]
    return len(boxes), int(found.sum()), float(changed.max(initial=0)), float(moved.max(initial=0))


def iou(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, m) of boxes (n, 4) and (m, 4)."""
    sides = np.clip(np.minimum(a[:, None, 2:], b[:, 2:]) - np.maximum(a[:, None, :2], b[:, :2]), 0, None)
    inside = sides.prod(-1)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(-1) for boxes in (a, b)]
    return np.asarray(inside / (areas[0][:, None] + areas[1] - inside), np.float32)
