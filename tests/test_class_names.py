"""One class has one spelling, whoever names it."""

from __future__ import annotations

import pytest

from explorer.class_names import COCO, VOC, same_class
from explorer.records.scene import CLASSES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("motorbike", "motorcycle"),
        ("aeroplane", "airplane"),
        ("sofa", "couch"),
        ("tvmonitor", "tv"),
        ("diningtable", "dining table"),
        ("pottedplant", "potted plant"),
        ("traffic_light", "traffic light"),
        ("TrafficLight", "traffic light"),
        (" Dining-Table ", "diningtable"),
    ],
)
def test_two_names_of_one_class(one: str, other: str) -> None:
    assert same_class(one) == same_class(other)


def test_classes_of_one_list_stay_apart() -> None:
    for names in (COCO, VOC, CLASSES):
        assert len({same_class(name) for name in names}) == len(names)
    assert {same_class(name) for name in VOC} <= {same_class(name) for name in COCO}
    assert {same_class(name) for name in CLASSES} <= {same_class(name) for name in COCO}
