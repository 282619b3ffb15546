"""How the page is served: to whom, from where, and with what the owner brought."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

import app

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
    assert app.launch_options(("localhost",))["pwa"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--model", "alexnet", "--weights", "nothing.pth"],
        pytest.param(["--model", "alexnett", "--weights", "nothing.pth"], marks=pytest.mark.long),
        pytest.param(["--device", "tpu"], marks=pytest.mark.long),
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
