"""The command line: questions in other clothes. One JSON object on stdout, one sentence of trouble on stderr."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from explorer.commands import classify, dense, detect, evaluate, machine, roi, scenes, training, video
from explorer.commands.command import Parser, Run, Show
from explorer.errors import ExplorerError, Failure

FAMILIES = (classify, dense, detect, roi, video, evaluate, scenes, training, machine)


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
    parser = Parser(prog="python -m explorer", description="See inside vision networks.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=Parser)

    def command(name: str, run: Run, show: Show, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        added.add_argument("--debug", action="store_true", help="show where an error came from")
        added.set_defaults(command=run, show=show)
        return added

    for family in FAMILIES:
        family.add(command)
    return parser
