"""A web server on this machine that stands in for those that publish weights, and misbehaves when asked to."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal

import pytest

from explorer.engine.fetch import Remote

Manner = Literal[
    "honest",  # ranges, an ETag, a length
    "no-range",  # ignores Range
    "no-length",  # neither length nor ranges; the end of the connection is the end of the file
    "chunked",  # no length, in chunks
    "weak-etag",  # an ETag that promises nothing
    "slow",  # the whole file in about a second
    "drip",  # a byte every tenth of a second, for ever
    "drip-head",  # the same with the header
    "stall",  # half the file, then silence
    "silent",  # takes the connection and says nothing
    "hang-up",  # takes the connection and drops it
    "cut",  # half of what was asked, then hangs up
    "cut-no-length",  # the same with no length told
    "wrong-bytes",  # as many bytes, others
    "short-length",  # tells a length one kilobyte too small
    "long-length",  # tells a length one kilobyte too large
    "huge-length",  # tells a length of 100 GB
    "endless",  # bytes without end and without a length
    "page",  # a web page
    "disguised-page",  # a web page that says it is a file
    "gzip",  # the file squeezed on the way
    "redirect",  # to `/moved/...`, which is honest
    "linked",  # the same, telling the hash on the way as hugging face does
    "linked-lie",  # the same with the hash of another file
    "redirect-loop",
    "redirect-file",  # to file:///etc/passwd
    "redirect-ftp",
    "416",  # refuses every range, honest without
    "wrong-range",  # answers a range with another one
    "garbage",  # not HTTP
    "401", "403", "404", "429", "500", "503",
]  # fmt: skip

_PAGE = b"<!DOCTYPE html><html><title>Sign in</title>Please sign in to this network</html>"


@dataclass
class Seen:
    """One request as it came."""

    path: str
    headers: dict[str, str]

    @property
    def range(self) -> str:
        return self.headers.get("range", "")


@dataclass
class Published:
    """A file and how it is served; `manners` holds one for each coming request, the last one for ever."""

    content: bytes
    manners: list[Manner] = field(default_factory=lambda: ["honest"])

    def next_manner(self) -> Manner:
        return self.manners.pop(0) if len(self.manners) > 1 else self.manners[0]

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.content, usedforsecurity=False).hexdigest()}"'


class WeightHost:
    """`with WeightHost() as host: remote = host.publish("/a.pth", content)`; `host.seen` holds the requests."""

    def __init__(self) -> None:
        self.files: dict[str, Published] = {}
        self.seen: list[Seen] = []
        self.gone = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.host = self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def publish(self, path: str, content: bytes, *manners: Manner) -> Remote:
        """Serve `content` at `path`, to each request in the next of these manners; what its publisher says of it."""
        self.files[path] = Published(content, list(manners) or ["honest"])
        return self.remote(path)

    def remote(self, path: str) -> Remote:
        """Address, SHA-256 and size of what is published at `path`."""
        content = self.files[path].content
        return Remote(self.url + path, hashlib.sha256(content).hexdigest(), len(content))

    def __enter__(self) -> WeightHost:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gone.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def weight_host(monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightHost]:
    """A host for one test, reached past any proxy of this machine."""
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.delenv("EXPLORER_MIRROR", raising=False)
    with WeightHost() as host:
        yield host


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    host: WeightHost

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 its name in the class above
        """Say nothing."""

    def do_GET(self) -> None:
        host = self.server.host
        path = self.path.partition("?")[0]
        host.seen.append(Seen(self.path, {key.lower(): value for key, value in self.headers.items()}))
        published = host.files.get(path.removeprefix("/moved"))
        if published is None:
            self._say(404)
            return
        manner = "honest" if path.startswith("/moved") else published.next_manner()
        special = getattr(self, "_" + manner.replace("-", "_"), None)
        if manner.isdigit() and not (manner == "416" and "Range" not in self.headers):
            self._say(int(manner), **({"Retry-After": "7"} if manner == "429" else {}))
        elif special is not None:
            special(published)
        else:
            self._file(published, manner)

    def _say(self, status: int, body: bytes = b"no", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _file(self, published: Published, manner: str) -> None:
        content, start = published.content, 0
        asked = self.headers.get("Range", "")
        same = self.headers.get("If-Range", published.etag) == published.etag
        if asked and same and manner in ("honest", "cut", "slow", "wrong-range", "wrong-bytes"):
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(content):
                self._say(416, **{"Content-Range": f"bytes */{len(content)}"})
                return
        start += 3 * (manner == "wrong-range" and start > 0)
        body = content[start:]
        if manner == "wrong-bytes":
            body = bytes(255 - byte for byte in body)
        length = len(body) + {"short-length": -1024, "long-length": 1024, "huge-length": 10**11}.get(manner, 0)
        self.send_response(206 if start else 200)
        self.send_header("ETag", ("W/" if manner == "weak-etag" else "") + published.etag)
        self.send_header("Content-Type", "application/octet-stream")
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if manner not in ("no-length", "cut-no-length"):
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self._send(body[:length], manner)

    def _send(self, body: bytes, manner: str) -> None:
        if manner == "slow":
            for at in range(0, len(body), max(len(body) // 20, 1)):
                self.wfile.write(body[at : at + max(len(body) // 20, 1)])
                time.sleep(0.05)
            return
        if manner in ("cut", "cut-no-length", "stall", "drip"):
            self.wfile.write(body[: len(body) // 2 if manner != "drip" else 1])
            if manner == "stall":
                self.server.host.gone.wait(30)
            while manner == "drip" and not self.server.host.gone.wait(0.1):
                self.wfile.write(b"x")
            return
        self.wfile.write(body)

    def _drip_head(self, published: Published) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        while not self.server.host.gone.wait(0.1):
            self.wfile.write(b"x")

    def _silent(self, published: Published) -> None:
        self.server.host.gone.wait(30)

    def _hang_up(self, published: Published) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def _garbage(self, published: Published) -> None:
        self.wfile.write(b"\x00\x01\x02 hello\r\n\r\n")

    def _chunked(self, published: Published) -> None:
        self.protocol_version = "HTTP/1.1"
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(published.content), 65536):
            piece = published.content[at : at + 65536]
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True

    def _endless(self, published: Published) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.host.gone.is_set():
            self.wfile.write(bytes(1 << 20))

    def _page(self, published: Published) -> None:
        self._say(200, _PAGE, **{"Content-Type": "text/html; charset=utf-8"})

    def _disguised_page(self, published: Published) -> None:
        self._say(200, _PAGE, **{"Content-Type": "application/octet-stream"})

    def _gzip(self, published: Published) -> None:
        self._say(200, b"\x1f\x8b", **{"Content-Encoding": "gzip"})

    def _redirect(self, published: Published) -> None:
        self._say(302, b"", Location="/moved" + self.path)

    def _linked_lie(self, published: Published) -> None:
        self._linked(Published(published.content[::-1]))

    def _linked(self, published: Published) -> None:
        told = hashlib.sha256(published.content).hexdigest()
        size = str(len(published.content))
        self._say(302, b"", **{"Location": "/moved" + self.path, "X-Linked-Etag": f'"{told}"', "X-Linked-Size": size})

    def _redirect_loop(self, published: Published) -> None:
        self._say(302, b"", Location=self.path)

    def _redirect_file(self, published: Published) -> None:
        self._say(302, b"", Location="file:///etc/passwd")

    def _redirect_ftp(self, published: Published) -> None:
        self._say(302, b"", Location="ftp://127.0.0.1/a.pth")
