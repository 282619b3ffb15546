"""What commands that put a picture before a network have in common."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from explorer.choice import suited, without_network
from explorer.commands.command import positive, size, told
from explorer.contract import Task
from explorer.errors import FetchFailed, Mistake, UnknownName
from explorer.records.classify import PRECISIONS
from explorer.records.frame import Frame
from explorer.sources.image import VISITOR, Limits
from explorer.sources.open import open_picture

if TYPE_CHECKING:
    from explorer.engine.engine import LocalEngine


def on_a_picture(parser: argparse.ArgumentParser, optional: bool = False) -> None:
    """The arguments that name the picture, the network and where it runs; optional: there may be none, then ""."""
    more: dict[str, Any] = {"nargs": "?", "default": ""} if optional else {}
    parser.add_argument("image", help="a file, sample:NAME, or scene:SEED", **more)
    parser.add_argument("--model", default="", help="unless named, one that knows such pictures")
    parser.add_argument("--weights", default="", metavar="FILE", help="a file of your own, a published name, or random")
    parser.add_argument("--precision", choices=PRECISIONS, default="fp32")
    parser.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")
    parser.add_argument("--max-pixels", type=positive, default=VISITOR.max_pixels, metavar="N")
    parser.add_argument("--size", type=size, default=(480, 640), metavar="H,W", help="of a scene")


def opened(arguments: argparse.Namespace) -> Frame:
    """The picture they name."""
    return open_picture(arguments.image, Limits(max_pixels=arguments.max_pixels), arguments.size)


def chosen(
    serving: LocalEngine, frame: Frame, arguments: argparse.Namespace, task: Task = "classify"
) -> tuple[str, str, str]:
    """Model, the name its weights serve under, and why these, where nobody chose. Raises Mistake."""
    if arguments.weights and not arguments.model:
        raise Mistake("Weights are of a model: name it too, with --model.")
    model, weights, why = arguments.model, arguments.weights, ""
    if not model:
        model, weights, why = _suited(serving, frame, task)
    return model, weights_name(serving, model, weights), why


def _suited(serving: LocalEngine, frame: Frame, task: Task) -> tuple[str, str, str]:
    """What knows such pictures, fetched if need be; without a network what is here, and why."""
    choice, why = suited(serving, frame.domain, task), ""
    if not choice.present:
        try:
            told(serving.fetch(choice.model, choice.weights.name))
        except FetchFailed as error:
            wanted, choice = choice.model, without_network(serving, task)
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
