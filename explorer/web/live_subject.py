"""What a live view's visitor wants asked, found out: which view, which network, fetched where it is not here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from explorer.asking import Asking, Chosen
from explorer.contract import Engine
from explorer.drawing.live import LIVE_VIEWS, LiveView
from explorer.errors import Mistake
from explorer.records.classify import Precision, insist_on_precision
from explorer.records.frame import Domain
from explorer.records.question import Progress, Question

DOMAIN: Domain = "photographs"
"""What cameras and clips show."""


@dataclass(frozen=True, eq=False)
class Subject:
    """said: in the visitor's words; why: of the choice of a network, where nobody made it."""

    view: LiveView
    question: Question[Any]
    said: Mapping[str, str]
    why: tuple[str, ...] = ()


def find(
    engine: Engine,
    wanted: Mapping[str, str],
    visitor: str,
    progress: Callable[[Progress], None],
    still: Callable[[], bool],
) -> Subject:
    """wanted: view, model, weights, precision, by name; still: whether it is wanted by now, or a fetch may end.

    Raises Mistake for what cannot be asked, FetchFailed.
    """
    view = LIVE_VIEWS.get(wanted.get("view", ""))
    if view is None:
        raise Mistake(f"A live view shows one of {', '.join(LIVE_VIEWS)}: choose one.")
    named: Any = wanted.get("precision", "fp32")
    insist_on_precision(named)
    precision: Precision = named
    if view.task is None:
        return Subject(view, view.question("", "", precision), wanted)
    asking = Asking(engine, view.task)
    model, weights = wanted.get("model", ""), wanted.get("weights", "")
    one = asking.networks([f"{model}:{weights}"] if model else [], DOMAIN)[0]
    engine.present(one.model, one.weights)  # a name that nobody has is said before a picture comes
    for lacking in asking.missing([one]):
        for step in asking.fetched(lacking, not model, visitor):
            if not still():
                asking.halt(visitor)
            if isinstance(step, Chosen):
                one = step
            else:
                progress(step)
    return Subject(view, view.question(one.model, one.weights, precision), wanted, (one.why,) if one.why else ())
