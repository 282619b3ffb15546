"""The live benchmark counts what was answered, with a browser or without one; how fast is not tested here."""

from __future__ import annotations

import sys

import pytest

from explorer.bench import live, live_socket
from explorer.bench.registry import benchmark
from explorer.engine.engine import LocalEngine
from explorer.errors import Mistake
from explorer.web.live_limits import OWNER
from tests import tiny
from tests.live_server import live_server


def test_a_bare_peer_counts_answers_and_is_never_faster_than_a_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_socket, "SETTLE_S", 0.2)
    pictures = live_socket.jpegs(6)
    assert len(set(pictures)) == 6 and all(one.startswith(b"\xff\xd8\xff") for one in pictures)
    engine = LocalEngine("cpu", tiny.registry())
    with live_server(engine, OWNER) as server:
        rate, delays = live_socket.through(f"http://{server.host}/", pictures, 1.0)
    engine.close()
    assert 0 < rate <= 62 and len(delays) == rate and min(delays) > 0
    assert 0 < live_socket.in_a_loop(pictures, 0.2) <= 60


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Mistake, match="chromium and python"):
        benchmark("live", "firefox")
    with pytest.raises(Mistake, match="no --client"):
        benchmark("start", "python")
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(Mistake, match="no Chromium"):
        benchmark("live")
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(Mistake, match="install playwright"):
        benchmark("live")
    assert live.against("python") != live.against()
