"""Downloads a file once and for all: resumed, checked against its published hash, and moved into place whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

from explorer.contract import Stop
from explorer.engine.download import Download, sha256_of
from explorer.engine.fetch_failures import MIRROR, Spot, disk_failure
from explorer.engine.file_lock import FileLock
from explorer.errors import FetchFailed
from explorer.records.question import Progress

__all__ = ["MIRROR", "Remote", "fetch", "sha256_of"]

_BEAT = 0.1


@dataclass(frozen=True)
class Remote:
    """A published file.

    sha256: hex digest, whole or its first digits; "" when unknown: a host may then tell it (`X-Linked-Etag`);
    size: bytes as published, 0 when unknown. Where a hash is known it decides, and the size is for progress and room.
    """

    url: str
    sha256: str = ""
    size: int = 0


def fetch(remote: Remote, path: Path, stop: Stop | None = None, timeout: float = 20) -> Iterator[Progress]:
    """Bring `remote` to `path`, telling bytes done of all about ten times a second.

    Ends early, keeping what arrived, once `stop` is set; asks nobody where the right file is already there.
    timeout: seconds without an answer, or below a kilobyte a second, after which it gives up. Raises FetchFailed.
    """
    url = _mirrored(remote.url)
    spot = Spot(_shown_host(url), path)
    if not _on_the_web(url):
        raise FetchFailed(f"{path.name} has the address {url[:200]!r}, which is not http or https: {spot.by_hand}.")
    try:
        if _is_there(remote, path):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        while not lock.acquire():
            yield Progress(f"{path.name}: waiting for another download of it", 0, remote.size)
            if stop is not None and stop.is_set():
                return
            sleep(_BEAT)
        try:
            # whoever held the lock may have brought it
            if not _is_there(remote, path):
                yield from Download(url, remote.sha256, remote.size, spot, stop, timeout).run()
        finally:
            lock.release()
    except OSError as error:
        raise disk_failure(error, spot) from error


def _on_the_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _shown_host(url: str) -> str:
    """Host and port of an address, without any password in it."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname or '?'}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        return "?"


def _mirrored(url: str) -> str:
    """The address, its scheme and host replaced by `EXPLORER_MIRROR` where that is set."""
    mirror = os.environ.get(MIRROR, "").strip()
    if not mirror:
        return url
    if not _on_the_web(mirror):
        raise FetchFailed(
            f"{MIRROR} is {mirror[:100]!r}: it should begin with http:// or https://, as http://host:8000/w."
        )
    parts = urlsplit(url)
    return mirror.rstrip("/") + parts.path + (f"?{parts.query}" if parts.query else "")


def _is_there(remote: Remote, path: Path) -> bool:
    """Whether the file is in place, judged by its hash or, where none is known, its size."""
    if not path.is_file():
        return False
    if remote.sha256:
        return sha256_of(path).startswith(remote.sha256.lower())
    return path.stat().st_size > 0 and remote.size in (0, path.stat().st_size)
