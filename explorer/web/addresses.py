"""Under which names and addresses this machine can be asked."""

from __future__ import annotations

import socket

import psutil

LOCAL = ("127.0.0.1", "localhost")
HOME = ("local", "lan")
"""What networks with no name server of their own call themselves: RFC 6762, and most routers."""


def names() -> tuple[str, ...]:
    """This machine's name, and as phones on the same network find it."""
    name = socket.gethostname()
    label = name.partition(".")[0]
    return tuple(dict.fromkeys((name, *(f"{label}.{home}" for home in HOME))))


def addresses() -> tuple[str, ...]:
    """IPv4 addresses of its interfaces."""
    interfaces = psutil.net_if_addrs().values()
    return tuple(sorted({one.address for interface in interfaces for one in interface if one.family == socket.AF_INET}))


def on_the_network() -> str:
    """The address that others most likely reach it by; localhost's where there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))  # sends nothing: it only asks which interface would
            return str(probe.getsockname()[0])
        except OSError:
            return next((one for one in addresses() if not one.startswith("127.")), LOCAL[0])
