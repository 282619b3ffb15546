"""The live socket alone on a port of its own, and a peer that speaks to it."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from websockets.sync.client import ClientConnection, connect

from explorer.contract import Engine
from explorer.web.live import LiveSockets
from explorer.web.live_limits import LiveLimits
from tests.serving import port

PATIENCE_S = 15


@dataclass
class Server:
    """host: name and port."""

    host: str
    sockets: LiveSockets

    def socket(self, **options: Any) -> ClientConnection:
        """A peer that says it is our own page, unless it is told to say something else."""
        given = {"origin": f"http://{self.host}", "open_timeout": PATIENCE_S, **options}
        return connect(f"ws://{self.host}/live", **given)


@contextmanager
def live_server(engine: Engine, limits: LiveLimits, routes: Sequence[BaseRoute] = ()) -> Iterator[Server]:
    """Serve `/live` and these routes, as the whole app does."""
    number = port()
    sockets = LiveSockets(engine, limits)
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=[sockets.route(), *routes]), port=number, log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield Server(f"127.0.0.1:{number}", sockets)
    finally:
        sockets.close()
        server.should_exit = True
        thread.join(PATIENCE_S)


def until(true: Callable[[], Any]) -> None:
    """Wait for it."""
    ends = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.005)


def jpeg(level: int = 90, size: tuple[int, int] = (24, 32)) -> bytes:
    """A grey picture of (height, width)."""
    file = io.BytesIO()
    Image.fromarray(np.full((*size, 3), level, np.uint8)).save(file, "JPEG")
    return file.getvalue()


def frame(number: int, content: bytes | None = None) -> bytes:
    """A message with a picture."""
    return number.to_bytes(4, "big") + (jpeg() if content is None else content)


def ask(socket: ClientConnection, view: str = "picture", **more: str) -> None:
    socket.send(json.dumps({"ask": {"view": view, **more}}))


def heard(socket: ClientConnection, key: str) -> dict[str, Any]:
    """The next message that has the key, others passed by."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        said: dict[str, Any] = json.loads(socket.recv(PATIENCE_S))
        if key in said:
            return said
    raise AssertionError(f"no {key} came")


def answered(socket: ClientConnection, number: int, patience_s: float = PATIENCE_S) -> dict[str, Any]:
    """The answer to a picture sent now; it is sent again while nothing is asked yet."""
    ends = time.monotonic() + patience_s
    while time.monotonic() < ends:
        socket.send(frame(number))
        try:
            said: dict[str, Any] = json.loads(socket.recv(0.2))
        except TimeoutError:
            continue
        if said.get("answer") == number:
            return said
        assert "trouble" not in said and "bye" not in said, said
    raise AssertionError(f"picture {number} was never answered")
