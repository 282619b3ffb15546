"""The live socket, spoken to by peers good and bad."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket as sockets
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from explorer.engine.engine import LocalEngine
from explorer.web.live_limits import OWNER, LiveLimits
from tests import tiny
from tests.live_server import PATIENCE_S, Server, answered, ask, frame, heard, jpeg, live_server, until

ROOT = Path(__file__).resolve().parents[2]
LIMITS = LiveLimits(frame_bytes=200_000, a_second=75, a_visitor=2, in_all=5, silence_s=1.5, sending_s=1.0)


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    made = LocalEngine("cpu", tiny.registry())
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(engine: LocalEngine) -> Iterator[Server]:
    with live_server(engine, LIMITS) as made:
        yield made


@pytest.fixture(autouse=True)
def _empty(server: Server) -> Iterator[None]:
    """Every test leaves no socket, no thread."""
    yield
    until(lambda: server.sockets.present == 0)
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "live"])


def closed(socket: ClientConnection) -> tuple[int, str]:
    """Code and last words."""
    last = ""
    try:
        while True:
            said = json.loads(socket.recv(PATIENCE_S))
            last = said.get("bye", last)
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else 0, last


def test_a_picture_is_answered_with_layers_and_what_it_cost(server: Server) -> None:
    with server.socket() as socket:
        ask(socket, "classify", model="tiny", weights="random")
        answer = answered(socket, 7)
        assert answer["view"] == "classify" and answer["model"] == "tiny" and answer["size"] == [24, 32]
        assert len(answer["lines"]) == 4 and abs(sum(share for _, share in answer["lines"]) - 1) < 1e-3
        assert answer["ms"] > 0 and answer["held"] > 0 and answer["line"] == 0


def test_another_question_holds_from_the_next_picture_on(server: Server) -> None:
    with server.socket() as socket:
        ask(socket)
        assert answered(socket, 1)["lines"] == []
        ask(socket, "classify", model="tiny", weights="random")
        number = 2
        while answered(socket, number)["view"] != "classify":
            number += 1


@pytest.mark.parametrize(
    "asked", [{"view": "nothing"}, {"view": "classify", "model": "tinny"}, {"view": "classify", "precision": "fp1"}]
)
def test_what_cannot_be_asked_is_said_and_nothing_is_lost(server: Server, asked: dict[str, str]) -> None:
    with server.socket() as socket:
        socket.send(json.dumps({"ask": asked}))
        said = heard(socket, "trouble")["trouble"]
        assert said.endswith((".", "?")) and "Error" not in said
        ask(socket)
        assert answered(socket, 3)["size"] == [24, 32]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None, "http://127.0.0.1:1"])
def test_another_page_may_not_open_it(server: Server, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        server.socket(origin=origin)
    assert refusal.value.response.status_code == 403
    assert b"its own page" in refusal.value.response.body


def test_two_origins_are_none(server: Server) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        server.socket(additional_headers=[("Origin", "http://evil.example")])
    assert refusal.value.response.status_code in (400, 403)  # the protocol's own code is the first to refuse


def test_behind_a_proxy_the_page_has_another_host(server: Server) -> None:
    with server.socket(
        origin="https://them-fovea.example", additional_headers=[("X-Forwarded-Host", "them-fovea.example")]
    ) as socket:
        ask(socket)
        assert answered(socket, 0)["answer"] == 0


def test_more_than_there_is_room_for_are_told_so(server: Server) -> None:
    with contextlib.ExitStack() as held:
        first = [held.enter_context(server.socket()) for _ in range(LIMITS.in_all)]
        with pytest.raises(InvalidStatus) as refusal:
            server.socket()
        assert refusal.value.response.status_code == 503 and b"try again" in refusal.value.response.body
        ask(first[0])
        answered(first[0], 1)


def test_a_visitor_has_so_many_and_no_more(server: Server) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(LIMITS.a_visitor):
            ask(held.enter_context(server.socket()), visitor="anna")
        time.sleep(0.2)
        third = held.enter_context(server.socket())
        ask(third, visitor="anna")
        assert closed(third)[0] == 1013
        other = held.enter_context(server.socket())
        ask(other, visitor="bert")
        answered(other, 1)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (frame(1, b"\xff" * 200_001), 1009),
        (b"\x00\x00", 1003),
        ("no json", 1003),
        ("[1]", 1003),
        ('{"ask": {"view": 3}}', 1003),
        ('{"ask": [' + "[" * 2000, 1003),
        ("x" * 5000, 1003),
    ],
)
def test_what_is_no_message_ends_that_socket_and_no_other(server: Server, message: bytes | str, code: int) -> None:
    with server.socket() as other, server.socket() as socket:
        ask(other)
        socket.send(message)
        found, words = closed(socket)
        assert found == code and words.endswith(".")
        answered(other, 5)


@pytest.mark.parametrize(
    ("wire", "code"),
    [
        (b"\x81\x82\x00\x00\x00\x00\xff\xfe", 1007),  # text that is no UTF-8
        (b"\xf1\x81\x00\x00\x00\x00a", 1002),  # reserved bits
        (b"\x82\xff\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00", 1009),  # 32 MB announced
    ],
)
def test_frames_against_the_protocol_end_it(server: Server, wire: bytes, code: int) -> None:
    with server.socket(compression=None) as socket:
        socket.socket.sendall(wire)
        assert closed(socket)[0] == code


def test_a_message_that_never_ends_is_cut_off_and_others_are_answered(server: Server) -> None:
    with server.socket() as other, server.socket(compression=None) as socket:
        ask(other)
        socket.socket.sendall(b"\x02\x81\x00\x00\x00\x00a")
        piece = b"\x00\xfe" + struct.pack("!H", 60_000) + bytes(4) + bytes(60_000)
        with contextlib.suppress(OSError):
            for _ in range(600):
                socket.socket.sendall(piece)
        answered(other, 1)
        assert closed(socket)[0] in (0, 1009)


def test_a_small_message_that_inflates_is_refused(server: Server) -> None:
    with server.socket(max_size=None) as socket:
        socket.send(bytes(30_000_000))
        assert closed(socket)[0] == 1009


def test_a_flood_ends_and_others_are_answered(server: Server) -> None:
    with server.socket() as other, server.socket() as socket:
        ask(other)
        with contextlib.suppress(ConnectionClosed):
            for number in range(5000):
                socket.send(frame(number, b"x"))
        assert closed(socket)[0] == 1008
        began = time.monotonic()
        answered(other, 1)
        assert time.monotonic() - began < 5


def test_what_is_no_jpeg_is_passed_by_and_counted(server: Server, engine: LocalEngine) -> None:
    with server.socket() as socket:
        ask(socket)
        answered(socket, 0)
        for number, content in enumerate((b"GIF89a", b"\xff\xd8\xff", jpeg()[:200], jpeg(size=(3000, 2000))), 1):
            socket.send(frame(number, content))
            said = heard(socket, "spoiled")
            assert said["spoiled"] == number and "live" in said["why"] and said["why"].endswith(".")
        assert answered(socket, 9)["size"] == [24, 32]


def test_pictures_may_change_their_size(server: Server) -> None:
    with server.socket() as socket:
        ask(socket, "classify", model="tiny", weights="random")
        answered(socket, 0)
        for number, size in enumerate([(48, 64), (31, 17), (200, 300)], 1):
            socket.send(frame(number, jpeg(size=size)))
            while (said := heard(socket, "answer"))["answer"] != number:
                assert said["answer"] == 0  # sent more than once while the network was loaded
            assert said["size"] == list(size)


def test_who_says_nothing_is_taken_for_gone(server: Server) -> None:
    with server.socket() as socket:
        ask(socket)
        answered(socket, 0)
        began = time.monotonic()
        code, words = closed(socket)
        assert code == 1001 and "start it again" in words
        assert LIMITS.silence_s - 0.5 < time.monotonic() - began < 20


def test_who_says_only_that_he_is_there_may_stay(server: Server) -> None:
    with server.socket() as socket:
        ask(socket)
        for _ in range(5):
            time.sleep(LIMITS.silence_s / 3)
            socket.send('{"here": true}')
        answered(socket, 0)


@pytest.mark.long
def test_who_takes_nothing_is_let_go(server: Server) -> None:
    """Half open: answers pile up at a peer that no longer reads."""
    made = sockets.create_connection(tuple(server.host.split(":")), PATIENCE_S)  # type: ignore[arg-type]
    made.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 2048)
    socket = connect(
        f"ws://{server.host}/live",
        sock=made,
        origin=f"http://{server.host}",
        max_queue=1,
        legacy=True,  # type: ignore[arg-type]
    )
    ask(socket, "dense", model="tiny", weights="random")
    until(lambda: server.sockets.present == 1)
    ended = threading.Event()

    def fill() -> None:
        number = 0
        with contextlib.suppress(ConnectionClosed, OSError):
            while not ended.is_set():
                number += 1
                socket.send(frame(number, b"x"))  # each is answered by a sentence
                time.sleep(1 / 70)

    filling = threading.Thread(target=fill)
    filling.start()
    began = time.monotonic()
    until(lambda: server.sockets.present == 0 or time.monotonic() - began > PATIENCE_S - 1)
    gone = server.sockets.present == 0
    ended.set()
    made.close()
    filling.join()
    assert gone


def test_killed_in_mid_stream_it_leaves_nothing(server: Server) -> None:
    socket = server.socket(legacy=True)
    ask(socket, "classify", model="tiny", weights="random")
    answered(socket, 0)
    for number in range(1, 9):
        socket.send(frame(number))
    socket.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, struct.pack("ii", 1, 0))
    socket.socket.close()  # a reset, as when a browser is killed; `_empty` looks for what is left


@pytest.mark.long
def test_nothing_of_a_camera_is_written_anywhere(
    server: Server, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    opened: list[str] = []
    watching = True

    def see(event: str, arguments: tuple[Any, ...]) -> None:
        writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT
        if watching and event == "open" and isinstance(arguments[2], int) and arguments[2] & writes:
            opened.append(str(arguments[0]))

    sys.addaudithook(see)
    with server.socket() as socket:
        for view in ("picture", "classify", "dense"):
            ask(socket, view, model="tiny", weights="random")
            for number in range(20):
                socket.send(frame(number, jpeg(number) if number % 5 else b"spoilt"))
                time.sleep(0.01)
        heard(socket, "spoiled")
    until(lambda: server.sockets.present == 0)
    watching = False
    assert opened == []
    said = capfd.readouterr()
    assert said.out == said.err == "" and caplog.text == ""


def test_the_server_says_goodbye(engine: LocalEngine) -> None:
    with live_server(engine, OWNER) as server:
        with server.socket() as socket:
            ask(socket)
            answered(socket, 1)
            began = time.monotonic()
            server.sockets.close()
            assert time.monotonic() - began < 5 and server.sockets.present == 0
            code, words = closed(socket)
        assert code == 1001 and "start it again" in words


@pytest.mark.long
def test_a_terminated_server_drains_and_exits_well(tmp_path: Path) -> None:
    with sockets.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    app = subprocess.Popen(
        [sys.executable, "app.py", "--port", host.rpartition(":")[2]], cwd=ROOT, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    peers: list[ClientConnection] = []
    ends = time.monotonic() + 90
    while len(peers) < 30:
        assert time.monotonic() < ends and app.poll() is None
        try:
            peers.append(connect(f"ws://{host}/live", origin=f"http://{host}", legacy=True))  # type: ignore[arg-type]
        except OSError:
            time.sleep(0.3)
    for peer in peers:
        ask(peer)
    answered(peers[0], 1, patience_s=60)  # the engine begins to exist with the first question
    began = time.monotonic()
    app.send_signal(signal.SIGTERM)
    codes = {closed(peer)[0] for peer in peers}
    assert app.wait(20) == 0
    assert codes == {1001} and time.monotonic() - began < 10
    assert app.stderr is not None and b"Traceback" not in app.stderr.read()
