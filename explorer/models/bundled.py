"""Weights that ship with the project: files in assets/weights, each described by the card beside it."""

from __future__ import annotations

from pathlib import Path

from explorer.contract import WeightsCard
from explorer.models.preparation import Preparation, Prepares
from explorer.models.registry import Published
from explorer.records.card import read_card
from explorer.records.frame import Domain

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "weights"
NAME = "bundled"
STREET_MEAN, STREET_STD = (0.45, 0.45, 0.45), (0.25, 0.25, 0.25)


def bundled(file: str, domain: Domain, preparation: Prepares) -> tuple[Published, ...]:
    """The weights FILE.safetensors of assets/weights; none before they were first trained.

    Raises BadWeights when their card cannot be read.
    """
    weights = FOLDER / f"{file}.safetensors"
    if not weights.exists():
        return ()
    card = read_card(weights.with_suffix(".json"))
    known = WeightsCard(NAME, weights.stat().st_size, NAME, domain, card.metrics)
    return (Published(known, "", card.sha256, str(weights), preparation, card.classes),)


def street(file: str) -> tuple[Published, ...]:
    """The weights of a classifier of street crops: the picture squashed to 72x72, of which it sees 64x64."""
    return bundled(file, "streetscape", Preparation(72, 64, STREET_MEAN, STREET_STD, squash=True))
