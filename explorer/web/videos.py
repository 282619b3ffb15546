"""Visitors' videos come and go beside Gradio: its own uploads are held to the size of pictures.

`POST video?name=NAME` with the file as its body gives an id and what the video is; `GET video/ID.mp4` is the film that
was made of it, in ranges; `DELETE video/ID` forgets it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, BinaryIO

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from explorer.errors import BadVideo, ExplorerError, Mistake
from explorer.sources.video.container import HEAD, container_of
from explorer.sources.video.read import probe
from explorer.sources.video.shelf import Item, Shelf
from explorer.sources.whole_file import shown_name
from explorer.web.origin import from_own_page

PATH = "/video"
SILENCE_S, WHOLE_S = 30.0, 1800.0
"""A sender that says nothing for so long, or is not done after so long, is not waited for."""
BLOCK = 1 << 20
STRANGER = "Videos are taken from this server's own page alone: open that page and choose the file there."
LATE = "The video came too slowly: try again with a better connection."
OFF = {"Connection": "close", "Cache-Control": "no-store"}


class Videos:
    """Everybody's videos on one server, kept on `shelf`."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def routes(self) -> tuple[Route, ...]:
        """For the app that stands beside the page."""
        return (
            Route(PATH, self.take, methods=["POST"]),
            Route(PATH + "/{key}.mp4", self.give, methods=["GET"]),
            Route(PATH + "/{key}", self.forget, methods=["DELETE"]),
        )

    async def take(self, request: Request) -> Response:
        """A visitor's file, refused as soon as it is known to be none of ours."""
        if not from_own_page(request):
            return _refusal(403, STRANGER)
        name = shown_name(b"", request.query_params.get("name", "")) or "video"
        item = None
        try:
            self._announced(request)
            item = await to_thread.run_sync(self._shelf.open, name)
            async with asyncio.timeout(WHOLE_S):
                await self._stored(item, request.stream())
            item.about = await to_thread.run_sync(lambda: probe(item.source, self._shelf.limits, name))
        except (TimeoutError, ClientDisconnect):
            return self._dropped(item, 408, LATE)
        except ExplorerError as error:
            status = 415 if isinstance(error, BadVideo) else 413 if isinstance(error, Mistake) else 503
            return self._dropped(item, status, str(error))
        except OSError:
            return self._dropped(item, 507, "The video could not be kept: this server's disk has no room for it.")
        except asyncio.CancelledError:
            self._dropped(item, 499, LATE)
            raise
        return JSONResponse(_told(item), headers={"Cache-Control": "no-store"})

    async def give(self, request: Request) -> Response:
        """The film, or a part of it."""
        try:
            item = self._shelf.get(request.path_params["key"])
        except ExplorerError as error:
            return _refusal(404, str(error))
        if not item.made.is_file():
            return _refusal(404, "No film has been made of that video yet.")
        kept = request.query_params.get("save")
        name = f"{item.name.rpartition('.')[0] or item.name}-fovea.mp4"
        return FileResponse(
            item.made,
            media_type="video/mp4",
            filename=name,
            content_disposition_type="inline" if kept is None else "attachment",
            headers={"Cache-Control": "no-store"},
        )

    async def forget(self, request: Request) -> Response:
        """It and what was made of it."""
        if not from_own_page(request):
            return _refusal(403, STRANGER)
        await to_thread.run_sync(self._shelf.drop, request.path_params["key"])
        return Response(status_code=204)

    def _announced(self, request: Request) -> None:
        most, length = self._shelf.limits.max_bytes, request.headers.get("content-length", "0")
        if not length.isdigit() or (most is not None and int(length) > most):
            size = f"{int(length) / 1e6:.1f} MB" if length.isdigit() else "no size that can be told"
            raise Mistake(
                f"The video has {size} and the limit is {(most or 0) / 1e6:g} MB: cut out a part and give that."
            )

    async def _stored(self, item: Item, body: AsyncIterator[bytes]) -> None:
        """Raises BadVideo by its first bytes, and what the shelf raises by how many there are."""
        with await to_thread.run_sync(lambda: item.source.open("xb")) as file:
            held, known = bytearray(), False
            while True:
                async with asyncio.timeout(SILENCE_S):
                    block = await anext(body, None)
                if block is not None:
                    held += block
                if not known and (len(held) >= HEAD or block is None):
                    container_of(bytes(held[:HEAD]), item.name)
                    known = True
                if len(held) >= BLOCK or block is None:
                    await to_thread.run_sync(self._write, item, file, bytes(held))
                    held.clear()
                if block is None:
                    return

    def _write(self, item: Item, file: BinaryIO, data: bytes) -> None:
        self._shelf.grow(item, len(data))
        file.write(data)

    def _dropped(self, item: Item | None, status: int, sentence: str) -> Response:
        if item is not None:
            self._shelf.drop(item.id)
        return _refusal(status, sentence)


def _told(item: Item) -> dict[str, Any]:
    about = item.about
    if about is None:
        raise RuntimeError("a video that was not looked at was to be told of")
    return {
        "id": item.id,
        "name": item.name,
        "bytes": item.size,
        "size": list(about.size),
        "seconds": about.seconds,
        "rate": about.rate,
        "kind": about.kind,
        "sound": about.has_sound,
        "notes": list(about.notes),
    }


def _refusal(status: int, sentence: str) -> Response:
    return JSONResponse({"detail": sentence}, status_code=status, headers=OFF)
