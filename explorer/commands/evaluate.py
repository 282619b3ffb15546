"""`evaluate`: how right a network is on scenes whose truth is known."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from explorer.commands.command import Add, engine, seeds, told
from explorer.commands.networks import weights_name
from explorer.streetscape.seeds import EXAM

if TYPE_CHECKING:
    from explorer.evaluation.classify import Report


def add(command: Add) -> None:
    """Make `evaluate` known."""
    parser = command("evaluate", _evaluate, _show, "How right a network is on scenes whose truth is known.")
    parser.add_argument("task", choices=("classify",))
    parser.add_argument("--model", required=True)
    parser.add_argument("--weights", default="", metavar="FILE", help="a file of your own, a published name, or random")
    parser.add_argument("--scenes", type=seeds, default=EXAM, metavar="A:B")
    parser.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")


def _evaluate(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.evaluation.classify import classify

    serving = engine(arguments.device)
    weights = weights_name(serving, arguments.model, arguments.weights)
    report: Report = told(classify(serving, arguments.model, weights, arguments.scenes))
    return report.as_json()


def _show(result: dict[str, Any]) -> str:
    rows = [f"{name:<14} {value:6.1%}" for name, value in (result["metrics"] | result["by_class"]).items()]
    wrong = [f"{found['true']} taken for {found['answer']}: {found['crops']}" for found in result["confusions"]]
    return "\n".join([*rows, *wrong, f"{result['model']} ({result['weights']}), {result['crops']} crops"])
