"""`train`: make a bundled network again, from nothing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from explorer.commands.command import Add, positive


def add(command: Add) -> None:
    """Make `train` known."""
    train = command("train", _train, _show, "Train a network by its recipe; goes on where it was broken off.")
    train.add_argument("recipe")
    train.add_argument(
        "--out", type=Path, default=Path("trained"), metavar="DIR", help="for the weights and their card"
    )
    train.add_argument("--device", default="cpu", help="auto, cuda, mps or cpu")
    train.add_argument("--threads", type=positive, default=1, help="one gives the same bytes every time")


def _train(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.engine import device
    from explorer.records.card import read_card
    from explorer.training.loop import Learning, train
    from explorer.training.recipe import recipes

    recipe = recipes().get(arguments.recipe)
    device.use_threads(arguments.threads)
    where = device.choose(arguments.device).type
    for progress in train(recipe, arguments.out, device=where):
        if sys.stderr.isatty():
            loss = f", loss {progress.loss:.3f}" if isinstance(progress, Learning) else ""
            print(f"\r{progress.text} {progress.fraction:4.0%}{loss}   ", end="", file=sys.stderr, flush=True)
    card = arguments.out / f"{recipe.name}.json"
    return {"card": str(card), "metrics": dict(read_card(card).metrics)}


def _show(result: dict[str, Any]) -> str:
    return "\n".join([*(f"{name:<12} {value:.4f}" for name, value in result["metrics"].items()), result["card"]])
