"""Brings a published Darknet network's two files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from explorer.contract import Stop
from explorer.engine.fetch import Remote, fetch
from explorer.engine.weights import folder
from explorer.errors import UnknownName
from explorer.models.darknet.official import OFFICIAL
from explorer.records.question import Progress


def official(name: str, stop: Stop | None = None) -> Iterator[Progress | tuple[Path, Path]]:
    """How far the download is, and last where its .cfg and its .weights lie; nobody is asked where they are there.

    Raises UnknownName, FetchFailed.
    """
    if name not in OFFICIAL:
        raise UnknownName("published Darknet network", name, list(OFFICIAL))
    one = OFFICIAL[name]
    files = [(url, folder() / url.rpartition("/")[2]) for url in (one.cfg, one.weights)]
    for url, path in files:
        yield from fetch(Remote(url), path, stop)
    yield files[0][1], files[1][1]
