"""Where a run stands, on disk: one file, whole or absent, from which it goes on as if it had never stopped.

Every random choice is drawn from the recipe's seed and the number of the step, so no generator's state is kept.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from explorer.errors import Mistake
from explorer.training.atomic import write_whole
from explorer.training.recipe import Recipe


@dataclass
class Standing:
    """How far a run has come.

    step: steps done; latest, best: metrics of the latest validation and of the best; best_state: the weights of that.
    """

    step: int = 0
    best: dict[str, float] = field(default_factory=dict)
    best_state: dict[str, Tensor] = field(default_factory=dict)
    latest: dict[str, float] = field(default_factory=dict)


def fingerprint(recipe: Recipe) -> str:
    """Equal for recipes that train alike, and for no others."""
    return hashlib.sha256(json.dumps(recipe.as_json(), sort_keys=True).encode()).hexdigest()


def save(path: Path, recipe: Recipe, standing: Standing, model: Any, optimiser: Any) -> None:
    """Write model, optimiser and standing, the best weights among them. Raises Failure."""
    file = io.BytesIO()
    parts = {
        "fingerprint": fingerprint(recipe),
        "standing": {key: getattr(standing, key) for key in asdict(Standing())},
        "model": model.state_dict(),
        "optimiser": optimiser.state_dict(),
    }
    torch.save(parts, file)
    write_whole(path, file.getvalue())


def resume(path: Path, recipe: Recipe, model: Any, optimiser: Any, device: torch.device) -> Standing:
    """Load model and optimiser in place; a new standing where there is no file.

    Raises Mistake for a checkpoint of another recipe, or one that cannot be read.
    """
    if not path.exists():
        return Standing()
    try:
        parts = torch.load(path, map_location=device, weights_only=True)
        known = parts["fingerprint"]
    except Exception as error:
        raise Mistake(f"{path} is not a checkpoint that can be read: delete it to train from the start.") from error
    if known != fingerprint(recipe):
        raise Mistake(f"{path} was begun with another form of the recipe {recipe.name}: finish that, or delete it.")
    model.load_state_dict(parts["model"])
    optimiser.load_state_dict(parts["optimiser"])
    return Standing(**parts["standing"])
