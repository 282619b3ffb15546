"""Whom to ask, what to fetch, and what answers where nothing can be fetched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from explorer.asking import Asking, Chosen
from explorer.contract import ModelCard, Stop, WeightsCard
from explorer.errors import FetchFailed, UnknownName
from explorer.records.question import Progress

STREET = ModelCard("street", "S", 2000, "p", "i", weights=(WeightsCard("bundled", 1, "bundled", "streetscape"),))
PHOTO = ModelCard("photo", "P", 2000, "p", "i", weights=(WeightsCard("V1", 5, "far", "photographs"),))


class Shelf:
    """Fetches in three steps, unless it is told to fail."""

    def __init__(self) -> None:
        self.here = {"street"}
        self.fails = False

    def models(self, task: str | None = None) -> tuple[ModelCard, ...]:
        return STREET, PHOTO

    def present(self, model: str, weights: str = "") -> bool:
        if model not in ("street", "photo"):
            raise UnknownName("model", model, ["street", "photo"])
        return model in self.here

    def fetch(self, model: str, weights: str = "", stop: Stop | None = None) -> Iterator[Progress]:
        for i in range(3):
            if self.fails:
                raise FetchFailed("There is no network.")
            if stop is not None and stop.is_set():
                return
            yield Progress("bytes", i, 3)
        self.here.add(model)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def asking(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Asking:
    monkeypatch.setattr("explorer.asking.TELL_EVERY_S", -1.0)
    return Asking(shelf, "classify")  # type: ignore[arg-type]


def test_names_are_taken_as_they_are_and_nobody_is_everybody(asking: Asking) -> None:
    assert asking.networks(["photo:random", "street"], "photographs") == [Chosen("photo", "random"), Chosen("street")]
    assert asking.networks([], "streetscape") == [Chosen("street", "bundled")]
    assert asking.networks((), "unknown") == [Chosen("photo", "V1")]


def test_only_what_can_be_fetched_is_missing(asking: Asking) -> None:
    wanted = [Chosen("photo"), Chosen("photo", "random"), Chosen("street"), Chosen("phot")]
    assert asking.missing(wanted) == [Chosen("photo")]


def test_a_fetch_says_how_far_it_is_and_whom_to_ask(asking: Asking, shelf: Shelf) -> None:
    *steps, last = asking.fetched(Chosen("photo", "V1"), True, "me")
    assert [step.fraction for step in steps if isinstance(step, Progress)] == pytest.approx([0, 1 / 3, 2 / 3])
    assert last == Chosen("photo", "V1") and shelf.present("photo")


def test_without_a_network_what_is_here_answers_and_nobody_waits_twice(asking: Asking, shelf: Shelf) -> None:
    shelf.fails = True
    (other,) = asking.fetched(Chosen("photo", "V1"), True, "me")
    assert isinstance(other, Chosen) and (other.model, other.weights) == ("street", "bundled")
    assert other.why.startswith("photo, which knows such pictures, could not be fetched: street")
    (again,) = asking.networks([], "photographs")
    assert again.model == "street" and "a moment ago" in again.why
    assert asking.networks([], "photographs", retry=True) == [Chosen("photo", "V1")]
    shelf.here.add("photo")
    assert asking.networks([], "photographs") == [Chosen("photo", "V1")]
    with pytest.raises(FetchFailed, match="no network"):
        list(asking.fetched(Chosen("photo", "V1"), False, "me"))
    shelf.here.clear()
    with pytest.raises(FetchFailed, match="no network"):
        list(asking.fetched(Chosen("photo", "V1"), True, "me"))
    assert asking.networks([], "photographs") == [Chosen("photo", "V1")]


def test_a_visitor_stops_only_what_he_waits_for(asking: Asking, shelf: Shelf) -> None:
    steps = asking.fetched(Chosen("photo", "V1"), False, "me")
    next(steps)
    asking.halt("you")
    next(steps)
    asking.halt("me")
    with pytest.raises(FetchFailed, match="Stopped"):
        list(steps)
    assert not shelf.present("photo")
    asking.halt("me")  # nothing to stop any more
