"""Boxes are judged as COCO judges them: by hand, and against faster-coco-eval on random pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from explorer.errors import Mistake
from explorer.evaluation.coco import average_precision
from explorer.evaluation.matching import IOUS, Pair, average_precisions, judge
from explorer.records.detect import Detections
from explorer.records.judged import FALSE, PASSED, TRUE, Judged
from explorer.records.trace import NOBODY
from explorer.records.truth import Truth

SIZE = 100, 120
NAMES = ("person", "dog", "traffic light")
Boxes = Sequence[Sequence[float]]


def answered(
    boxes: Boxes, labels: Sequence[int], scores: Sequence[float], names: tuple[str, ...] = NAMES
) -> Detections:
    edges = np.array(boxes, np.float32).reshape(-1, 4)
    return Detections(
        "rule", "V1", "cpu", "fp32", SIZE, names, edges, np.array(labels, np.int64), np.array(scores, np.float32), 1.0
    )


def there(boxes: Boxes, names: Sequence[str], counts: Sequence[bool] | None = None) -> Truth:
    edges = np.array(boxes, np.float32).reshape(-1, 4)
    return Truth(edges, tuple(names), np.array([True] * len(names) if counts is None else counts, bool), "a test")


def pictured(random: np.random.Generator) -> Pair:
    """A picture with few things, some crowds, and boxes on and beside them and anywhere; many ties of score and IoU."""
    things, boxes = int(random.integers(0, 7)), int(random.integers(0, 13))
    corners = random.integers(0, 60, (things, 2))
    true = np.concatenate([corners, corners + random.integers(4, 40, (things, 2))], 1).astype(np.float32)
    kinds = random.integers(0, len(NAMES), things)
    near = [true[random.integers(things)] + random.integers(-6, 7, 4) for _ in range(boxes)] if things else []
    anywhere = random.integers(0, 60, (boxes, 2))
    far = np.concatenate([anywhere, anywhere + random.integers(1, 40, (boxes, 2))], 1)
    found = np.array([near[i] if near and random.random() < 0.8 else far[i] for i in range(boxes)], np.float32)
    found = found.reshape(-1, 4)
    found[:, 2:] = np.maximum(found[:, 2:], found[:, :2] + 1)
    scores = np.sort(random.integers(1, 9, boxes) / 10)[::-1]
    truth = there(true.tolist(), [NAMES[k] for k in kinds], random.random(things) < 0.8)
    return answered(found.tolist(), random.integers(0, len(NAMES), boxes).tolist(), scores.tolist()), truth


@pytest.mark.parametrize(("count", "sets"), [(1, 200), (4, 80)])
def test_average_precision_is_cocos(count: int, sets: int) -> None:
    random = np.random.default_rng(count)
    compared = 0
    for _ in range(sets):
        pictures = [pictured(random) for _ in range(count)]
        if not any(len(found.scores) for found, _ in pictures) or not any(t.counts.any() for _, t in pictures):
            continue
        metrics, by_class = average_precision(pictures, NAMES)
        ours = average_precisions(pictures)
        every = np.array([*ours.values()])
        assert every.mean() == pytest.approx(metrics["map"], abs=1e-12)
        assert every[:, 0].mean() == pytest.approx(metrics["map50"], abs=1e-12)
        assert every[:, 5].mean() == pytest.approx(metrics["map75"], abs=1e-12)
        assert {name: ap[0] for name, ap in ours.items()} == pytest.approx(
            {name: ap for name, ap in by_class.items() if ap == ap}, abs=1e-12
        )
        if count == 1:
            judged = judge(*pictures[0], iou=0.75)
            figures = judged.ap50, judged.ap75, judged.ap, judged.mean_ap
            assert figures == pytest.approx([metrics[name] for name in ("map50", "map75", "map", "map75")], abs=1e-12)
        compared += 0 < metrics["map"] < 1
    assert compared > sets / 3


def test_only_the_best_hundred_of_a_class_enter_as_in_coco() -> None:
    boxes = [[0, 0, 5, 5]] * 100 + [[20, 20, 40, 40]]
    found = answered(boxes, [0] * 101, np.linspace(0.9, 0.1, 101).tolist())
    truth = there([[20, 20, 40, 40]], ["person"])
    assert average_precisions([(found, truth)])["person"][0] == average_precision([(found, truth)], NAMES)[0]["map50"]
    assert judge(found, truth).tally().true == 1  # while the counts are of all boxes


def by_hand() -> Judged:
    truth = there(
        [[0, 0, 10, 10], [40, 0, 50, 10], [0, 50, 40, 90], [80, 80, 90, 90]],
        ["person", "person", "person", "dog"],
        [True, True, False, True],
    )
    found = answered(
        [[0, 0, 10, 8], [0, 0, 10, 10], [40, 0, 50, 20], [5, 55, 15, 65], [40, 0, 50, 4], [80, 80, 90, 90]],
        [0, 0, 0, 0, 0, 2],
        [0.9, 0.8, 0.7, 0.6, 0.5, 0.4],
    )
    return judge(found, truth)


def test_each_box_and_each_thing_is_told_what_became_of_it() -> None:
    judged = by_hand()
    assert judged.verdicts.tolist() == [TRUE, FALSE, TRUE, PASSED, FALSE, FALSE]
    assert judged.matched.tolist() == [0, NOBODY, 1, 2, NOBODY, NOBODY]
    assert judged.overlaps.tolist() == pytest.approx([0.8, 1.0, 0.5, 1.0, 0.4, 0.0])
    assert judged.again.tolist() == [False, True, False, False, False, False]
    assert judged.finders.tolist() == [0, 2, NOBODY, NOBODY] and judged.missed().tolist() == [False, False, False, True]
    tally = judged.tally()
    assert (tally.true, tally.false, tally.missed, tally.passed) == (2, 3, 1, 1)
    assert tally.precision == pytest.approx(2 / 5) and tally.recall == pytest.approx(2 / 3)
    above = judged.tally(0.8)
    assert (above.true, above.false, above.missed, above.passed) == (1, 1, 2, 0)


def test_precision_recall_and_their_average_by_hand() -> None:
    judged = by_hand()
    person, dog = (next(one for one in judged.curves if one.name == name) for name in ("person", "dog"))
    assert [one.name for one in judged.curves] == ["person", "dog"]
    assert person.scores.tolist() == pytest.approx([0.9, 0.8, 0.7, 0.5])
    assert person.precision.tolist() == pytest.approx([1, 1 / 2, 2 / 3, 2 / 4])
    assert person.recall.tolist() == pytest.approx([1 / 2, 1 / 2, 1, 1])
    assert person.ap == pytest.approx((51 * 1 + 50 * 2 / 3) / 101)  # recalls 0 to .5, then .51 to 1
    assert (dog.things, dog.ap, len(dog.scores)) == (1, 0.0, 0)
    assert judged.ap50 == judged.mean_ap == pytest.approx(person.ap / 2)
    assert judged.overall.things == 3 and judged.overall.recall.tolist() == pytest.approx(
        [1 / 3, 1 / 3, 2 / 3, 2 / 3, 2 / 3]
    )
    assert judged.overall.ap == pytest.approx((34 * 1 + 33 * 2 / 3) / 101)


def test_a_taken_thing_leaves_the_next_best_and_says_its_overlap() -> None:
    truth = there([[0, 0, 10, 10], [0, 2, 10, 12]], ["dog", "dog"])
    judged = judge(answered([[0, 0, 10, 10], [0, 0, 10, 11]], [1, 1], [0.9, 0.8]), truth)
    assert judged.matched.tolist() == [0, 1]
    assert judged.overlaps.tolist() == pytest.approx([1.0, 9 / 12])  # not the 10/11 with the one that is taken


def test_of_things_overlapped_alike_a_box_takes_the_last_as_cocoeval_does() -> None:
    truth = there([[0, 0, 10, 10], [4, 0, 14, 10]], ["dog", "dog"])
    found = answered([[2, 0, 12, 10], [0, 0, 10, 10]], [1, 1], [0.9, 0.8])
    judged = judge(found, truth)
    assert judged.matched.tolist() == [1, 0]
    assert judged.ap50 == average_precision([(found, truth)], NAMES)[0]["map50"] == 1.0


def test_a_thing_that_counts_goes_before_one_that_does_not() -> None:
    truth = there([[0, 0, 10, 10], [0, 0, 10, 6]], ["dog", "dog"], [False, True])
    judged = judge(answered([[0, 0, 10, 10]] * 3, [1] * 3, [0.9, 0.8, 0.7]), truth)
    assert judged.verdicts.tolist() == [TRUE, PASSED, PASSED] and judged.matched.tolist() == [1, 0, 0]


def test_names_of_one_class_are_one_class() -> None:
    names = "motorbike", "tvmonitor", "Traffic_Light"
    truth = there([[0, 0, 9, 9], [10, 0, 19, 9], [20, 0, 29, 9]], ["motorcycle", "tv", "traffic light"])
    judged = judge(answered(truth.boxes.tolist(), [0, 1, 2], [0.9, 0.8, 0.7], names), truth)
    assert judged.tally().true == 3 and judged.ap == 1 and not judged.notes


def test_what_bears_on_the_figures_is_said() -> None:
    truth = there([[0, 0, 9, 9], [10, 0, 19, 9]], ["dog", "n02085620"])
    said = " · ".join(judge(answered([[0, 0, 9, 9], [0, 0, 9, 9]], [1, 0], [0.9, 0.8]), truth, least=0.25).notes)
    assert "score 25% or more" in said and "no name for n02085620" in said and "names no person" in said


def test_nothing_found_and_nothing_there() -> None:
    nothing, empty = answered([], [], []), there([], [])
    blind = judge(nothing, there([[0, 0, 9, 9]], ["dog"]))
    assert blind.tally().missed == 1 and blind.ap == blind.mean_ap == 0.0
    assert blind.as_json()["precision"] is None and blind.as_json()["recall"] == 0
    for truth in (empty, there([[0, 0, 9, 9]], ["dog"], [False])):
        void = judge(answered([[50, 50, 60, 60]], [1], [0.5]), truth)
        json = void.as_json()
        assert (json["tp"], json["fp"], json["fn"], json["precision"]) == (0, 1, 0, 0.0)
        assert (
            json["recall"] is json["ap"] is json["ap50"] is None
            and "nothing in this picture counts" in json["notes"][0]
        )
    assert judge(nothing, empty).as_json()["ap"] is None


def test_boxes_that_are_not_boxes_are_false_and_nothing_warns() -> None:
    truth = there([[0, 0, 9, 9]], ["dog"])
    odd = [[np.nan, 0, 9, 9], [5, 5, 5, 5], [9, 9, 0, 0], [-np.inf, 0, np.inf, 9]]
    judged = judge(answered(odd, [1] * 4, [0.9, 0.8, 0.7, 0.6]), truth)
    assert judged.verdicts.tolist() == [FALSE] * 4 and np.isfinite(judged.overlaps).all()


@pytest.mark.parametrize("iou", [0, -1, 1.1, float("nan")])
def test_an_iou_that_is_none_is_refused(iou: float) -> None:
    with pytest.raises(Mistake, match="above 0 and up to 1"):
        judge(answered([], [], []), there([], []), iou)


def test_the_ious_are_cocos() -> None:
    assert IOUS.tolist() == pytest.approx([0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95])
