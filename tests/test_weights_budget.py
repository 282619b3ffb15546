"""What ships with the project stays small enough for a Space, and is what its cards say."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from explorer.engine.fetch import sha256_of
from explorer.records.card import read_card

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = sorted((ROOT / "assets" / "weights").glob("*.safetensors"))


def test_no_file_is_too_large_for_a_space_and_all_weights_keep_their_budget() -> None:
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert max((ROOT / name).stat().st_size for name in files.split("\0") if name) <= 9_000_000
    assert 0 < sum(path.stat().st_size for path in WEIGHTS) <= 60_000_000


@pytest.mark.parametrize("path", WEIGHTS, ids=lambda path: path.stem)
def test_every_file_has_the_card_that_speaks_of_it(path: Path) -> None:
    card = read_card(path.with_suffix(".json"))
    assert card.name == path.stem and card.sha256 == sha256_of(path) and card.metrics
