"""`train`: make a bundled network again, from nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from explorer.commands.command import Add, positive, told


def add(command: Add) -> None:
    """Make `train` known."""
    train = command("train", _train, _show, "Train a network by its recipe; goes on where it was broken off.")
    train.add_argument("recipe")
    train.add_argument(
        "--out", type=Path, default=Path("trained"), metavar="DIR", help="for the weights and their card"
    )
    train.add_argument(
        "--data", type=Path, default=None, metavar="DIR", help="made pictures stay there, for recipes that share them"
    )
    train.add_argument("--device", default="cpu", help="auto, cuda, mps or cpu")
    train.add_argument("--threads", type=positive, default=1, help="one gives the same bytes every time")


def _train(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.engine import device
    from explorer.records.card import read_card
    from explorer.training.loop import train
    from explorer.training.recipe import recipes

    recipe = recipes().get(arguments.recipe)
    device.use_threads(arguments.threads)
    where = device.choose(arguments.device).type
    told(train(recipe, arguments.out, device=where, data=arguments.data))
    card = arguments.out / f"{recipe.name}.json"
    return {"card": str(card), "metrics": dict(read_card(card).metrics)}


def _show(result: dict[str, Any]) -> str:
    return "\n".join([*(f"{name:<12} {value:.4f}" for name, value in result["metrics"].items()), result["card"]])
