"""Which model answers when nobody has chosen one."""

from __future__ import annotations

import pytest

from explorer.choice import Choice, suited, without_network
from explorer.contract import HERE, ModelCard, WeightsCard
from explorer.errors import Mistake
from explorer.records.frame import Domain


def card(name: str, *weights: WeightsCard) -> ModelCard:
    return ModelCard(name, name, 2000, "nobody", "nothing", weights=weights)


def weights(name: str, size: int, domain: Domain, top1: float = 0.0, host: str = "far") -> WeightsCard:
    return WeightsCard(name, size, host, domain, {"top1": top1})


STREETS = (
    card("small", weights("bundled", 1, "streetscape", 0.9)),
    card("best", weights("bundled", 2, "streetscape", 0.95)),
)
PHOTOS = (
    card("tiny", weights("V1", 5, "photographs", 0.5)),
    card("good", weights("V2", 50, "photographs", 0.8), weights("V1", 49, "photographs", 0.7)),
    card("giant", weights("V1", 500_000_000, "photographs", 0.9)),
)
DIGITS = card("lenet", weights("bundled", 1, "digits", 0.99))


class Shelf:
    def __init__(self, cards: tuple[ModelCard, ...], *present: tuple[str, str]) -> None:
        self.cards, self.there = cards, present

    def models(self, task: str | None = None) -> tuple[ModelCard, ...]:
        return self.cards

    def present(self, model: str, weights: str = "") -> bool:
        return weights in ("bundled", "mine") or (model, weights) in self.there


def chosen(shelf: Shelf, domain: Domain) -> tuple[str, str, bool]:
    choice: Choice = suited(shelf, domain)  # type: ignore[arg-type]
    return choice.model, choice.weights.name, choice.present


def test_the_default_follows_the_picture() -> None:
    bare = Shelf((*STREETS, *PHOTOS, DIGITS))
    assert chosen(bare, "streetscape") == ("best", "bundled", True)
    assert chosen(bare, "digits") == ("lenet", "bundled", True)
    assert chosen(bare, "photographs") == chosen(bare, "unknown") == ("tiny", "V1", False)


def test_detectors_compare_by_average_precision() -> None:
    windows = card("windows", WeightsCard("bundled", 1, "far", "streetscape", {"balanced": 0.7}))
    cells = card("cells", WeightsCard("bundled", 2, "far", "streetscape", {"ap50": 0.6}))
    assert chosen(Shelf((windows, cells)), "streetscape") == ("cells", "bundled", True)


def test_what_is_here_is_taken_unless_it_is_too_large_to_wait_for() -> None:
    cards = (*STREETS, *PHOTOS)
    assert chosen(Shelf(cards, ("tiny", "V1"), ("good", "V1")), "photographs") == ("good", "V1", True)
    assert chosen(Shelf(cards, ("tiny", "V1"), ("giant", "V1")), "photographs") == ("tiny", "V1", True)
    assert chosen(Shelf(cards, ("giant", "V1")), "photographs") == ("giant", "V1", True)


def test_the_owners_weights_come_first_whatever_the_picture() -> None:
    own = card("mine", weights("mine", 9, "unknown", host=HERE))
    assert chosen(Shelf((*STREETS, own)), "streetscape") == ("mine", "mine", True)


def test_with_no_network_something_answers_all_the_same() -> None:
    assert without_network(Shelf((*PHOTOS, *STREETS))).model == "best"  # type: ignore[arg-type]
    assert without_network(Shelf(PHOTOS, ("tiny", "V1"))).model == "tiny"  # type: ignore[arg-type]
    with pytest.raises(Mistake, match="fetch one"):
        without_network(Shelf(PHOTOS))  # type: ignore[arg-type]
    assert chosen(Shelf(STREETS), "photographs") == ("best", "bundled", True)
