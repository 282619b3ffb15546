"""Whether a request comes from our own page: any page may send to any host, and browsers say which one it was.

RFC 6454, section 7.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


def from_own_page(asked: HTTPConnection) -> bool:
    """True where there is one Origin, and it is the host that was asked, by its own name or its proxy's."""
    origins = asked.headers.getlist("origin")
    names = {asked.headers.get("host", ""), asked.headers.get("x-forwarded-host", "")} - {""}
    return len(origins) == 1 and urlsplit(origins[0]).netloc in names
