"""Handing the authority out: one page, one file, to those who ask this machine, and nothing else."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from explorer.errors import Failure
from explorer.web import handout
from explorer.web.authority import Authority, authority
from explorer.web.handout import handing_out
from explorer.web.secure import Secure

HOSTS = ("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def vouches(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority("<room> & 7", [], tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="module")
def port(vouches: Authority) -> Iterator[int]:
    with handing_out(vouches, "127.0.0.1", 24860, HOSTS) as port:
        yield port


def ask(port: int, path: str, host: str = "127.0.0.1", method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={"Host": f"{host}:{port}"})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


def test_the_file_is_the_authority_without_its_key(port: int, vouches: Authority) -> None:
    status, headers, content = ask(port, "/authority/fovea.crt")
    assert status == 200 and headers["content-type"] == "application/x-x509-ca-cert"
    assert x509.load_pem_x509_certificate(content) == vouches.certificate and b"PRIVATE" not in content


@pytest.mark.parametrize("path", ["/", "/authority"])
def test_the_page_says_what_it_is_and_how_to_compare_install_and_remove_it(
    port: int, vouches: Authority, path: str
) -> None:
    status, headers, content = ask(port, path)
    text = content.decode()
    assert status == 200 and headers["x-content-type-options"] == "nosniff"
    assert vouches.fingerprint in text and 'href="authority/fovea.crt"' in text
    assert "https://127.0.0.1:24860/" in text
    assert "&lt;room&gt; &amp; 7" in text and "<room>" not in text
    for device in ("iPhone, iPad", "Android", "Windows", "macOS", "Linux, Chromebook", "Firefox"):
        steps = text.split(f"<summary>{device}")[1].split("</details>")[0]
        assert "To remove it:" in steps
    assert "full trust" in text and "You need not install it" in text
    assert not re.search(r"\$\w", text)


@pytest.mark.parametrize(
    "path", ["/config", "/app/stage.js", "/authority/", "/authority.pem", "/authority/../app.py", "/authority/key.pem"]
)
def test_nothing_else_is_served(port: int, path: str) -> None:
    status, _, content = ask(port, path)
    assert status in (307, 404) and b"PRIVATE" not in content


def test_nobody_asks_under_another_name_or_sends_anything(port: int) -> None:
    assert ask(port, "/", "evil.example")[0] == 400
    assert ask(port, "/authority", method="POST")[0] == 405


def test_a_port_that_is_taken_is_passed_by_and_the_server_ends(vouches: Authority) -> None:
    before = threading.active_count()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = taken.getsockname()[1]
        with handing_out(vouches, "127.0.0.1", first - 1, HOSTS) as port:
            assert port > first and ask(port, "/")[0] == 200
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        ask(port, "/")


def test_no_port_is_one_sentence(vouches: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handout, "TRIES", 1)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = taken.getsockname()[1]
        with pytest.raises(Failure, match="another --port"), handing_out(vouches, "127.0.0.1", first - 1, HOSTS):
            pass


def test_the_owner_reads_two_addresses_and_the_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("explorer.web.secure.on_the_network", lambda: "192.168.1.20")
    secure = Secure("0.0.0.0", (*HOSTS, "192.168.1.20"))
    with secure.handing_out(24960) as told:
        plain = re.search(r"http://192\.168\.1\.20:(\d+)", told)
        assert plain is not None and "https://192.168.1.20:24960" in told
        fingerprint = re.search(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", told)
        assert fingerprint is not None and fingerprint[0].encode() in ask(int(plain[1]), "/")[2]
        assert "another address" not in told
    monkeypatch.setattr("explorer.web.secure.on_the_network", lambda: "8.8.8.8")
    with secure.handing_out(24960) as told:
        assert "may not vouch for 8.8.8.8" in told
    with Secure("127.0.0.1", HOSTS).handing_out(24960) as told:
        assert "--host 0.0.0.0" in told and "http://" not in told
