"""One live view from within, where no peer can time what happens."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from starlette.websockets import WebSocket

from explorer.engine.engine import LocalEngine
from explorer.web.live_limits import Guests, LiveLimits
from explorer.web.live_session import Session
from tests import tiny


class Quiet:
    """A socket whose peer listens and says nothing."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def receive(self) -> Any:
        await asyncio.Event().wait()

    async def send_text(self, text: str) -> None:
        self.sent.append(text)

    async def close(self, code: int, why: str) -> None:
        self.sent.append(why)


def test_two_pictures_answered_at_once_are_both_told() -> None:
    socket, engine, limits = Quiet(), LocalEngine("cpu", tiny.registry()), LiveLimits()

    async def talk() -> None:
        session = Session(cast(WebSocket, socket), engine, limits, Guests(limits))
        for answer in ("first", "second"):
            session.tell(answer)
        asyncio.get_running_loop().call_soon(session.end, 1000, "bye")
        await session.serve()

    with ThreadPoolExecutor(1) as apart:  # a browser's test may have left a loop in this thread
        apart.submit(asyncio.run, talk()).result(10)
    engine.close()
    assert socket.sent[:2] == ["first", "second"] and json.loads(socket.sent[2]) == {"bye": "bye"}
