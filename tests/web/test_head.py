"""The page's scripts and styles are in its HTML before the framework starts."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.web.head import HeadTags

TAGS = '<script src="app/page.js"></script>'
PAGE = "<html><head><title>é</title></head><body><gradio-app></gradio-app></body></html>"


def page(request: Request) -> HTMLResponse:
    return HTMLResponse(PAGE)


def pieces(request: Request) -> StreamingResponse:
    return StreamingResponse((part.encode() for part in (PAGE[:9], PAGE[9:60], PAGE[60:])), media_type="text/html")


def other(request: Request) -> HTMLResponse:
    return HTMLResponse("<html><head></head><body>mine</body></html>")


def text(request: Request) -> PlainTextResponse:
    return PlainTextResponse(PAGE)


@pytest.fixture
def client() -> TestClient:
    routes = [Route(f"/{one.__name__}", one) for one in (page, pieces, other, text)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(HeadTags, tags=TAGS)]))


@pytest.mark.parametrize("path", ["/page", "/pieces"])
def test_the_page_has_them_at_the_end_of_its_head(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.text == PAGE.replace("</head>", TAGS + "</head>")
    assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize("path", ["/other", "/text"])
def test_nothing_else_is_touched(client: TestClient, path: str) -> None:
    assert TAGS not in client.get(path).text
