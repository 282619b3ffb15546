"""What can go wrong on the way to a file, each with the host, the file and what to do next."""

from __future__ import annotations

import errno
import socket
import ssl
import urllib.error
from dataclasses import dataclass
from pathlib import Path

from explorer.engine.http_stream import Downgrade
from explorer.errors import FetchFailed

MIRROR = "EXPLORER_MIRROR"


@dataclass(frozen=True)
class Spot:
    """Which file, from which host, to which place."""

    host: str
    path: Path

    @property
    def by_hand(self) -> str:
        """The way round any network."""
        return f"put the file at {self.path} yourself, or set {MIRROR} to a server that has it"

    def failed(self, why: str, then: str = "") -> FetchFailed:
        """`x.pth could not be fetched from host: why; then.`"""
        return FetchFailed(f"{self.path.name} could not be fetched from {self.host}: {why}; {then or self.by_hand}.")

    def broken(self, why: str) -> FetchFailed:
        """It stopped half-way; the part stays."""
        return self.failed(why, f"what arrived is kept, so run it again to resume, or {self.by_hand}")


_STATUS = {
    401: "it wants a login (401)",
    403: "it refused (403), or a proxy or firewall on the way did",
    404: "it has no such file (404)",
    407: "the proxy wants a login (407)",
    410: "it has the file no more (410)",
    416: "it does not give the asked part of the file (416)",
    429: "it is asked too often (429)",
}


def network_failure(error: Exception, spot: Spot, begun: bool) -> FetchFailed:
    """The failure for whatever urllib raised; begun: whether some of the body had arrived."""
    if isinstance(error, urllib.error.HTTPError):
        return _status_failure(error, spot)
    if isinstance(error, Downgrade):
        return spot.failed("it redirects to an address that is not as safe, and such are not followed")
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if begun and isinstance(reason, TimeoutError):
        return spot.broken("nothing more came")
    if begun:
        return spot.broken("the connection broke half-way")
    if isinstance(reason, socket.gaierror):
        return spot.failed("its name was not found, so there is no network here or it is blocked")
    if isinstance(reason, ssl.SSLCertVerificationError):
        return spot.failed(
            f"its certificate is not good ({reason.verify_message})", f"check the clock, or {spot.by_hand}"
        )
    if isinstance(reason, ssl.SSLError):
        return spot.failed("no safe connection could be made (TLS), perhaps a proxy is in the way")
    if isinstance(reason, ConnectionRefusedError):
        return spot.failed("it refused the connection")
    if isinstance(reason, TimeoutError):
        return spot.failed("it did not answer in time", f"try again later, or {spot.by_hand}")
    if isinstance(reason, ConnectionError):
        return spot.failed("it hung up without an answer", f"try again, or {spot.by_hand}")
    if isinstance(reason, OSError) and reason.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return spot.failed("there is no way to it from here, so check the network")
    return spot.failed(f"it did not answer as a web server does ({type(reason).__name__})")


def _status_failure(error: urllib.error.HTTPError, spot: Spot) -> FetchFailed:
    code = error.code
    if 300 <= code < 400:
        circle = "loop" in str(error.msg)
        return spot.failed(
            "it redirects in a circle" if circle else "it redirects to an address that is not on the web"
        )
    if code in (429, 503):
        seconds = str(error.headers.get("Retry-After", "")).strip()
        wait = f"in {seconds} seconds" if seconds.isascii() and seconds.isdigit() and len(seconds) < 6 else "later"
        return spot.failed(_STATUS.get(code, f"it is too busy ({code})"), f"try again {wait}, or {spot.by_hand}")
    if code >= 500:
        return spot.failed(f"it has a fault of its own ({code})", f"try again later, or {spot.by_hand}")
    return spot.failed(_STATUS.get(code, f"it answered {code}"))


def disk_failure(error: OSError, spot: Spot, needed: int = 0) -> FetchFailed:
    """The failure for what the file system raised; needed: bytes still to come, 0 when not known."""
    folder = spot.path.parent
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(spot, needed)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return FetchFailed(
            f"{spot.path.name} cannot be written in {folder}: make that folder writable or name another."
        )
    why = error.strerror or type(error).__name__
    return FetchFailed(f"{spot.path.name} cannot be stored at {spot.path} ({why}): move away what is in its place.")


def disk_full(spot: Spot, needed: int, free: int = 0) -> FetchFailed:
    """There is not room for the rest."""
    more = f" {needed / 1e6:,.1f} MB are needed" if needed else " more room is needed"
    left = f" and {free / 1e6:,.1f} MB are free" if free else ""
    return FetchFailed(
        f"{spot.path.name} does not fit on the disk at {spot.path.parent}:{more}{left}; make room and run it again."
    )
