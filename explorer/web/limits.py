"""What a request may weigh, and a plain refusal where the framework would break down."""

from __future__ import annotations

import json
from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Answers 413 to a request body over `limit` bytes, as soon as it is known to be over.

    own: paths whose routes watch over their bodies themselves.
    """

    def __init__(self, app: ASGIApp, limit: int, own: Collection[str] = ()) -> None:
        self.app, self.limit, self.own = app, limit, frozenset(own)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")) in self.own:
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self.limit:
            await _refuse(send, 413, self._sentence())
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.limit:
                raise _TooLarge
            return message

        begun = refused = False

        async def watched(message: Message) -> None:
            nonlocal begun, refused
            if not begun and taken > self.limit:  # the framework made its own answer of our refusal
                refused = True
                await _refuse(send, 413, self._sentence())
            begun = True
            if not refused:
                await send(message)

        try:
            await self.app(scope, counted, watched)
        except _TooLarge:
            if not begun:
                await _refuse(send, 413, self._sentence())

    def _sentence(self) -> str:
        return f"That is more than the {self.limit / 1e6:.0f} MB this server takes at once: send a smaller file."


class UploadRefusals:
    """An upload the framework cannot read (no file name, a broken boundary) is the sender's mistake: 400, not 500."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/upload"):
            await self.app(scope, receive, send)
            return
        begun = refused = False

        async def mended(message: Message) -> None:
            nonlocal begun, refused
            if message["type"] == "http.response.start":
                begun = True
                refused = message["status"] >= 500
                if refused:
                    await _refuse(send, 400, UNREADABLE)
            if not refused:
                await send(message)

        try:
            await self.app(scope, receive, mended)
        except _TooLarge:
            raise
        except Exception:  # noqa: BLE001 - the framework's parsers raise whatever the bytes provoke
            if not begun:
                await _refuse(send, 400, UNREADABLE)


UNREADABLE = "That upload could not be read: send one named file as multipart form data."


class _TooLarge(Exception):
    """Raised through the framework's parser to stop it."""


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = json.dumps({"detail": sentence}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})
