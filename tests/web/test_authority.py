"""The authority of `--https`: who it may vouch for, who believes it, and who may read its key."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509

from explorer.errors import Failure, Mistake
from explorer.web import authority as made
from explorer.web.addresses import LOCAL, addresses, names, on_the_network
from explorer.web.authority import Authority, authority

ASKED = ("127.0.0.1", "localhost", "room7", "room7.local", "192.168.1.20")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "fovea"


@pytest.fixture
def vouches(kept: Path) -> Authority:
    return authority("room7", ["192.168.1.20"], kept)


@contextmanager
def answering(files: dict[str, str]) -> Iterator[int]:
    """The port of a server that shakes hands with whoever comes, with these files."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files["ssl_certfile"], files["ssl_keyfile"])
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            try:
                peer.settimeout(10)
                context.wrap_socket(peer, server_side=True).close()
            except OSError:  # whoever does not believe us hangs up
                peer.close()

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def shakes(port: int, name: str, authority: Authority | None) -> None:
    """A client that asks for `name` and believes that authority, or those it always did."""
    context = ssl.create_default_context()
    if authority is not None:
        context.load_verify_locations(cadata=authority.pem.decode())
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        context.wrap_socket(plain, server_hostname=name).close()


def of(files: dict[str, str]) -> x509.Certificate:
    return x509.load_pem_x509_certificate(Path(files["ssl_certfile"]).read_bytes())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_who_has_the_authority_believes_the_page_and_nobody_else_does(vouches: Authority) -> None:
    with vouches.certified(ASKED) as files, answering(files) as port:
        for name in ("127.0.0.1", "localhost", "room7.local", "192.168.1.20"):
            shakes(port, name, vouches)
        with pytest.raises(ssl.SSLCertVerificationError, match="issuer"):
            shakes(port, "127.0.0.1", None)
        for name in ("192.168.1.21", "room8.local"):
            with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
                shakes(port, name, vouches)


def test_a_certificate_names_this_machine_and_lasts_as_long_as_browsers_allow(vouches: Authority) -> None:
    with vouches.certified(ASKED) as files:
        certificate = of(files)
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert named.get_values_for_type(x509.DNSName) == ["localhost", "room7.local"]
    assert named.get_values_for_type(x509.IPAddress) == [ip_address("127.0.0.1"), ip_address("192.168.1.20")]
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= timedelta(days=397)
    assert certificate.not_valid_before_utc < datetime.now(UTC) - timedelta(hours=20)
    (use,) = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert use.dotted_string == "1.3.6.1.5.5.7.3.1" and usage.digital_signature and not usage.key_cert_sign


def test_it_cannot_vouch_for_the_internet_even_if_its_key_is_stolen(
    vouches: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Authority, "allows", lambda self, name: True)  # a thief signs whatever he likes
    for name in ("bank.example", "8.8.8.8", "room7"):
        refused = pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree")
        with vouches.certified([name]) as files, answering(files) as port, refused:
            shakes(port, name, vouches)


def test_a_machine_with_an_address_of_the_internet_may_name_that_one_alone(kept: Path) -> None:
    vouches = authority("room7", ["8.8.8.8", "192.168.1.20", "fd00::2"], kept)
    assert vouches.allows("8.8.8.8") and not vouches.allows("8.8.8.9") and not vouches.allows("fd00::2")
    with vouches.certified(["8.8.8.8"]) as files, answering(files) as port:
        shakes(port, "8.8.8.8", vouches)


def test_it_is_made_once_and_only_its_owner_reads_the_key(vouches: Authority, kept: Path) -> None:
    assert mode(kept) == 0o700 and mode(vouches.path) == 0o600 and list(kept.iterdir()) == [vouches.path]
    vouches.path.chmod(0o644)
    again = authority("another name", [], kept)
    assert again.fingerprint == vouches.fingerprint and again.name == "Fovea on room7"
    assert mode(vouches.path) == 0o600
    assert b"PRIVATE" in vouches.path.read_bytes() and b"PRIVATE" not in vouches.pem


def test_the_key_of_a_certificate_is_as_private_and_goes_when_it_was_read(vouches: Authority) -> None:
    with vouches.certified(ASKED) as files:
        key = Path(files["ssl_keyfile"])
        assert mode(key) == 0o600 and mode(key.parent) == 0o700
    assert not key.parent.exists()


def test_one_that_is_nearly_over_is_made_anew(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "LASTS", timedelta(days=29))
    old = authority("room7", [], kept)
    with old.certified(ASKED) as files:
        assert of(files).not_valid_after_utc == old.certificate.not_valid_after_utc
    monkeypatch.undo()
    assert authority("room7", [], kept).fingerprint != old.fingerprint


def test_what_cannot_be_read_or_written_is_one_sentence(vouches: Authority, kept: Path, tmp_path: Path) -> None:
    whole = vouches.path.read_bytes()
    for broken in (b"", b"nonsense", whole[: len(whole) // 2], vouches.pem):
        vouches.path.write_bytes(broken)
        with pytest.raises(Mistake, match="delete it and start again"):
            authority("room7", [], kept)
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="make that folder writable"):
        authority("room7", [], tmp_path / "file")
    with pytest.raises(Mistake, match="no address"), vouches.certified(["8.8.8.8", "bank.example"]):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Failure, match="XDG_CONFIG_HOME"):
        authority("room7", [], tmp_path / "fovea")
    tmp_path.chmod(0o700)


def test_it_lies_in_the_users_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert authority("room7").path == tmp_path / "fovea" / "authority.pem"


def test_names_and_addresses_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Anns-Laptop.local")
    assert names() == ("Anns-Laptop.local", "Anns-Laptop.lan")
    monkeypatch.setattr(socket, "gethostname", lambda: "room7")
    assert names() == ("room7", "room7.local", "room7.lan")
    assert LOCAL[0] in addresses() and on_the_network() in addresses()
