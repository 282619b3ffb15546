"""Detections as layers over the picture they are about."""

from __future__ import annotations

from explorer.drawing.layers import MOST_BOXES, Boxes, Pane, View
from explorer.drawing.palette import class_colour
from explorer.records.detect import Detections


def detections(answer: Detections, picture: str) -> View:
    """One pane with every box, in its class's colour, with its name and score."""
    return View(picture, (Pane(layers=(found_boxes("found", answer),)),))


def found_boxes(title: str, answer: Detections) -> Boxes:
    """At most the best 1,000."""
    labels = answer.labels[:MOST_BOXES]
    return Boxes(
        title,
        answer.boxes[:MOST_BOXES],
        tuple(answer.names[label] for label in labels),
        answer.scores[:MOST_BOXES],
        labels,
        tuple(class_colour(int(label)) for label in labels) or (class_colour(0),),
        total=len(answer.scores),
    )
