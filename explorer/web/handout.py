"""Hands the authority of `--https` to a class, and says what installing it means."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from explorer.errors import Failure
from explorer.web.authority import Authority
from explorer.web.handout_page import PAGE
from explorer.web.headers import SecurityHeaders

PLACE, FILE = "/authority", "/authority/fovea.crt"
KIND = "application/x-x509-ca-cert"
"""What phones know to be an authority; Safari offers to install it."""
TRIES, PATIENCE_S = 100, 5.0


def routes(authority: Authority, port: int | None = None) -> list[Route]:
    """The page and the certificate; port: of the https page that it leads to, where that is another server's."""

    async def page(request: Request) -> HTMLResponse:
        host = request.url.hostname or ""
        there = str(request.base_url) if port is None else f"https://{host}:{port}/"
        filled = PAGE.substitute(
            name=escape(authority.name), fingerprint=authority.fingerprint, page=escape(there), file=FILE.lstrip("/")
        )
        return HTMLResponse(filled)

    async def file(request: Request) -> Response:
        return Response(authority.pem, media_type=KIND)

    return [Route(PLACE, page), Route(FILE, file)]


@contextmanager
def handing_out(authority: Authority, host: str, page_port: int, hosts: Sequence[str]) -> Iterator[int]:
    """Serves that page and that file and nothing else over plain http, at the first free port after `page_port`.

    A phone must have the authority before https is any use to it. hosts: names it answers to. Raises Failure.
    """
    offered = routes(authority, page_port)
    app = Starlette(
        routes=[*offered, Route("/", offered[0].endpoint)],
        middleware=[Middleware(SecurityHeaders), Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))],
    )
    with _free(host, page_port + 1) as bound:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, args=([bound],), name="handing out", daemon=True)
        thread.start()
        try:
            yield int(bound.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(PATIENCE_S)


def _free(host: str, first: int) -> socket.socket:
    for port in range(first, first + TRIES):
        try:
            return socket.create_server((host, port))
        except OSError:
            continue
    raise Failure(
        f"No port from {first} to {first + TRIES - 1} is free to hand the authority out: choose another --port."
    )
