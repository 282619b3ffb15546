"""Scenes that several tests look at, rendered once."""

from __future__ import annotations

import pytest

from explorer.records.scene import DIFFICULTIES, Scene
from explorer.streetscape.render import render

SIZES = ((240, 320), (96, 160), (256, 256), (64, 64), (320, 180))


@pytest.fixture(scope="session")
def scenes() -> list[Scene]:
    """Scenes of mixed sizes and difficulties, outside every split."""
    return [render(1_500_000 + k, SIZES[k % len(SIZES)], DIFFICULTIES[k % 3]) for k in range(30)]
