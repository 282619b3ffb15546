"""One try at bringing a file: what has arrived lies beside its place as `.part` until it is whole and proven."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPException
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from explorer.contract import Stop
from explorer.engine.fetch_failures import Spot, disk_failure, disk_full, network_failure
from explorer.engine.http_stream import Head, HttpStream
from explorer.errors import FetchFailed
from explorer.records.question import Progress

_SLOWEST = 1000
"""Bytes a second below which a download is given up."""
_BEAT = 0.1
"""Seconds between two looks at the clock and at `stop`, and between two reports."""
_SLACK = 1_000_000
_LARGEST = 10_000_000_000
_PAGE = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<(!doctype html|html|head)", re.IGNORECASE)


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Part:
    """The piece that has arrived, and the host's name (its ETag) for the version it is a piece of."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(path.name + ".part")
        self._etag = path.with_name(path.name + ".part.etag")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def etag(self) -> str:
        try:
            return self._etag.read_text("latin-1").strip()
        except OSError:
            return ""

    def begin(self, etag: str) -> None:
        """Empty it, for the version called `etag`; a weak one cannot promise the same bytes and is not kept."""
        self.path.write_bytes(b"")
        strong = re.fullmatch(r'"[\x21\x23-\x7e]{1,200}"', etag)
        self._etag.write_text(etag if strong else "", "latin-1")

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
        self._etag.unlink(missing_ok=True)

    def become(self, path: Path) -> None:
        """Move into place whole, or not at all, whatever happens to the power."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self.path.replace(path)
        self._etag.unlink(missing_ok=True)
        if sys.platform != "win32":
            with suppress(OSError):
                folder = os.open(path.parent, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)


class Pace:
    """Whether bytes come fast enough, counting only the time spent waiting for them."""

    def __init__(self, window: float) -> None:
        self._window, self._waited, self._bytes = window, 0.0, 0

    def too_slow(self, waited: float, count: int) -> bool:
        """Note `count` bytes after `waited` seconds; true when a whole window brought under a kilobyte a second."""
        self._waited += waited
        self._bytes += count
        if self._waited < self._window:
            return False
        slow = self._bytes < _SLOWEST * self._window
        self._waited, self._bytes = 0.0, 0
        return slow


class Download:
    """A file nobody else is fetching, brought to `spot.path`."""

    def __init__(self, url: str, sha256: str, size: int, spot: Spot, stop: Stop | None, timeout: float) -> None:
        self._url, self._sha256, self._size, self._spot = url, sha256.lower(), size, spot
        self._stop, self._timeout = stop, timeout
        self._part = Part(spot.path)
        self._total = 0  # as the host tells it
        self._done = 0
        # a size may be rounded; a host that sends much more is wrong or hostile
        self._most = size + size // 10 + _SLACK if size else _LARGEST
        self._spoilt = False

    def run(self) -> Iterator[Progress]:
        """Receive, prove and place it. Raises FetchFailed."""
        # with neither a hash nor a version to compare, two halves might be of different files
        if not (self._sha256 or self._part.etag):
            self._part.remove()
        try:
            whole = bool(self._sha256) and 0 < self._part.size == self._size
            if not whole:
                whole = yield from self._receive()
            if not whole and not self._stopped():
                whole = yield from self._receive()
            if whole:
                yield self._place()
            elif not self._stopped():
                raise self._spot.failed("it gives neither the file nor a part of it")
        except FetchFailed:
            if self._spoilt:
                self._part.remove()
            raise
        except OSError as error:
            raise disk_failure(error, self._spot, max(self._total - self._done, 0)) from error

    def _stopped(self) -> bool:
        return self._stop is not None and self._stop.is_set()

    def _receive(self) -> Generator[Progress, None, bool]:
        """Ask for what is missing and write it; whether the part is now whole. False: start again, or stopped."""
        headers = {"User-Agent": "fovea", "Accept-Encoding": "identity"}
        self._done = self._part.size
        if self._done:
            headers["Range"] = f"bytes={self._done}-"
            if self._part.etag:
                headers["If-Range"] = self._part.etag
        pace, told, out = Pace(self._timeout), 0.0, None
        with ExitStack() as stack:
            stream = stack.enter_context(closing(HttpStream(self._url, headers, self._timeout)))
            while not self._stopped():
                since = monotonic()
                item = self._next(stream)
                if pace.too_slow(monotonic() - since, len(item) if isinstance(item, bytes) else 0):
                    raise self._spot.broken(f"almost nothing came for {self._timeout:g} seconds")
                if isinstance(item, Head):
                    if not self._accept(item):
                        return item.status == 416 and 0 < self._part.size == item.total
                    out = stack.enter_context(self._part.path.open("ab"))
                elif item == b"":
                    return self._ended()
                elif item is not None and out is not None:
                    self._write(out, item)
                if monotonic() - told >= _BEAT:
                    told = monotonic()
                    yield self._progress()
        return False

    def _next(self, stream: HttpStream) -> Head | bytes | None:
        try:
            return stream.get(_BEAT)
        except (OSError, HTTPException, ValueError) as error:
            raise network_failure(error, self._spot, begun=self._total > 0) from error

    def _accept(self, head: Head) -> bool:
        """Make ready for the body; False where the part does not fit it and all must start again."""
        self._sha256 = self._sha256 or head.linked_sha256
        if head.status == 416:
            if self._part.size != head.total:
                self._part.remove()
            return False
        if head.status == 206 and head.start != self._done:
            self._part.remove()
            return False
        if head.kind in ("text/html", "application/xhtml+xml"):
            raise self._web_page()
        if head.status not in (200, 206) or head.encoding not in ("", "identity"):
            raise self._spot.failed(f"it answered {head.status} {head.encoding}".strip() + ", which is not the file")
        self._total = head.total or head.linked_size
        exact = self._size and not self._sha256
        if self._total > self._most or (exact and self._total not in (0, self._size)):
            raise self._spot.failed(f"it offers {self._total:,} bytes and {self._size:,} were published")
        if head.status == 200:
            self._part.begin(head.etag)
            self._done = 0
        needed = max((self._total or self._size) - self._done, 0)
        free = shutil.disk_usage(self._part.path.parent).free
        if needed + _SLACK > free:
            raise disk_full(self._spot, needed + _SLACK, free)
        return True

    def _web_page(self) -> FetchFailed:
        return self._spot.failed(
            "a web page came instead of the file, as where a network wants a login",
            f"open any page in a browser to log in and run it again, or {self._spot.by_hand}",
        )

    def _write(self, out: BinaryIO, piece: bytes) -> None:
        if self._done == 0 and _PAGE.match(piece):
            self._spoilt = True
            raise self._web_page()
        out.write(piece)
        self._done += len(piece)
        most = self._total or self._most
        if self._done > most:
            self._spoilt = True
            raise self._spot.failed(f"more came than the {most:,} bytes it should have")

    def _ended(self) -> bool:
        if self._done < self._total:
            raise self._spot.broken(f"the connection ended after {self._done:,} of {self._total:,} bytes")
        return True

    def _progress(self) -> Progress:
        return Progress(f"{self._spot.path.name}: bytes from {self._spot.host}", self._done, self._total or self._size)

    def _place(self) -> Progress:
        """Prove the part and move it to its place; a wrong one is deleted."""
        size, sha256 = self._part.size, sha256_of(self._part.path)
        right = sha256.startswith(self._sha256) if self._sha256 else self._size in (0, size)
        if not right and not self._total and size < self._size * 0.99:
            raise self._spot.broken(f"the connection ended after {size:,} of {self._size:,} bytes")
        if not right or size == 0:
            self._part.remove()
            wanted = f"SHA-256 {sha256[:12]}, not {self._sha256[:12]}" if self._sha256 else f"{size:,} bytes"
            raise self._spot.failed(
                f"what came is not the published file ({wanted}) and was deleted",
                f"run it again, or {self._spot.by_hand}",
            )
        self._part.become(self._spot.path)
        self._done = self._total = size
        return self._progress()
