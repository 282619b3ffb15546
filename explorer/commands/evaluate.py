"""`evaluate`: how right a network is on scenes whose truth is known."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from explorer.commands.command import Add, engine, seeds, told
from explorer.commands.networks import weights_name
from explorer.streetscape.seeds import EXAM

TASKS = ("classify", "detect")
Judge = Callable[[Any, str, str, Sequence[int]], Iterator[Any]]


def add(command: Add) -> None:
    """Make `evaluate` known."""
    parser = command("evaluate", _evaluate, _show, "How right a network is on scenes whose truth is known.")
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--model", required=True)
    parser.add_argument("--weights", default="", metavar="FILE", help="a file of your own, a published name, or random")
    parser.add_argument("--scenes", type=seeds, default=EXAM, metavar="A:B")
    parser.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")


def _evaluate(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.evaluation import classify, detect

    serving = engine(arguments.device)
    weights = weights_name(serving, arguments.model, arguments.weights)
    judges: dict[str, Judge] = {"classify": classify.classify, "detect": detect.detect}
    found: dict[str, Any] = told(judges[arguments.task](serving, arguments.model, weights, arguments.scenes)).as_json()
    return found


def _show(result: dict[str, Any]) -> str:
    figures = (result["metrics"] | result["by_class"]).items()
    rows = [f"{name:<14} {'     -' if value is None else f'{value:6.1%}'}" for name, value in figures]
    wrong = [f"{found['true']} taken for {found['answer']}: {found['crops']}" for found in result.get("confusions", ())]
    counted = f"{result['crops']} crops" if "crops" in result else f"{result['things']} things"
    return "\n".join([*rows, *wrong, f"{result['model']} ({result['weights']}), {counted}"])
