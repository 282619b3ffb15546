"""The card beside a bundled weights file: what it is, how it was made, and what it was measured to do."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from explorer.errors import BadWeights
from explorer.records.frame import Size


@dataclass(frozen=True)
class Preparing:
    """How a picture becomes this network's input: resized to `size` (height, width), scaled to [0, 1], normalised.

    mean, std: per channel, of values in [0, 1]; channels: 1 for grey, 3 for RGB.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]
    size: Size
    channels: int = 3

    def __post_init__(self) -> None:
        if len(self.mean) != self.channels or len(self.std) != self.channels or self.channels not in (1, 3):
            raise BadWeights(
                f"A card has a mean and a deviation for each of 1 or 3 channels, got {len(self.mean)} and "
                f"{len(self.std)} for {self.channels}: write the card again."
            )
        if min(self.std) <= 0 or len(self.size) != 2 or min(self.size) < 1:
            raise BadWeights("A card's deviations and sizes are above 0, these are not: write the card again.")


@dataclass(frozen=True)
class Card:
    """Everything known of one bundled weights file.

    name: of the weights; model: the registered architecture; recipe: all its fields, as JSON has them; data: one
    sentence; commit: of the code that trained, with "+" where it had been changed since; metrics: measured on this very
    file, fractions where they are shares; date: of the end of training, YYYY-MM-DD; classes: names, in the network's
    order; input: (height, width); stored: the number format in the file; sha256: of the file, in hex. Raises
    BadWeights.
    """

    name: str
    model: str
    recipe: Mapping[str, Any]
    seed: int
    data: str
    commit: str
    metrics: Mapping[str, float]
    date: str
    classes: tuple[str, ...]
    input: Size
    preparation: Preparing
    stored: str
    sha256: str

    def __post_init__(self) -> None:
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise BadWeights(f"The card of {self.name} names each class once, got {self.classes}: write it again.")
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            raise BadWeights(f"The card of {self.name} has no SHA-256 of 64 hex digits: write it again.")
        wrong = [key for key, value in self.metrics.items() if not math.isfinite(value)]
        if wrong:
            raise BadWeights(f"The card of {self.name} has {wrong[0]} that is not a number: measure it again.")


def read_card(path: Path) -> Card:
    """The card in a file. Raises BadWeights with one sentence when it is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise TypeError(f"a {type(found).__name__} where fields were wanted")
        _only(found, [field.name for field in fields(Card)])
        _only(found["preparation"], [field.name for field in fields(Preparing)])
        pixels = found["preparation"]
        preparation = Preparing(
            mean=tuple(map(float, pixels["mean"])),
            std=tuple(map(float, pixels["std"])),
            size=_size(pixels["size"]),
            channels=int(pixels["channels"]),
        )
        text = {key: _text(found[key]) for key in ("name", "model", "data", "commit", "date", "stored", "sha256")}
        return Card(
            **text,
            recipe=dict(found["recipe"]),
            seed=int(found["seed"]),
            metrics={str(key): float(value) for key, value in found["metrics"].items()},
            classes=tuple(_text(name) for name in found["classes"]),
            input=_size(found["input"]),
            preparation=preparation,
        )
    except OSError as error:
        raise BadWeights(f"The card {path} cannot be read ({error.strerror}): is it beside its weights?") from None
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise BadWeights(f"{path} is not a card ({str(error)[:120]}): take it from the project again.") from None


def _only(found: Mapping[str, Any], wanted: list[str]) -> None:
    missing, more = [key for key in wanted if key not in found], [key for key in found if key not in wanted]
    if missing or more:
        raise ValueError(f"missing {', '.join(missing) or 'nothing'}, unknown {', '.join(more) or 'nothing'}")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} where a text was wanted")
    return value


def _size(value: Any) -> Size:
    height, width = (int(side) for side in value)
    return height, width
