"""How the page is served: to whom, from where, and with what the owner brought."""

from __future__ import annotations

import inspect
import socket
import subprocess
import sys
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from cryptography import x509
from gradio import networking
from gradio.queueing import Queue

import app
from explorer.sources.video.about import CLASS, PUBLIC, VideoLimits
from explorer.sources.video.about import OWNER as OWN
from explorer.web.live import LiveSockets
from explorer.web.live_limits import OWNER
from tests.serving import served

ROOT = Path(__file__).resolve().parents[1]


def test_localhost_unless_asked() -> None:
    asked = app.options([])
    assert asked.host == "127.0.0.1" and not asked.share and asked.port is None
    assert app.hosts(asked.host, anywhere=False) == ("127.0.0.1", "localhost", "127.0.0.1")


def test_a_class_may_ask_by_any_address_of_this_machine_and_no_other() -> None:
    allowed = app.hosts("0.0.0.0", anywhere=False)
    assert {"127.0.0.1", "localhost", socket.gethostname()} <= set(allowed)
    assert "*" not in allowed and "evil.example" not in allowed
    assert app.hosts("0.0.0.0", anywhere=True) == ("*",)


def test_where_the_host_says_where_to_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SERVER_NAME", "0.0.0.0")
    assert app.options([]).host == "0.0.0.0"
    assert app.options(["--host", "127.0.0.1"]).host == "127.0.0.1"


def test_what_the_page_needs_is_in_the_repository() -> None:
    named = [ROOT / "assets" / name for name in (*app.SCRIPTS, *app.STYLES, "icon.png", "icon.svg")]
    assert all(path.is_file() for path in named)
    assert app.SCRIPTS[0] == "page.js" and app.STYLES[0] == "style.css"  # the others build on them
    assert app.launch_options(("localhost",), LiveSockets(app.engine, OWNER))["pwa"]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--model", "alexnet", "--weights", "nothing.pth"], marks=pytest.mark.long),
        pytest.param(["--model", "alexnett", "--weights", "nothing.pth"], marks=pytest.mark.long),
        pytest.param(["--device", "tpu"], marks=pytest.mark.long),
        pytest.param(["--https", "--share"], marks=pytest.mark.long),
        pytest.param(["--cfg", "nothing.cfg"], marks=pytest.mark.long),
    ],
)
def test_a_wrong_start_is_one_sentence(arguments: list[str]) -> None:
    run = [sys.executable, "app.py", *arguments]
    ended = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 2 and "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 1 and ended.stdout == ""


def test_a_port_that_is_taken_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = [sys.executable, "app.py", "--port", str(taken.getsockname()[1])]
        ended = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1 and "Traceback" not in ended.stderr and "port" in ended.stderr.lower()


@pytest.mark.parametrize(
    ("host", "anywhere", "limits"),
    [("127.0.0.1", False, OWN), ("localhost", False, OWN), ("0.0.0.0", False, CLASS), ("127.0.0.1", True, PUBLIC)],
)
def test_as_much_video_is_taken_as_the_place_allows(host: str, anywhere: bool, limits: VideoLimits) -> None:
    assert app.shelf(host, anywhere).limits == limits


def test_an_authority_that_cannot_be_kept_is_told_before_the_page_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fovea").write_text("a file where a folder was wanted")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(app, "asked", app.options(["--https", "--host", "0.0.0.0"]))
    monkeypatch.setattr(app.demo, "launch", lambda **_: pytest.fail("the page was opened"))
    assert app.main() == 1
    told = capsys.readouterr()
    assert "make that folder writable" in told.err and told.err.count("\n") == 1 and told.out == ""


def test_a_certificate_is_for_every_name_the_server_answers_to_that_may_be_vouched_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: dict[str, Any] = {}

    def launch(**options: Any) -> None:
        public = x509.load_pem_x509_certificate(Path(options["ssl_certfile"]).read_bytes())
        launched.update(options, named=public.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(app, "asked", app.options(["--https", "--host", "0.0.0.0"]))
    monkeypatch.setattr(app.demo, "launch", launch)
    monkeypatch.setattr(app.demo, "server_port", 25860, raising=False)
    with ExitStack() as serving:
        app.launched(app.hosts("0.0.0.0", anywhere=False), LiveSockets(app.engine, OWNER), serving)
    assert {"localhost", f"{socket.gethostname().partition('.')[0]}.local"} <= set(
        launched["named"].get_values_for_type(x509.DNSName)
    )
    assert ip_address("127.0.0.1") in launched["named"].get_values_for_type(x509.IPAddress)
    assert launched["ssl_verify"] is False and not Path(launched["ssl_keyfile"]).exists()
    paths = {getattr(route, "path", "") for route in launched["app_kwargs"]["routes"]}
    assert {"/authority", "/authority/fovea.crt", "/live"} <= paths


def test_a_server_too_busy_to_answer_itself_in_time_starts_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networking, "url_ok", lambda url: False)
    with served(app.engine) as url:
        assert "Fovea" in httpx.get(url).text


def test_gradios_queue_looks_often_enough_and_no_more() -> None:
    assert app.queued(gr.Blocks())._queue.sleep_when_free == app.LOOK_S
    assert "asyncio.sleep(self.sleep_when_free)" in inspect.getsource(Queue.start_processing)
