"""The live socket: a browser's pictures in, layers for its stage out; RFC 6455.

Binary messages are 4 bytes, a big-endian number that counts up, and one JPEG. Text messages are JSON: `ask` says what
is asked of the pictures, `here` that somebody is. What comes back is JSON with one of the keys `answer`, `spoiled`,
`trouble`, `progress` and `bye`. Nothing of a picture is written anywhere.
"""

from __future__ import annotations

import asyncio

from starlette.responses import PlainTextResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from explorer.contract import Engine
from explorer.web.live_limits import Guests, LiveLimits
from explorer.web.live_session import STOPPING, Session
from explorer.web.origin import from_own_page

FULL = "There are as many live views here as this server holds: try again in a minute."
STRANGER = "This live view answers its own page alone: open that page and start it there."
LEAVING_S = 4.0


class LiveSockets:
    """Everybody's live views on one server."""

    def __init__(self, engine: Engine, limits: LiveLimits) -> None:
        self._engine, self._limits = engine, limits
        self._guests = Guests(limits)
        self._sessions: set[Session] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def route(self) -> WebSocketRoute:
        return WebSocketRoute("/live", self.serve)

    @property
    def present(self) -> int:
        """Sockets that are open."""
        return self._guests.present

    async def serve(self, socket: WebSocket) -> None:
        """One socket, from its handshake to its end."""
        if not from_own_page(socket):
            await socket.send_denial_response(PlainTextResponse(STRANGER, status_code=403))
            return
        if not self._guests.enter():
            await socket.send_denial_response(PlainTextResponse(FULL, status_code=503))
            return
        self._loop = asyncio.get_running_loop()
        session = Session(socket, self._engine, self._limits, self._guests)
        self._sessions.add(session)
        try:
            await socket.accept()
            await session.serve()
        finally:
            self._sessions.discard(session)
            self._guests.leave()

    def close(self) -> None:
        """Say goodbye to everybody, from any thread; returns when they have gone or after LEAVING_S."""
        if self._loop is None or self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result(LEAVING_S + 1)

    async def _leave(self) -> None:
        sessions = tuple(self._sessions)
        for session in sessions:
            session.end(1001, STOPPING)
        if sessions:
            await asyncio.wait([asyncio.ensure_future(session.gone.wait()) for session in sessions], timeout=LEAVING_S)
