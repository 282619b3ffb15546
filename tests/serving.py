"""A page served for tests, with an engine that knows only small networks."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import app
from explorer.contract import Engine
from explorer.sources.video.about import PUBLIC, VideoLimits
from explorer.sources.video.shelf import Shelf
from explorer.tabs.page import TABS, page
from explorer.web.live import LiveSockets
from explorer.web.live_limits import OWNER, LiveLimits
from explorer.web.videos import Videos

PORTS, A_WORKER = 20860, 40


def port() -> int:
    """The first free one: one server after another has the same address, so that a browser's cache knows it.

    Test processes that run beside each other have ports of their own.
    """
    first = PORTS + A_WORKER * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    for number in range(first, first + A_WORKER):
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                free.bind(("127.0.0.1", number))
            except OSError:
                continue
            return number
    raise RuntimeError(f"no port from {first} to {first + A_WORKER - 1} is free")


@contextmanager
def served(
    engine: Engine, tabs: Sequence[Any] = TABS, limits: LiveLimits = OWNER, bring: VideoLimits = PUBLIC
) -> Iterator[str]:
    """The address of a page of these tabs that asks `engine`, served as `python app.py` serves it.

    limits, bring: of live sources and of videos.
    """
    videos = Shelf(bring)
    demo, live = app.queued(page(engine, tabs, videos)), LiveSockets(engine, limits)
    options = app.launch_options(("127.0.0.1", "localhost"), live, Videos(videos).routes())
    _, url, _ = demo.launch(prevent_thread_lock=True, quiet=True, server_port=port(), **options)
    try:
        yield url
    finally:
        live.close()
        videos.close()
        demo.close()
