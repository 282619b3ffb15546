"""What the server refuses, asked of the server itself."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlparse

import pytest

from explorer.engine.engine import LocalEngine
from explorer.sources.gallery import offered
from tests import pictures, tiny
from tests.serving import served

BOUNDARY = "frontier"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    engine = LocalEngine("cpu", tiny.registry())
    with served(engine) as address:
        yield address
    engine.close()


def ask(
    url: str, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlparse(url).netloc, timeout=20)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, content


def form(name: str, content: bytes = b"x") -> bytes:
    disposition = f'form-data; name="files"; filename="{name}"'.encode("utf-8", "surrogatepass")
    return b"--%s\r\nContent-Disposition: %s\r\nContent-Type: image/png\r\n\r\n%s\r\n--%s--\r\n" % (
        BOUNDARY.encode(), disposition, content, BOUNDARY.encode(),
    )  # fmt: skip


def upload(url: str, body: bytes, boundary: str = BOUNDARY) -> tuple[int, bytes]:
    kind = f"multipart/form-data; boundary={boundary}"
    status, _, content = ask(url, "POST", "/gradio_api/upload", body, content_type=kind)
    return status, content


@pytest.mark.parametrize("name", [n for n in pictures.NAMES if not set(n) & {"\n", '"', "\0"}])
def test_an_upload_of_any_name_is_stored_or_refused(url: str, name: str) -> None:
    status, content = upload(url, form(name))
    assert status in (200, 400, 413)
    if status == 200:
        (stored,) = (Path(path) for path in json.loads(content))
        assert stored.is_file() and "gradio" in stored.parts and ".." not in stored.parts
        stored.unlink()
    else:
        assert content and b"Traceback" not in content


def test_an_upload_with_no_name_is_the_senders_mistake(url: str) -> None:
    nameless = form("x").replace(b'; filename="x"', b"")
    status, content = upload(url, nameless)
    assert status == 400 and b"Traceback" not in content


@pytest.mark.parametrize("boundary", ["b" * 5_000, "", "other"])
def test_an_upload_with_a_broken_boundary_is_the_senders_mistake(url: str, boundary: str) -> None:
    status, content = upload(url, form("a.png"), boundary)
    assert status == 400 and content and b"Traceback" not in content


def test_a_body_too_large_is_refused_before_it_is_read(url: str) -> None:
    status, _, content = ask(url, "POST", "/gradio_api/queue/join", None, content_length="100000000")
    assert status == 413 and b"24 MB" in content


def test_a_body_that_grows_too_large_is_cut_off(url: str) -> None:
    def drip() -> Iterator[bytes]:
        for _ in range(40):
            yield bytes(1_000_000)

    connection = http.client.HTTPConnection(urlparse(url).netloc, timeout=20)
    try:
        connection.request("POST", "/gradio_api/queue/join", drip(), {"Content-Type": "application/json"})
        assert connection.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # refused while it was still being sent
    finally:
        connection.close()
    assert ask(url, "GET", "/config")[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "192.168.1.5", "[::ffff:127.0.0.1]"])
def test_another_host_name_is_refused(url: str, host: str) -> None:
    assert ask(url, "GET", "/", None, Host=host)[0] == 400


@pytest.mark.parametrize("path", ["/", "/config", "/app/stage.js", "/thumbnail/sample:cat.jpg"])
def test_every_answer_tells_the_browser_what_not_to_do(url: str, path: str) -> None:
    status, headers, _ = ask(url, "GET", path)
    assert status == 200
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "camera=(self)" in headers["permissions-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/openapi.json",
        "/monitoring/summary",
        "/gradio_api/run/predict",
        "/app/../app.py",
        "/app/%2e%2e/app.py",
    ],
)
def test_nothing_else_is_served(url: str, path: str) -> None:
    assert ask(url, "GET", path)[0] in (403, 404, 405)


def test_no_handler_of_the_page_is_a_public_endpoint(url: str) -> None:
    """But the one that is meant to be: a question to the engine."""
    assert set(json.loads(ask(url, "GET", "/gradio_api/info")[2])["named_endpoints"]) == {"/question"}


def test_thumbnails_are_small_pictures_of_the_gallery_and_nothing_else(url: str) -> None:
    for name in offered():
        status, headers, content = ask(url, "GET", f"/thumbnail/{quote(name, safe='')}.jpg")
        assert status == 200 and headers["content-type"] == "image/jpeg"
        assert content[:2] == b"\xff\xd8" and len(content) < 60_000
    for name in ("nobody", "sample:nobody", "scene:999999", "..%2Fstage"):
        assert ask(url, "GET", f"/thumbnail/{name}.jpg")[0] == 404
