"""A GPU that is lent for a pass: networks travel to it once, and nothing changes where there is none."""

from __future__ import annotations

import importlib.machinery
import pickle
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from explorer.contract import RANDOM
from explorer.engine import zero_gpu
from explorer.engine.engine import LocalEngine
from explorer.records.classify import Classify
from explorer.records.frame import Frame
from tests import tiny

PICTURE = Frame(np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8))


class Spaces(types.ModuleType):
    """As the real package: what goes to the lent process and comes back is pickled."""

    def __init__(self) -> None:
        super().__init__("spaces")
        self.__spec__ = importlib.machinery.ModuleSpec("spaces", None)
        self.durations: list[int] = []
        self.sent: list[bool] = []

    def GPU(self, duration: int) -> Callable[[Any], Any]:
        self.durations.append(duration)

        def lent(task: Any) -> Any:
            def called(*arguments: Any) -> Any:
                self.sent.append(arguments[1] is not None)
                return pickle.loads(pickle.dumps(task(*pickle.loads(pickle.dumps(arguments)))))

            return called

        return lent


@pytest.fixture
def spaces(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spaces]:
    made = Spaces()
    monkeypatch.setitem(sys.modules, "spaces", made)
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    monkeypatch.setattr(zero_gpu, "DEVICE", "cpu")
    zero_gpu.lent_pass.cache_clear()
    zero_gpu.KNOWN.clear()
    yield made
    zero_gpu.lent_pass.cache_clear()
    zero_gpu.KNOWN.clear()


def answer() -> Any:
    engine = LocalEngine("auto", tiny.registry(), outputs=0)
    picture = engine.keep(PICTURE)
    found = [engine.run(Classify(picture, "tiny", RANDOM)) for _ in range(2)]
    card = engine.device()
    engine.close()
    assert np.array_equal(found[0].logits, found[1].logits)
    return card, found[0]


def test_a_pass_runs_there_and_the_network_travels_once(spaces: Spaces, monkeypatch: pytest.MonkeyPatch) -> None:
    card, found = answer()
    assert spaces.sent == [False, True, False] and spaces.durations == [zero_gpu.SECONDS]
    assert card.kind == "cuda" and "ZeroGPU" in card.name
    monkeypatch.delenv("SPACES_ZERO_GPU")
    zero_gpu.lent_pass.cache_clear()
    assert np.allclose(answer()[1].logits, found.logits, atol=1e-6)


def test_another_process_is_sent_the_network_again(spaces: Spaces) -> None:
    answer()
    zero_gpu.KNOWN.clear()
    answer()
    assert spaces.sent == [False, True, False] * 2


@pytest.mark.parametrize("said", ["", "false", "0"])
def test_elsewhere_nothing_is_lent(spaces: Spaces, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("SPACES_ZERO_GPU", said)
    assert zero_gpu.lent_pass() is None
    answer()
    assert spaces.sent == []


def test_without_the_package_nothing_is_lent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    monkeypatch.delitem(sys.modules, "spaces", raising=False)
    zero_gpu.lent_pass.cache_clear()
    assert zero_gpu.lent_pass() is None
    zero_gpu.lent_pass.cache_clear()
