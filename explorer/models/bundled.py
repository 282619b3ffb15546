"""Weights that ship with the project: files in assets/weights, each described by the card beside it."""

from __future__ import annotations

from pathlib import Path

from explorer.contract import Domain, WeightsCard
from explorer.models.preparation import Prepares
from explorer.models.registry import Published
from explorer.records.card import read_card

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "weights"
NAME = "bundled"


def bundled(file: str, domain: Domain, preparation: Prepares) -> tuple[Published, ...]:
    """The weights FILE.safetensors of assets/weights. Raises BadWeights when their card cannot be read."""
    weights = FOLDER / f"{file}.safetensors"
    card = read_card(weights.with_suffix(".json"))
    known = WeightsCard(NAME, weights.stat().st_size, NAME, domain, card.metrics)
    return (Published(known, "", card.sha256, str(weights), preparation, card.classes),)
