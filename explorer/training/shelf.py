"""Cards and the weights they speak of, on disk."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from explorer.errors import BadWeights
from explorer.records.card import Card
from explorer.training.atomic import write_whole


def write_card(card: Card, path: Path) -> None:
    """Write a card as JSON, whole or not at all. Raises Failure."""
    write_whole(path, (json.dumps(asdict(card), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode())


def check_weights(card: Card, weights: Path) -> None:
    """Raises BadWeights unless the file is the one the card speaks of."""
    try:
        digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    except OSError as error:
        raise BadWeights(f"{weights} cannot be read ({error.strerror}): take it from the project again.") from None
    if digest != card.sha256:
        raise BadWeights(
            f"{weights} is not the file its card speaks of (its SHA-256 begins {digest[:8]}, not {card.sha256[:8]}): "
            "take both from the project again."
        )
