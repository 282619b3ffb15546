"""One GET request read by a thread of its own, so that whoever wants the bytes can look at the clock while it waits."""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from queue import Empty, Full, Queue
from urllib.parse import urlsplit

_CHUNK = 1 << 17


class Downgrade(urllib.error.URLError):
    """A redirect from https to a plain or foreign scheme."""


@dataclass(frozen=True)
class Head:
    """What a host says before the body.

    start: byte the body begins at; total: bytes of the whole file, 0 when not told;
    linked_sha256, linked_size: what a redirecting host tells of the file (hugging face does), "" and 0 when nothing.
    """

    status: int
    start: int
    total: int
    etag: str
    kind: str
    encoding: str
    linked_sha256: str
    linked_size: int


class HttpStream:
    """A GET under way: one `Head`, then pieces of the body, then b""; an error where one of these was due."""

    def __init__(self, url: str, headers: dict[str, str], timeout: float) -> None:
        self._request = urllib.request.Request(url, headers=headers)
        self._timeout = timeout
        self._items: Queue[Head | bytes | Exception] = Queue(maxsize=8)
        self._closed = threading.Event()
        threading.Thread(target=self._run, name=f"GET {urlsplit(url).hostname}", daemon=True).start()

    def get(self, wait: float) -> Head | bytes | None:
        """The next item, or None when `wait` seconds brought none. Raises what the connection raised."""
        try:
            item = self._items.get(timeout=wait)
        except Empty:
            return None
        if isinstance(item, Exception):
            raise item
        return item

    def close(self) -> None:
        """Want no more; the thread ends at its next byte or its time-out."""
        self._closed.set()

    def _put(self, item: Head | bytes | Exception) -> bool:
        while not self._closed.is_set():
            try:
                self._items.put(item, timeout=0.1)
            except Full:
                continue
            return True
        return False

    def _run(self) -> None:
        redirects = _Redirects()
        try:
            with _opener(redirects).open(self._request, timeout=self._timeout) as response:
                going = self._put(_head(response.status, response.headers, redirects))
                while going:
                    piece = response.read1(_CHUNK)
                    going = self._put(piece) and bool(piece)
        except urllib.error.HTTPError as error:
            error.close()
            self._put(_head(416, error.headers, redirects) if error.code == 416 else error)
        except (OSError, HTTPException, ValueError) as error:
            self._put(error)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few, never away from the web or from https, and keeps what they tell of the file."""

    max_redirections = 6

    def __init__(self) -> None:
        self.told = Message()

    def redirect_request(  # type: ignore[no-untyped-def]
        self, req: urllib.request.Request, fp, code: int, msg: str, headers, newurl: str
    ) -> urllib.request.Request | None:
        for name in ("X-Linked-Etag", "X-Linked-Size"):
            if name in headers and name not in self.told:
                self.told[name] = headers[name]
        scheme = urlsplit(newurl).scheme
        if scheme not in ("http", "https") or (req.type == "https" and scheme == "http"):
            raise Downgrade(f"{req.type} to {scheme}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(redirects: _Redirects) -> urllib.request.OpenerDirector:
    """An opener that knows http and https and no other scheme, so that none can be reached through it."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        redirects,
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _head(status: int, headers: Message, redirects: _Redirects) -> Head:
    ranged = re.match(r"bytes (?:(\d{1,18})-\d+|\*)/(\d{1,18}|\*)", headers.get("Content-Range", ""))
    start = int(ranged[1] or 0) if ranged and status == 206 else 0
    length = _number(headers.get("Content-Length", ""))
    total = _number(ranged[2]) if ranged else (length if status == 200 else 0)
    linked = str(redirects.told.get("X-Linked-Etag") or headers.get("X-Linked-Etag", "")).strip('" ').lower()
    return Head(
        status=status,
        start=start,
        total=total,
        etag=headers.get("ETag", "").strip(),
        kind=headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        encoding=headers.get("Content-Encoding", "").strip().lower(),
        linked_sha256=linked if re.fullmatch(r"[0-9a-f]{64}", linked) else "",
        linked_size=_number(str(redirects.told.get("X-Linked-Size") or headers.get("X-Linked-Size", ""))),
    )


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,18}", text.strip()) else 0
