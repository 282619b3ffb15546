"""True, false and missed are told apart by words, dashes and colours."""

from __future__ import annotations

import numpy as np

from explorer.drawing.layers import MOST_BOXES, Boxes
from explorer.drawing.paint import paint_view
from explorer.drawing.palette import CLASSES, GREY
from explorer.drawing.truth import judged_layers, judged_view, truth_layers
from explorer.evaluation.matching import judge
from explorer.records.frame import Frame
from explorer.records.truth import Truth
from tests.evaluation.test_matching import answered, by_hand, there


def layers(score: float = 0.0) -> dict[str, Boxes]:
    made = judged_layers(by_hand(), score)
    return {layer.title: layer for layer in made if isinstance(layer, Boxes)}


def test_every_box_and_every_missed_thing_has_its_word_its_colour_and_its_place() -> None:
    made = layers()
    assert list(made) == ["passed over", "missed", "false", "true"]  # the true ones on top
    assert made["true"].labels == ("true: person (IoU 0.80)", "true: person (IoU 0.50)")
    assert made["false"].labels == (
        "false, found before: person (IoU 1.00)",
        "false: person (IoU 0.40)",
        "false: traffic light",
    )
    assert made["missed"].labels == ("missed: dog",) and made["missed"].boxes.tolist() == [[80, 80, 90, 90]]
    assert made["passed over"].labels == ("passed over: person (100% of it on what does not count)",)
    assert [layer.dashed for layer in made.values()] == [False, True, False, False]
    colours = [colour for layer in made.values() for colour in layer.colours]
    assert len(set(colours)) == 4 and set(colours) <= {*CLASSES, GREY}
    true = made["true"].scores
    assert true is not None and true.tolist() == [np.float32(0.9), np.float32(0.7)]


def test_what_falls_short_of_the_iou_is_not_shown_as_if_it_reached_it() -> None:
    judged = judge(answered([[0, 0, 100, 49.7]], [0], [0.9]), there([[0, 0, 100, 100]], ["person"]))
    labels = [layer.labels for layer in judged_layers(judged) if isinstance(layer, Boxes)]
    assert labels == [("missed: person",), ("false: person (IoU 0.49)",)]


def test_what_scores_lower_is_left_out_and_what_it_found_is_missed() -> None:
    made = layers(0.8)
    assert list(made) == ["missed", "false", "true"]
    assert made["missed"].labels == ("missed: person", "missed: dog") and len(made["true"].labels) == 1


def test_the_truth_is_dashed_and_grey_where_it_does_not_count() -> None:
    grey, plain = (layer for layer in truth_layers(by_hand().truth) if isinstance(layer, Boxes))
    assert plain.title == "truth" and plain.labels == ("person", "person", "dog") and plain.dashed and grey.dashed
    assert grey.colours == (GREY,) != plain.colours and grey.labels == ("person (not counted)",)
    assert truth_layers(Truth(np.zeros((0, 4), np.float32), (), np.zeros(0, bool), "")) == ()


def test_no_more_things_than_the_stage_draws() -> None:
    many = np.tile(np.array([[0, 0, 5, 5]], np.float32), (MOST_BOXES + 1, 1))
    (layer,) = truth_layers(Truth(many, ("dog",) * len(many), np.ones(len(many), bool), ""))
    assert isinstance(layer, Boxes) and len(layer.boxes) == MOST_BOXES and layer.total == MOST_BOXES + 1


def test_it_can_be_painted() -> None:
    frame = Frame(np.zeros((100, 120, 3), np.uint8))
    painted = paint_view(frame, judged_view(by_hand(), frame.id, 0.5)).pixels.reshape(-1, 3)
    seen = {tuple(colour) for colour in painted.tolist()}
    assert {layer.colours[0] for layer in layers(0.5).values()} <= seen
