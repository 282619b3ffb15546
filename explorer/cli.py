"""The command line: questions in other clothes. One JSON object on stdout, one sentence of trouble on stderr."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from explorer.errors import ExplorerError, Failure, Mistake, UnknownName
from explorer.records.classify import CROPS, PRECISIONS, Classify
from explorer.sources.image import VISITOR, Limits
from explorer.sources.open import open_picture

if TYPE_CHECKING:
    from explorer.contract import ModelCard
    from explorer.engine.engine import LocalEngine

Command = Callable[[argparse.Namespace], dict[str, Any]]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Mistake(f"{message[:1].upper()}{message[1:]}: see `{self.prog} --help`.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, 2 for a mistake of the person's, 1 for a failure."""
    arguments = argparse.Namespace(debug=False)
    try:
        arguments = _parser().parse_args(argv)
        result = arguments.command(arguments)
        print(json.dumps(result, allow_nan=False) if arguments.json else arguments.show(result), flush=True)
    except ExplorerError as error:
        return _complain(error, error.exit_code, arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # nobody reads on: say nothing more
        return 1
    except Exception as error:  # noqa: BLE001 - a person gets a sentence whatever went wrong
        sentence = f"Something inside failed ({type(error).__name__}: {error}): run it with --debug and report it."
        failure = Failure(sentence)
        failure.__cause__ = error
        return _complain(failure, 1, arguments)
    return 0


def _complain(error: ExplorerError, code: int, arguments: argparse.Namespace) -> int:
    if arguments.debug:
        raise error.__cause__ or error
    print(" ".join(str(error).split()), file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m explorer", description="See inside vision networks.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: Command, show: Callable[[dict[str, Any]], str], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        added.add_argument("--debug", action="store_true", help="show where an error came from")
        added.set_defaults(command=run, show=show)
        return added

    _picture(command("classify", _classify, _show_classify, "What is in a picture."))
    fetch = command("fetch", _fetch, _show_fetch, "Download a model's weights.")
    fetch.add_argument("model")
    fetch.add_argument("--weights", default="", metavar="NAME", help="which set, when there are several")
    zoo = command("zoo", _zoo, _show_zoo, "The models there are.")
    zoo.add_argument("--task", choices=("classify", "dense", "detect", "segment", "faces"))
    doctor = command("doctor", _doctor, _show_doctor, "What this machine has, and what to do about the rest.")
    doctor.add_argument("--device", default="auto")
    bench = command("bench", _bench, _show_bench, "Measure, side by side in one run.")
    bench.add_argument("name")
    return parser


def _picture(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", help="a file, or sample:NAME")
    parser.add_argument("--model", required=True)
    parser.add_argument("--weights", default="", metavar="FILE", help="a file of your own, a published name, or random")
    parser.add_argument("--crops", type=int, default=1, choices=CROPS)
    parser.add_argument("--top", type=_positive, default=5, metavar="N")
    parser.add_argument("--precision", choices=PRECISIONS, default="fp32")
    parser.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")
    parser.add_argument("--max-pixels", type=_positive, default=VISITOR.max_pixels, metavar="N")


def _classify(arguments: argparse.Namespace) -> dict[str, Any]:
    frame = open_picture(arguments.image, Limits(max_pixels=arguments.max_pixels))
    engine = _engine(arguments.device)
    weights = _weights(engine, arguments.model, arguments.weights)
    question = Classify(
        engine.keep(frame), arguments.model, weights, arguments.crops, arguments.top, arguments.precision
    )
    answer = engine.run(question).as_json()
    return answer | {"notes": [*frame.notes, *answer["notes"]]}


def _engine(device: str) -> LocalEngine:
    from explorer.engine.engine import LocalEngine

    return LocalEngine(device)


def _weights(engine: LocalEngine, model: str, weights: str) -> str:
    """The name under which the weights serve: a known name as it is, anything else a file; fetched where need be."""
    cards = {card.name: card for card in engine.models()}
    if model not in cards:
        raise UnknownName("model", model, cards)
    names = {card.name.lower(): card.name for card in cards[model].weights} | {"random": "random", "": ""}
    if weights.lower() not in names:
        return engine.adopt(model, weights)
    weights = names[weights.lower()]
    if not engine.present(model, weights):
        _download(engine, model, weights)
    return weights


def _download(engine: LocalEngine, model: str, weights: str) -> None:
    for progress in engine.fetch(model, weights):
        if sys.stderr.isatty():
            print(f"\r{progress.text} {progress.fraction:4.0%}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _fetch(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.engine import weights as shelf
    from explorer.models.registry import models

    engine = _engine("cpu")
    published = models().get(arguments.model).weights(arguments.weights)
    present = engine.present(arguments.model, published.card.name)
    if not present:
        _download(engine, arguments.model, published.card.name)
    path = shelf.place(published)
    size = path.stat().st_size
    return {
        "model": arguments.model,
        "weights": published.card.name,
        "path": str(path),
        "bytes": size,
        "fetched": not present,
    }


def _zoo(arguments: argparse.Namespace) -> dict[str, Any]:
    engine = _engine("cpu")
    return {"models": [_row(engine, card) for card in engine.models(arguments.task)]}


def _row(engine: LocalEngine, card: ModelCard) -> dict[str, Any]:
    cost = engine.arithmetic(card.name)
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

    return examine(_engine(arguments.device))


def _bench(arguments: argparse.Namespace) -> dict[str, Any]:
    from explorer.bench.registry import benchmark

    return benchmark(arguments.name)


def _show_classify(result: dict[str, Any]) -> str:
    rows = [f"{found['score']:6.1%}  {found['name']}" for found in result["classes"]]
    how = f"{result['model']} ({result['weights']}) on {result['device']}, {result['ms']:.0f} ms"
    return "\n".join([*rows, how, *(f"note: {note}" for note in result["notes"])])


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
    rows = ["  ".join(f"{key} {value}" for key, value in row.items()) for row in result["rows"]]
    return "\n".join([*rows, f"{result['name']}: ratio {result['ratio']:.3f} ({result['better']} is better)"])


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12 or int(text) == 0:
        raise argparse.ArgumentTypeError(f"a whole number of at least 1 was wanted, got {text[:40]!r}")
    return int(text)
