"""Which model answers when nobody has chosen one: the one that knows such pictures."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.contract import HERE, Engine, ModelCard, Task, WeightsCard
from explorer.errors import Mistake
from explorer.records.frame import Domain

LARGEST = 120_000_000
"""Bytes of weights: among larger ones only who asks for them by name waits for them."""


@dataclass(frozen=True)
class Choice:
    """A model and its weights, and whether these must be fetched first."""

    model: str
    weights: WeightsCard
    present: bool


def suited(engine: Engine, domain: Domain, task: Task = "classify") -> Choice:
    """What the owner brought; else the best that is here and knows this domain; else the smallest to fetch.

    A picture of unknown domain is taken for a photograph. Raises Mistake where no model does the task.
    """
    known = [(card, weights) for card in engine.models(task) for weights in card.weights]
    own = [Choice(card.name, weights, True) for card, weights in known if weights.host == HERE]
    if own:
        return own[0]
    wanted = "photographs" if domain == "unknown" else domain
    fitting = [pair for pair in known if pair[1].domain == wanted]
    here = _here(engine, fitting)
    if here is not None:
        return here
    if fitting:
        card, weights = min(fitting, key=lambda pair: pair[1].size)
        return Choice(card.name, weights, False)
    return without_network(engine, task)


def without_network(engine: Engine, task: Task = "classify") -> Choice:
    """The best that is here, whatever it knows, bundled ones before others. Raises Mistake where nothing is."""
    known = [(card, weights) for card in engine.models(task) for weights in card.weights]
    for domain in ("streetscape", "photographs", "digits"):
        here = _here(engine, [pair for pair in known if pair[1].domain == domain])
        if here is not None:
            return here
    raise Mistake(f"No model here can {task} without being fetched first: fetch one where there is a network.")


def _here(engine: Engine, pairs: list[tuple[ModelCard, WeightsCard]]) -> Choice | None:
    """The one with the best published figure among those that are on this machine and not too large."""
    here = [(card, weights) for card, weights in pairs if engine.present(card.name, weights.name)]
    light = [pair for pair in here if pair[1].size <= LARGEST] or here
    if not light:
        return None
    card, weights = max(light, key=lambda pair: _figure(pair[1]))
    return Choice(card.name, weights, True)


def _figure(weights: WeightsCard) -> float:
    """By which networks of one task compare."""
    return next((weights.metrics[name] for name in ("top1", "map", "ap50") if name in weights.metrics), 0.0)
