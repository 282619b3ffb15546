"""Videos on their way in and out, asked of the server itself."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from explorer.sources.video.about import VideoLimits
from explorer.sources.video.shelf import Shelf
from explorer.web.limits import BodyLimit
from explorer.web.videos import PATH, Videos
from tests.films import film

A = TypeVar("A")
OWN = {"Origin": "http://here"}


def apart(work: Coroutine[Any, Any, A]) -> A:
    """Run in a thread of its own: another test's browser may have left this one with a loop that runs."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, work).result()


class Server:
    """The routes behind the guard that holds everything else to a kilobyte."""

    def __init__(self) -> None:
        self.shelf = Shelf(VideoLimits(max_bytes=100_000))
        guard = Middleware(BodyLimit, limit=1000, own=(PATH,))
        self.app = Starlette(routes=Videos(self.shelf).routes(), middleware=[guard])

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://here") as client:
                return await client.request(method, path, **more)

        return apart(asked())

    def folders(self) -> list[Path]:
        folder = self.shelf._folder
        return list(Path(folder.name).iterdir()) if folder else []


@pytest.fixture
def server() -> Any:
    made = Server()
    yield made
    made.shelf.close()


def test_a_video_comes_in_is_told_of_and_its_film_goes_out_in_ranges(server: Server, tmp_path: Path) -> None:
    data = film(tmp_path / "in.mp4", 10, (120, 160), sound="aac").read_bytes()
    assert len(data) > 1000
    told = server.ask("POST", "/video?name=../walk <b>.mp4", content=data, headers=OWN)
    assert told.status_code == 200 and told.headers["cache-control"] == "no-store"
    about = told.json()
    assert about["size"] == [120, 160] and about["kind"] == "MP4" and about["sound"] and about["bytes"] == len(data)
    assert about["name"] == "../walk <b>.mp4"  # a name for sentences, never a path
    item = server.shelf.get(about["id"])
    assert item.source.read_bytes() == data and item.source.name == "source"
    assert server.ask("GET", f"/video/{item.id}.mp4").status_code == 404
    item.made.write_bytes(bytes(range(100)))
    part = server.ask("GET", f"/video/{item.id}.mp4", headers={"Range": "bytes=10-19"})
    assert (
        part.status_code == 206 and part.content == bytes(range(10, 20)) and part.headers["content-type"] == "video/mp4"
    )
    whole = server.ask("GET", f"/video/{item.id}.mp4?save")
    assert whole.content == bytes(range(100)) and whole.headers["content-disposition"].startswith("attachment")
    assert server.ask("DELETE", f"/video/{item.id}").status_code == 403
    assert server.ask("DELETE", f"/video/{item.id}", headers=OWN).status_code == 204
    assert server.ask("GET", f"/video/{item.id}.mp4").status_code == 404 and not server.folders()


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://here.evil.example"])
def test_no_other_page_may_send_one(server: Server, tmp_path: Path, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    answer = server.ask("POST", "/video", content=film(tmp_path / "in.mp4", 2).read_bytes(), headers=headers)
    assert answer.status_code == 403 and not server.folders()


@pytest.mark.parametrize(
    ("content", "status", "word"),
    [
        (b"", 415, "empty"),
        (b"ffconcat version 1.0\nfile secret.mp4\n", 415, "names other files"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50_000), 415, "PNG"),
        (b"\0\0\0\x18ftypisom" + bytes(5000), 415, "cannot be opened"),
        (b"\0\0\0\x18ftypisom" + bytes(100_000), 413, "limit is 0.1 MB"),
    ],
)
def test_what_is_no_video_or_too_large_is_refused_and_forgotten(
    server: Server, content: bytes, status: int, word: str
) -> None:
    answer = server.ask("POST", "/video?name=x.mp4", content=content, headers=OWN)
    assert answer.status_code == status and word in answer.json()["detail"] and not server.folders()


def test_a_length_that_lies_does_not_help(server: Server) -> None:
    async def drips() -> Any:
        yield b"\0\0\0\x18ftypisom" + bytes(60_000)
        yield bytes(60_000)

    answer = server.ask("POST", "/video", content=drips(), headers=OWN)
    assert answer.status_code == 413 and "more than 0.1 MB" in answer.json()["detail"] and not server.folders()


def test_only_this_path_is_outside_the_other_guard(server: Server) -> None:
    for path in ("/video/x", "/run/video", "/videos", "/video/"):
        assert server.ask("POST", path, content=bytes(2000), headers=OWN).status_code == 413


def test_who_leaves_or_falls_silent_is_not_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    import explorer.web.videos as module

    monkeypatch.setattr(module, "SILENCE_S", 0.2)
    scope = {
        "type": "http", "method": "POST", "path": "/video", "raw_path": b"/video", "query_string": b"",
        "headers": [(b"host", b"here"), (b"origin", b"http://here")], "root_path": "",
    }  # fmt: skip

    def asked(*messages: dict[str, Any]) -> list[dict[str, Any]]:
        left, sent = list(messages), []

        async def receive() -> dict[str, Any]:
            if left:
                return left.pop(0)
            await asyncio.sleep(60)
            raise AssertionError

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        apart(server.app(dict(scope), receive, send))
        return sent

    begun = {"type": "http.request", "body": b"\0\0\0\x18ftypisom", "more_body": True}
    began = time.monotonic()
    sent = asked(begun)
    assert sent[0]["status"] == 408 and "too slowly" in json.loads(sent[1]["body"])["detail"]
    asked(begun, {"type": "http.disconnect"})
    assert time.monotonic() - began < 30 and not server.folders()
