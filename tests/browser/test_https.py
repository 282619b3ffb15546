"""`--host 0.0.0.0` with and without `--https`, as another device of the same network sees it."""

from __future__ import annotations

import base64
import hashlib
import re
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import BrowserContext, Error, Playwright, expect

import app
from explorer.engine.engine import LocalEngine
from explorer.tabs.page import page
from explorer.web.addresses import LOCAL, on_the_network
from explorer.web.live import LiveSockets
from explorer.web.live_limits import LiveLimits
from tests import tiny
from tests.browser.conftest import FLAGS
from tests.serving import port

pytestmark = pytest.mark.browser
CAMERA = "() => [isSecureContext, typeof navigator.mediaDevices]"


@contextmanager
def class_served(*options: str) -> Iterator[str]:
    """The address on the network of `python app.py --host 0.0.0.0` with these options more."""
    number = port()
    with pytest.MonkeyPatch.context() as patch, ExitStack() as serving:
        engine = LocalEngine("cpu", tiny.registry())
        demo, live = app.queued(page(engine)), LiveSockets(engine, LiveLimits())
        serving.callback(engine.close)
        serving.callback(demo.close)
        patch.setattr(app, "asked", app.options(["--host", "0.0.0.0", "--port", str(number), *options]))
        patch.setattr(app, "demo", demo)
        app.launched(app.hosts("0.0.0.0", anywhere=False), live, serving)
        yield f"{'https' if '--https' in options else 'http'}://{on_the_network()}:{number}"


@pytest.fixture(scope="module")
def network() -> str:
    address = on_the_network()
    if address in LOCAL:
        pytest.skip("this machine has no address but localhost's")
    return address


@pytest.fixture(scope="module")
def secure(network: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("configuration")))
        with class_served("--https") as url:
            yield url


def certificate(url: str) -> x509.Certificate:
    host = urlparse(url)
    return x509.load_pem_x509_certificate(ssl.get_server_certificate((host.hostname or "", host.port or 0)).encode())


@contextmanager
def phone(playwright: Playwright, chromium: str, folder: Path, *flags: str) -> Iterator[BrowserContext]:
    """A browser of its own, which believes whom browsers believe."""
    made: Any = playwright.chromium.launch_persistent_context(
        folder, executable_path=chromium, args=[*FLAGS, *flags], ignore_https_errors=False
    )
    yield made
    made.close()


def test_over_https_another_device_has_its_camera(
    playwright: Playwright, chromium: str, tmp_path: Path, secure: str
) -> None:
    public = certificate(secure).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    believed = base64.b64encode(hashlib.sha256(public).digest()).decode()
    with phone(playwright, chromium, tmp_path, f"--ignore-certificate-errors-spki-list={believed}") as context:
        opened = context.new_page()
        opened.goto(secure)
        expect(opened.get_by_test_id("stage-canvas")).to_be_visible()
        assert opened.evaluate(CAMERA) == [True, "object"]
        answer = opened.goto(f"{secure}/authority")
        assert answer is not None and answer.status == 200 and "strict-transport-security" not in answer.headers
        expect(opened.get_by_role("heading", level=1)).to_be_visible()
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_device_without_the_authority_is_warned(
    playwright: Playwright, chromium: str, tmp_path: Path, secure: str
) -> None:
    with phone(playwright, chromium, tmp_path) as context, pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        context.new_page().goto(secure)


def test_what_the_page_gives_away_is_what_the_server_is_signed_by(secure: str) -> None:
    with urlopen(f"{secure}/authority/fovea.crt", context=ssl._create_unverified_context()) as answer:
        given = answer.read().decode()
    with urlopen(f"{secure}/config", context=ssl.create_default_context(cadata=given)) as answer:
        assert answer.status == 200


@pytest.mark.long
def test_over_http_another_device_has_none_and_the_owner_is_told(
    playwright: Playwright, chromium: str, tmp_path: Path, network: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with class_served() as url, phone(playwright, chromium, tmp_path) as context:
        opened = context.new_page()
        opened.goto(url)
        expect(opened.get_by_test_id("stage-canvas")).to_be_visible()
        assert opened.evaluate(CAMERA) == [False, "undefined"]
    assert re.search(r"Cameras .* start with --https", capsys.readouterr().out)
