"""A network asked outside what it knows says so, once, and never where it knows the picture."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from explorer.records.frame import Frame
from explorer.sources.open import open_picture
from explorer.tasks.domain import KINDS, outside

NETWORKS = ("photographs", "streetscape", "digits", "unknown")


def said(network: Any, picture: Any) -> tuple[str, ...]:
    known: Any = SimpleNamespace(card=SimpleNamespace(name="net"), domain=network)
    return outside(known, Frame(np.zeros((4, 4, 3), np.uint8), domain=picture))


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("picture", NETWORKS)
def test_every_pair(network: str, picture: str) -> None:
    silent = network in ("unknown", picture) or (network, picture) == ("photographs", "unknown")
    notes = said(network, picture)
    assert len(notes) == (0 if silent else 1)
    if not silent:
        assert notes[0].startswith("net knows " + KINDS[network]) and "means" in notes[0]


def test_sources_know_what_they_give() -> None:
    assert open_picture("scene:7").domain == "streetscape" and open_picture("sample:cat").domain == "photographs"
