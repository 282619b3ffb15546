"""The page's own scripts and styles, put into its HTML.

The framework would add scripts while it is already building the page, and would rewrite the styles' selectors.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE = b"<gradio-app"
END = b"</head>"


class HeadTags:
    """Writes `tags` at the end of the page's head, so that they run before anything of the framework does."""

    def __init__(self, app: ASGIApp, tags: str) -> None:
        self.app, self.tags = app, tags.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        held: Message | None = None
        body = b""

        async def written(message: Message) -> None:
            nonlocal held, body
            if message["type"] == "http.response.start":
                kind = MutableHeaders(scope=message).get("content-type", "")
                if kind.startswith("text/html"):
                    held = message
                    return
            elif held is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                if PAGE in body:
                    body = body.replace(END, self.tags + END, 1)
                MutableHeaders(scope=held)["content-length"] = str(len(body))
                await send(held)
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self.app(scope, receive, written)
