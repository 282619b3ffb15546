"""What a finished run leaves: a weights file in the smallest format that costs nothing, and its card."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import safetensors.torch
from torch import Tensor, nn

from explorer.models.registry import Registry, models
from explorer.records.card import Card, read_card
from explorer.training.atomic import write_whole
from explorer.training.data import Data
from explorer.training.forward import judged
from explorer.training.objective import objective
from explorer.training.recipe import Recipe
from explorer.training.shelf import check_weights, write_card

ROOT = Path(__file__).resolve().parents[2]
COSTLESS = 5e-4
"""A first metric that is lower by no more has cost nothing: it moves by more from one set of scenes to the next."""


def write_result(recipe: Recipe, module: nn.Module, data: Data, out: Path) -> Card:
    """Write NAME.safetensors, then NAME.json, each whole or not at all. Raises Failure.

    The weights are kept in fp16 where the first metric on the held-out pictures is lower for it by COSTLESS at most,
    else in fp32; the card's metrics are those of the file, and `NAME_fp32` what the first was before rounding.
    """
    aim = objective(recipe.loss)
    whole = {key: value.detach().cpu().contiguous() for key, value in module.state_dict().items()}
    half = {key: value.half() if value.is_floating_point() else value for key, value in whole.items()}
    full = judged(module, data.validation(), aim, recipe.preparation)
    module.load_state_dict(half)
    rounded = judged(module, data.validation(), aim, recipe.preparation)
    first = aim.metrics[0]
    fits = rounded[first] >= full[first] - COSTLESS
    if not fits:
        module.load_state_dict(whole)
    file = safetensors.torch.save(half if fits else whole)
    write_whole(out / f"{recipe.name}.safetensors", file)
    card = Card(
        name=recipe.name,
        model=recipe.model,
        recipe=recipe.as_json(),
        seed=recipe.seed,
        data=recipe.data.sentence(),
        commit=commit(),
        metrics={**(rounded if fits else full), f"{first}_fp32": full[first]},
        date=datetime.now(UTC).date().isoformat(),
        classes=recipe.classes,
        input=recipe.preparation.size,
        preparation=recipe.preparation,
        stored="fp16" if fits else "fp32",
        sha256=hashlib.sha256(file).hexdigest(),
    )
    write_card(card, out / f"{recipe.name}.json")
    return card


def load_result(path: Path, registry: Registry | None = None) -> tuple[nn.Module, Card]:
    """The network of a card, in fp32 and for answering only. Raises BadWeights, UnknownName."""
    card = read_card(path)
    weights = path.with_suffix(".safetensors")
    check_weights(card, weights)
    module = (registry or models()).get(card.model).build(len(card.classes))
    state: Mapping[str, Tensor] = safetensors.torch.load_file(weights)
    module.load_state_dict({key: value.float() if value.is_floating_point() else value for key, value in state.items()})
    return module.eval(), card


def add_metrics(path: Path, metrics: Mapping[str, float]) -> Card:
    """Write further measurements of the same file into its card."""
    card = read_card(path)
    check_weights(card, path.with_suffix(".safetensors"))
    card = replace(card, metrics={**card.metrics, **metrics})
    write_card(card, path)
    return card


def commit() -> str:
    """The commit of this code, with "+" where files differ from it; "unknown" outside a clone."""
    try:
        head = _git("rev-parse", "HEAD")
        return head[:12] + ("+" if _git("status", "--porcelain", "--", "explorer") else "")
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def _git(*words: str) -> str:
    run = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True, timeout=20)
    return run.stdout.strip()
