"""One family of errors: each message is one sentence that says what was wanted, what came, and what to do next."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def shown(text: str, limit: int = 40) -> str:
    """Text of a stranger's file, fit for one line: escaped where it would not print, cut at `limit`."""
    safe = text if text.isprintable() else ascii(text[: 2 * limit])[1:-1]
    return safe if len(safe) <= limit else safe[: limit - 3] + "..."


class ExplorerError(Exception):
    """Anything Fovea says no to; `str(error)` is fit for a page and for stderr."""

    exit_code = 1


class Mistake(ExplorerError):
    """The person asking can mend it: a bad file, an unknown name, an option out of range."""

    exit_code = 2


class Failure(ExplorerError):
    """The machine or the network let us down: nothing in the question was wrong."""


class Stopped(ExplorerError):
    """The asker said stop before there was an answer."""


class BadPicture(Mistake):
    """A file that is not a picture we read."""


class BadVideo(Mistake):
    """A file that is not a video we read, or that has no pictures in it."""


class BadWeights(Mistake):
    """A weights file that is unsafe, damaged, or made for another network."""


class UnknownName(Mistake):
    """A name no registry knows."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = list(known)
        near = difflib.get_close_matches(name.lower(), [known.lower() for known in names], n=1, cutoff=0.5)
        hint = (
            f"did you mean {next(known for known in names if known.lower() == near[0])}?"
            if near
            else f"there are: {', '.join(names[:12])}."
        )
        super().__init__(f"There is no {kind} called {name[:80]!r}: {hint}")


class WeightsMissing(Mistake):
    """The network is known but its weights are not on this machine."""


class FetchFailed(Failure):
    """A download did not end well; whatever had arrived is kept for a resume unless it was wrong."""


class OutOfMemory(Failure):
    """Neither the accelerator nor the processor has room for this."""
