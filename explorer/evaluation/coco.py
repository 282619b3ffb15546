"""Average precision by faster-coco-eval, COCO's own way of counting; the exam's figures are its."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.records.detect import Detections
from explorer.records.truth import Truth

METRICS = ("map", "map50", "map75", "small", "medium", "large")
PLACES = (0, 1, 2, 3, 4, 5)
"""Where COCO's twelve figures have them."""


def average_precision(
    pictures: Sequence[tuple[Detections, Truth]], names: Sequence[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """COCO's figures by name, and AP at IoU .5 by class; NaN where there is nothing to find.

    names: of all classes, spelled as in the answers and in the truths.
    """
    from faster_coco_eval import COCO, COCOeval_faster

    sizes = [found.size for found, _ in pictures]
    things = [one for i, (_, truth) in enumerate(pictures) for one in _things(i, truth, names)]
    found = [one for i, (answer, _) in enumerate(pictures) for one in _found(i, answer, names)]
    if not found:
        return dict.fromkeys(METRICS, 0.0), dict.fromkeys(names, 0.0)
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(
            {
                "images": [{"id": i, "height": height, "width": width} for i, (height, width) in enumerate(sizes)],
                "categories": [{"id": k, "name": name} for k, name in enumerate(names)],
                "annotations": [one | {"id": number} for number, one in enumerate(things, start=1)],
            }
        )
        judge = COCOeval_faster(coco, coco.loadRes(found), "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    stats = [float(value) for value in judge.stats]
    precision: NDArray[np.float64] = np.asarray(judge.eval["precision"])  # (IoUs, recalls, classes, areas, most)
    at_half = precision[0, :, :, 0, -1]
    by_class = {name: _mean(at_half[:, k]) for k, name in enumerate(names)}
    return {name: _real(stats[place]) for name, place in zip(METRICS, PLACES, strict=True)}, by_class


def _things(image: int, truth: Truth, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for box, name, counts in zip(truth.boxes.tolist(), truth.names, truth.counts.tolist(), strict=True):
        wide, tall = box[2] - box[0], box[3] - box[1]
        yield {
            "image_id": image,
            "category_id": names.index(name),
            "bbox": [box[0], box[1], wide, tall],
            "area": wide * tall,
            "iscrowd": 0 if counts else 1,
        }


def _found(image: int, answer: Detections, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for box, label, score in zip(answer.boxes.tolist(), answer.labels.tolist(), answer.scores.tolist(), strict=True):
        yield {
            "image_id": image,
            "category_id": names.index(answer.names[label]),
            "bbox": [box[0], box[1], box[2] - box[0], box[3] - box[1]],
            "score": score,
        }


def _mean(curve: NDArray[np.float64]) -> float:
    known = curve[curve > -1]
    return float(known.mean()) if len(known) else float("nan")


def _real(value: float) -> float:
    """faster-coco-eval says -1 for what is not known."""
    return value if value >= 0 else float("nan")
