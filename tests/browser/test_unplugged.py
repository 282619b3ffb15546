"""A fresh copy with no network at all starts, shows scenes, classifies them right and reads a drawn digit."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from explorer.sources.gallery import SCENES
from explorer.sources.open import scene
from explorer.training.digits.draw import digit
from tests.browser.conftest import Watched

ROOT = Path(__file__).resolve().parents[2]
CUT = """
import socket
def only_here(address):
    host = address[0] if isinstance(address, tuple) else "127.0.0.1"
    if host not in ("127.0.0.1", "localhost", "::1", "0.0.0.0", ""):
        raise OSError(101, "Network is unreachable")
connect, connect_ex, find = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
def cut(real):
    def call(self, address, *rest):
        only_here(address)
        return real(self, address, *rest)
    return call
def looked_up(host, *rest, **more):
    if host not in (None, "", b"", "127.0.0.1", "localhost", "::1", "0.0.0.0", socket.gethostname()):
        raise socket.gaierror(-3, "Temporary failure in name resolution")
    return find(host, *rest, **more)
socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = cut(connect), cut(connect_ex), looked_up
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tracked files alone, in a folder of their own."""
    folder = tmp_path_factory.mktemp("fresh") / "fovea"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment without a network, and with nothing fetched before."""
    cut = tmp_path_factory.mktemp("cut")
    (cut / "sitecustomize.py").write_text(CUT)
    empty = tmp_path_factory.mktemp("nothing")
    return os.environ | {
        "PYTHONPATH": str(cut),
        "TORCH_HOME": str(empty),
        "HF_HOME": str(empty),
        "GRADIO_TEMP_DIR": str(empty),
        "CUDA_VISIBLE_DEVICES": "",
    }


def classified(fresh: Path, alone: dict[str, str], *words: str) -> Any:
    ran = subprocess.run(
        [sys.executable, "-m", "explorer", "classify", *words, "--json"], cwd=fresh, env=alone, capture_output=True,
        text=True, check=True, timeout=240,
    )  # fmt: skip
    return json.loads(ran.stdout)


def test_the_network_is_really_cut(alone: dict[str, str]) -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80), 3)"
    ran = subprocess.run([sys.executable, "-c", code], env=alone, capture_output=True, text=True, check=False)
    assert "Network is unreachable" in ran.stderr or "name resolution" in ran.stderr


def test_a_photograph_gets_an_answer_and_an_honest_word(fresh: Path, alone: dict[str, str]) -> None:
    found = classified(fresh, alone, "sample:cat")
    assert found["model"].startswith("street_") and found["weights"] == "bundled"
    assert any("is not here" in note for note in found["notes"])
    assert any("knows drawn street scenes, and this is none" in note for note in found["notes"])


def test_a_drawn_digit_is_read(fresh: Path, alone: dict[str, str], tmp_path: Path) -> None:
    pixels, label = digit(10_000_123)
    page = np.full((200, 160), 250, np.uint8)
    page[60:116, 40:96] -= np.kron(pixels, np.ones((2, 2), np.uint8)) // 2
    Image.fromarray(page).save(tmp_path / "digit.png")
    found = classified(fresh, alone, str(tmp_path / "digit.png"), "--model", "digits_lenet5")
    assert found["classes"][0]["name"] == str(label) and found["classes"][0]["score"] > 0.5


@pytest.fixture(scope="module")
def page_url(fresh: Path, alone: dict[str, str]) -> Iterator[str]:
    """The page of `python app.py`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)], cwd=fresh, env=alone, stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(url, timeout=2).close()
                break
            except OSError:
                assert server.poll() is None, "the server ended"
                time.sleep(0.5)
        yield url
    finally:
        server.terminate()
        server.wait(20)


@pytest.mark.long
@pytest.mark.browser
def test_the_page_shows_the_gallerys_scenes_and_names_a_thing_that_is_there(page_url: str, browser: Browser) -> None:
    watched = Watched(browser.new_page(viewport={"width": 1440, "height": 900}))
    page = watched.page
    page.goto(page_url)
    right = 0
    for seed, _ in SCENES:
        page.get_by_test_id(f"scene:{seed}").click()
        label = re.compile(f"Streetscape {seed},")
        expect(page.get_by_test_id("stage-canvas")).to_have_attribute("aria-label", label)
        page.wait_for_function("Fovea.main.given && Fovea.main.given.id === Fovea.main.picture.id")
        named = page.locator("#verdict .answer h3").inner_text().split(" · ")[0]
        right += named in scene(f"scene:{seed}").names
        assert page.locator("#verdict .badge").count() == 0
    assert right >= len(SCENES) - 1  # one is in fog
    page.get_by_test_id("sample:cat").click()
    expect(page.locator("#verdict .badge").first).to_be_visible()
    assert watched.hosts == {"127.0.0.1"} and not watched.errors
    page.close()
