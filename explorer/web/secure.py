"""What `--https` adds to the page: certificates, the authority's page, and what the owner reads."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from starlette.routing import Route

from explorer.web.addresses import LOCAL, addresses, on_the_network
from explorer.web.authority import authority
from explorer.web.handout import handing_out, routes


class Secure:
    """https for a server that listens on `host` and answers to `hosts`. Raises Mistake, Failure: see `authority`."""

    def __init__(self, host: str, hosts: Sequence[str]) -> None:
        self._host, self._hosts = host, tuple(hosts)
        self._authority = authority(socket.gethostname(), addresses())

    @property
    def routes(self) -> list[Route]:
        """The authority's page, on the https server itself."""
        return routes(self._authority)

    @contextmanager
    def launching(self) -> Iterator[dict[str, Any]]:
        """Options of a launch; the files they name are read by its end, and gone after it."""
        names = [name for name in self._hosts if name != "*"]
        with self._authority.certified(names) as files:
            # the framework asks its own page once, and knows no authority
            yield {**files, "ssl_verify": False}

    @contextmanager
    def handing_out(self, port: int) -> Iterator[str]:
        """Gives the authority away over plain http; what the owner is to read. port: of the page."""
        if self._host in LOCAL:
            yield "* --https is for other machines: with --host 0.0.0.0 they are let in."
            return
        with handing_out(self._authority, self._host, port, self._hosts) as plain:
            yield self._told(on_the_network() if self._host in ("0.0.0.0", "::") else self._host, port, plain)

    def _told(self, address: str, port: int, plain: int) -> str:
        lines = [
            "* For a class whose devices use their cameras:",
            f"    1. open http://{address}:{plain} once, compare the fingerprint, install the authority:",
            f"       {self._authority.fingerprint}",
            f"    2. open https://{address}:{port}",
            "  Without step 1 browsers warn, and let you go on.",
            f"  The authority's key is in {self._authority.path}: give it to nobody.",
        ]
        if not self._authority.allows(address):
            lines.append(
                f"  It was made when this machine had another address, and may not vouch for {address}: delete that "
                "file and start again, and let the class install the new one."
            )
        return "\n".join(lines)
