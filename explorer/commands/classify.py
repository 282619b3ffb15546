"""`classify`: what is in a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.choice import suited, without_network
from explorer.commands.command import Add, engine, positive, size, told
from explorer.commands.picture_file import writable, write_picture
from explorer.errors import FetchFailed, Mistake, UnknownName
from explorer.records.classify import CROPS, PRECISIONS, Classification, Classify
from explorer.records.frame import Frame
from explorer.sources.image import VISITOR, Limits
from explorer.sources.open import open_picture

if TYPE_CHECKING:
    from explorer.engine.engine import LocalEngine

READABLE, LARGEST = 360, 1280
"""A painted picture has at least the first as its short side, in pixels, unless its long side passed the second."""


def add(command: Add) -> None:
    """Make `classify` known."""
    parser = command("classify", _classify, _show, "What is in a picture.")
    parser.add_argument("image", help="a file, sample:NAME, or scene:SEED")
    parser.add_argument("--model", default="", help="unless named, one that knows such pictures")
    parser.add_argument("--weights", default="", metavar="FILE", help="a file of your own, a published name, or random")
    parser.add_argument("--crops", type=int, default=1, choices=CROPS)
    parser.add_argument("--top", type=positive, default=5, metavar="N")
    parser.add_argument("--precision", choices=PRECISIONS, default="fp32")
    parser.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")
    parser.add_argument("--max-pixels", type=positive, default=VISITOR.max_pixels, metavar="N")
    parser.add_argument("--size", type=size, default=(480, 640), metavar="H,W", help="of a scene")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the picture with what was seen, as .png, .jpg, .webp")


def _classify(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.out:
        writable(arguments.out, arguments.image)
    frame = open_picture(arguments.image, Limits(max_pixels=arguments.max_pixels), arguments.size)
    serving = engine(arguments.device)
    if arguments.weights and not arguments.model:
        raise Mistake("Weights are of a model: name it too, with --model.")
    model, weights, why = arguments.model, arguments.weights, ""
    if not model:
        model, weights, why = _chosen(serving, frame)
    weights = weights_name(serving, model, weights)
    question = Classify(serving.keep(frame), model, weights, arguments.crops, arguments.top, arguments.precision)
    answer = serving.run(question)
    found = answer.as_json() | {"notes": [*frame.notes, *filter(None, [why]), *answer.notes]}
    if arguments.out:
        write_picture(arguments.out, _painted(frame, answer))
        found["out"] = str(arguments.out)
    return found


def _painted(frame: Frame, answer: Classification) -> Frame:
    """The picture with the crops and the best classes; small ones enlarged by a whole factor, so that one can read."""
    from explorer.drawing.overlay import classification
    from explorer.drawing.paint import paint_view
    from explorer.drawing.plaque import with_classes

    scale = max(1, min(-(-READABLE // min(frame.size)), LARGEST // max(frame.size)))
    view = classification(answer, frame.id)
    titles = [f"dashed: {layer.title}" for layer in view.panes[0].layers]
    return with_classes(paint_view(frame, view, scale=scale), answer, *titles, *answer.notes)


def _chosen(serving: LocalEngine, frame: Frame) -> tuple[str, str, str]:
    """Model and weights that know such pictures, fetched if need be; without a network what is here, and why."""
    choice, why = suited(serving, frame.domain), ""
    if not choice.present:
        try:
            told(serving.fetch(choice.model, choice.weights.name))
        except FetchFailed as error:
            wanted, choice = choice.model, without_network(serving)
            why = f"{choice.model} was taken, for {wanted} is not here: {error}"
    return choice.model, choice.weights.name, why


def weights_name(serving: LocalEngine, model: str, weights: str) -> str:
    """The name under which the weights serve: a known name as it is, anything else a file; fetched where need be."""
    cards = {card.name: card for card in serving.models()}
    if model not in cards:
        raise UnknownName("model", model, cards)
    names = {card.name.lower(): card.name for card in cards[model].weights} | {"random": "random", "": ""}
    if weights.lower() not in names:
        return serving.adopt(model, weights)
    weights = names[weights.lower()]
    if not serving.present(model, weights):
        told(serving.fetch(model, weights))
    return weights


def _show(result: dict[str, Any]) -> str:
    rows = [f"{_share(found['score'])}  {found['name']}" for found in result["classes"]]
    how = f"{result['model']} ({result['weights']}) on {result['device']}, {result['ms']:.0f} ms"
    where = [f"painted in {result['out']}"] if "out" in result else []
    return "\n".join([*rows, how, *where, *(f"note: {note}" for note in result["notes"])])


def _share(score: float | None) -> str:
    return "   NaN" if score is None else f"{score:6.1%}"
