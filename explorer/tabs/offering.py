"""Which networks a control offers."""

from __future__ import annotations

from explorer.contract import RANDOM, Engine, ModelCard, Task
from explorer.tabs import words
from explorer.tabs.wiring import Choices


def networks(engine: Engine, task: Task) -> Choices:
    """Every set of weights of every network that does this, with what is to be fetched first, and each untrained."""
    found: list[tuple[str, str]] = []
    for card in engine.models(task):
        for i, weights in enumerate(card.weights):
            value = card.name if i == 0 else f"{card.name}:{weights.name}"
            found.append((_text(engine, card, i), value))
        found.append((words.say("classify", "untrained", model=card.name), f"{card.name}:{RANDOM}"))
    return found


def _text(engine: Engine, card: ModelCard, index: int) -> str:
    weights = card.weights[index]
    name = f"{card.name} ({card.year})" if index == 0 else f"{card.name} · {weights.name}"
    here = engine.present(card.name, weights.name)
    return name if here else words.say("classify", "to_fetch", name=name, size=weights.size / 1e6)
