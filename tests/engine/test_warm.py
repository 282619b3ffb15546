"""A GPU has done its first passes before the first visitor comes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import torch

from explorer.engine.engine import LocalEngine
from explorer.engine.network import Network
from explorer.engine.replay import AFTER
from explorer.engine.warm import PRECISIONS, warm
from tests import tiny


def test_each_bundled_model_runs_in_each_precision_as_often_as_a_capture_takes(
    hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = tiny.registry("http://bundled")
    hub.mkdir(parents=True)
    (hub / known.get("tiny").published[0].file).write_bytes(tiny.content(tiny.trained()))
    engine, ran, forward = LocalEngine("cpu", known), Counter[tuple[str, str]](), Network.forward

    def counted(network: Network, items: torch.Tensor, precision: str) -> torch.Tensor:
        ran[network.card.name, precision] += 1
        return forward(network, items, "fp32")

    monkeypatch.setattr(Network, "forward", counted)
    assert warm(engine) >= len(PRECISIONS)
    assert {model for model, _ in ran} == {"tiny"}
    assert all(ran["tiny", precision] > AFTER for precision in PRECISIONS)
    engine.close()


def test_what_is_not_bundled_or_not_here_is_passed_by(hub: Path) -> None:
    engine = LocalEngine("cpu", tiny.registry("http://elsewhere"))
    assert warm(engine) == 0
    engine.close()
    missing = LocalEngine("cpu", tiny.registry("http://bundled"))
    assert warm(missing) == 0
    missing.close()
