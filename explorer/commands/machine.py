"""`fetch`, `zoo`, `doctor`, `bench`: what this machine has and how fast it is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from explorer.commands.command import Add, engine, told

if TYPE_CHECKING:
    from explorer.contract import ModelCard
    from explorer.engine.engine import LocalEngine


def add(command: Add) -> None:
    """Make the four known."""
    fetch = command("fetch", _fetch, _show_fetch, "Download a model's weights.")
    fetch.add_argument("model")
    fetch.add_argument("--weights", default="", metavar="NAME", help="which set, when there are several")
    zoo = command("zoo", _zoo, _show_zoo, "The models there are.")
    zoo.add_argument("--task", choices=("classify", "dense", "detect", "segment", "faces"))
    doctor = command("doctor", _doctor, _show_doctor, "What this machine has, and what to do about the rest.")
    doctor.add_argument("--device", default="auto")
    bench = command("bench", _bench, _show_bench, "Measure, side by side in one run.")
    bench.add_argument("name")
    bench.add_argument("--client", default="", help="live: chromium, or python for the bare socket")


def _fetch(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.engine import weights as shelf
    from explorer.models.registry import models

    serving = engine("cpu")
    published = models().get(arguments.model).weights(arguments.weights)
    present = serving.present(arguments.model, published.card.name)
    if not present:
        told(serving.fetch(arguments.model, published.card.name))
    path = shelf.place(published)
    return {
        "model": arguments.model,
        "weights": published.card.name,
        "path": str(path),
        "bytes": path.stat().st_size,
        "fetched": not present,
    }


def _zoo(arguments: argparse.Namespace) -> dict[str, Any]:
    serving = engine("cpu")
    return {"models": [_row(serving, card) for card in serving.models(arguments.task)]}


def _row(serving: LocalEngine, card: ModelCard) -> dict[str, Any]:
    cost = serving.arithmetic(card.name)
    return {
        "name": card.name,
        "family": card.family,
        "year": card.year,
        "paper": card.paper,
        "idea": card.idea,
        "params": cost.params,
        "macs": cost.macs,
        "input": list(card.input),
        "tasks": list(card.tasks),
        "weights": [weights.name for weights in card.weights],
    }


def _doctor(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.engine.doctor import examine

    return examine(engine(arguments.device))


def _bench(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.bench.registry import benchmark

    return benchmark(arguments.name, arguments.client)


def _show_fetch(result: dict[str, Any]) -> str:
    what = "fetched" if result["fetched"] else "already here"
    return f"{result['model']} {result['weights']}: {what}, {result['bytes'] / 1e6:.1f} MB, {result['path']}"


def _show_zoo(result: dict[str, Any]) -> str:
    head = f"{'model':<22} year  {'weights':>9}  {'multiply-adds':>13}  published weights"
    rows = [
        f"{row['name']:<22} {row['year']}  {row['params'] / 1e6:7.2f} M  {row['macs'] / 1e9:11.2f} G  "
        f"{', '.join(row['weights'])}"
        for row in result["models"]
    ]
    return "\n".join([head, *rows])


def _show_doctor(result: dict[str, Any]) -> str:
    lines = [f"{name:<14} {value}" for name, value in result["installed"].items()]
    lines.append(f"{'device':<14} {result['device']['kind']}: {result['device']['name']}")
    here = ", ".join(f"{found['model']} {found['weights']}" for found in result["weights"]["present"])
    lines.append(f"{'weights':<14} {here or 'none yet'} (in {result['weights']['folder']})")
    return "\n".join([*lines, *(f"- {advice}" for advice in result["advice"])])


def _show_bench(result: dict[str, Any]) -> str:
    rows = ["  ".join(f"{key} {_plain(value)}" for key, value in row.items()) for row in result["rows"]]
    return "\n".join([*rows, f"{result['name']}: ratio {result['ratio']:.3f} ({result['better']} is better)"])


def _plain(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
