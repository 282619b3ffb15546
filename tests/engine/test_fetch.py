"""Downloads against a host that misbehaves: the sentence, and what is left on the disk."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import shutil
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from explorer.engine import download
from explorer.engine.fetch import Remote, fetch, sha256_of
from explorer.errors import FetchFailed
from tests.weight_host import Manner, WeightHost, weight_host

__all__ = ["weight_host"]

CONTENT = bytes(range(256)) * 2000
NAME = "/models/net-abc.pth"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "net-abc.pth"


def part_of(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def left(path: Path) -> set[str]:
    """Names of what is left in the folder."""
    return {one.name for one in path.parent.iterdir()} if path.parent.exists() else set()


def get(remote: Remote, path: Path, **options: Any) -> list[Any]:
    return list(fetch(remote, path, **options))


def refusal(remote: Remote, path: Path, **options: Any) -> str:
    """The sentence of a fetch that fails in under two seconds and puts nothing in place."""
    begun = time.monotonic()
    with pytest.raises(FetchFailed) as caught:
        get(remote, path, **options)
    assert time.monotonic() - begun < 2
    assert not path.is_file()
    assert not path.with_name(path.name + ".lock").exists()
    sentence = str(caught.value)
    assert path.name in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("manner", ["honest", "no-range", "no-length", "chunked", "weak-etag", "redirect", "linked"])
def test_a_file_arrives_whole(weight_host: WeightHost, path: Path, manner: Manner) -> None:
    steps = get(weight_host.publish(NAME, CONTENT, manner), path)
    assert path.read_bytes() == CONTENT
    assert left(path) == {path.name}
    assert steps[-1].done == steps[-1].total == len(CONTENT)
    assert all(later.done >= earlier.done for earlier, later in pairwise(steps))


def test_eight_digits_of_the_hash_are_enough(weight_host: WeightHost, path: Path) -> None:
    whole = weight_host.publish(NAME, CONTENT)
    get(Remote(whole.url, whole.sha256[:8].upper()), path)
    assert sha256_of(path) == hashlib.sha256(CONTENT).hexdigest()


def test_with_a_hash_the_published_size_may_be_rough(weight_host: WeightHost, path: Path) -> None:
    whole = weight_host.publish(NAME, CONTENT)
    get(Remote(whole.url, whole.sha256, len(CONTENT) + 900), path)
    assert path.read_bytes() == CONTENT


def test_a_file_already_there_asks_nobody(weight_host: WeightHost, path: Path) -> None:
    remote = weight_host.publish(NAME, CONTENT)
    get(remote, path)
    assert get(remote, path) == []
    assert get(Remote(remote.url), path) == []
    assert len(weight_host.seen) == 1


def test_a_damaged_file_already_there_is_replaced(weight_host: WeightHost, path: Path) -> None:
    remote = weight_host.publish(NAME, CONTENT)
    path.parent.mkdir()
    path.write_bytes(CONTENT[:-1] + b"?")
    get(remote, path)
    assert path.read_bytes() == CONTENT


def test_progress_comes_about_ten_times_a_second(weight_host: WeightHost, path: Path) -> None:
    steps = get(weight_host.publish(NAME, CONTENT, "slow"), path)
    assert 6 <= len(steps) <= 25
    assert all(step.total == len(CONTENT) for step in steps)


# --- resuming


def test_a_cut_download_is_resumed(weight_host: WeightHost, path: Path) -> None:
    remote = weight_host.publish(NAME, CONTENT, "cut", "honest")
    sentence = refusal(remote, path)
    assert "run it again to resume" in sentence
    assert part_of(path).read_bytes() == CONTENT[: len(CONTENT) // 2]
    get(remote, path)
    assert path.read_bytes() == CONTENT
    assert left(path) == {path.name}
    again = weight_host.seen[-1]
    assert again.range == f"bytes={len(CONTENT) // 2}-"
    assert again.headers["if-range"] == weight_host.files[NAME].etag


@pytest.mark.parametrize("manner", ["no-range", "wrong-range", "416", "no-length"])
def test_a_host_that_cannot_resume_is_asked_for_all(weight_host: WeightHost, path: Path, manner: Manner) -> None:
    remote = weight_host.publish(NAME, CONTENT, "cut", manner)
    refusal(remote, path)
    get(remote, path)
    assert path.read_bytes() == CONTENT


def test_a_file_that_changed_between_is_not_joined(weight_host: WeightHost, path: Path) -> None:
    refusal(weight_host.publish(NAME, bytes(len(CONTENT)), "cut"), path)
    get(weight_host.publish(NAME, CONTENT), path)
    assert path.read_bytes() == CONTENT


def test_without_hash_and_etag_nothing_is_joined(weight_host: WeightHost, path: Path) -> None:
    url = weight_host.publish(NAME, CONTENT, "honest").url
    path.parent.mkdir()
    part_of(path).write_bytes(b"something older")
    get(Remote(url), path)
    assert path.read_bytes() == CONTENT
    assert weight_host.seen[-1].range == ""


def test_a_whole_part_needs_no_request(weight_host: WeightHost, path: Path) -> None:
    remote = weight_host.publish(NAME, CONTENT)
    path.parent.mkdir()
    part_of(path).write_bytes(CONTENT)
    get(remote, path)
    assert path.read_bytes() == CONTENT
    assert weight_host.seen == []


def test_a_whole_part_of_unknown_size_is_told_by_416(weight_host: WeightHost, path: Path) -> None:
    remote = weight_host.publish(NAME, CONTENT)
    path.parent.mkdir()
    part_of(path).write_bytes(CONTENT)
    get(Remote(remote.url, remote.sha256), path)
    assert path.read_bytes() == CONTENT
    assert len(weight_host.seen) == 1


@pytest.mark.parametrize("size", [len(CONTENT), len(CONTENT) + 50])
def test_a_wrong_part_is_deleted_once_known(weight_host: WeightHost, path: Path, size: int) -> None:
    remote = weight_host.publish(NAME, CONTENT)
    path.parent.mkdir()
    part_of(path).write_bytes(b"?" * size)
    if size == len(CONTENT):
        assert "not the published file" in refusal(remote, path)
        assert left(path) == set()
    get(remote, path)
    assert path.read_bytes() == CONTENT


def test_stop_ends_it_and_keeps_the_part(weight_host: WeightHost, path: Path) -> None:
    remote = weight_host.publish(NAME, CONTENT, "slow", "honest")
    stop = threading.Event()
    for step in fetch(remote, path, stop):
        if step.done > len(CONTENT) / 4:
            stop.set()
    assert not path.exists()
    kept = part_of(path).stat().st_size
    assert 0 < kept < len(CONTENT)
    get(remote, path, stop=threading.Event())
    assert path.read_bytes() == CONTENT
    assert weight_host.seen[-1].range == f"bytes={kept}-"


def test_stop_is_heard_while_nothing_comes(weight_host: WeightHost, path: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    begun = time.monotonic()
    get(weight_host.publish(NAME, CONTENT, "silent"), path, stop=stop)
    assert time.monotonic() - begun < 1
    assert not path.exists()


def test_a_reader_that_leaves_frees_the_file(weight_host: WeightHost, path: Path) -> None:
    remote = weight_host.publish(NAME, CONTENT, "slow", "honest")
    steps = fetch(remote, path)
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    get(remote, path)
    assert path.read_bytes() == CONTENT


def test_pace_judges_a_whole_window_of_waiting() -> None:
    pace = download.Pace(2)
    assert not pace.too_slow(1.9, 0)
    assert not pace.too_slow(0.2, 2000)
    assert not pace.too_slow(1.0, 1999)
    assert pace.too_slow(1.0, 0)


# --- hosts that fail

SENTENCES: dict[Manner, str] = {
    "401": "login",
    "403": "refused (403), or a proxy or firewall",
    "404": "no such file (404)",
    "429": "try again in 7 seconds",
    "500": "fault of its own (500)",
    "503": "too busy (503)",
    "page": "a web page came instead",
    "disguised-page": "a web page came instead",
    "gzip": "gzip",
    "hang-up": "hung up",
    "garbage": "not answer as a web server",
    "redirect-loop": "redirects in a circle",
    "redirect-file": "not on the web",
    "redirect-ftp": "not followed",
    "wrong-bytes": "not the published file",
    "short-length": "not the published file",
    "long-length": "ended after",
    "cut": "run it again to resume",
    "cut-no-length": "run it again to resume",
    "huge-length": "were published",
    "endless": "more came than",
}


@pytest.mark.parametrize("manner", SENTENCES)
def test_a_failing_host_gets_its_sentence(weight_host: WeightHost, path: Path, manner: Manner) -> None:
    sentence = refusal(weight_host.publish(NAME, CONTENT, manner), path)
    assert SENTENCES[manner] in sentence
    assert "127.0.0.1" in sentence
    assert str(path) in sentence
    if manner in ("cut", "cut-no-length", "long-length"):
        assert part_of(path).stat().st_size > 0
    else:
        assert left(path) == set()


@pytest.mark.parametrize("manner", ["drip", "stall", "silent", "drip-head"])
def test_a_host_too_slow_to_wait_for_is_left(weight_host: WeightHost, path: Path, manner: Manner) -> None:
    sentence = refusal(weight_host.publish(NAME, CONTENT, manner), path, timeout=0.6)
    assert any(words in sentence for words in ("almost nothing came for", "not answer in time", "nothing more came"))
    assert "EXPLORER_MIRROR" in sentence


def test_a_hash_told_on_the_way_is_checked(weight_host: WeightHost, path: Path) -> None:
    url = weight_host.publish(NAME, CONTENT, "linked", "linked-lie").url
    get(Remote(url), path)
    assert path.read_bytes() == CONTENT
    path.unlink()
    assert "not the published file" in refusal(Remote(url), path)
    assert left(path) == set()


def test_a_known_hash_is_believed_before_one_told(weight_host: WeightHost, path: Path) -> None:
    get(weight_host.publish(NAME, CONTENT, "linked-lie"), path)
    assert path.read_bytes() == CONTENT


def test_without_a_hash_the_size_decides(weight_host: WeightHost, path: Path) -> None:
    url = weight_host.publish(NAME, CONTENT).url
    assert "were published" in refusal(Remote(url, size=len(CONTENT) + 1), path)
    get(Remote(url, size=len(CONTENT)), path)
    assert path.read_bytes() == CONTENT


def test_no_host_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    assert "refused the connection" in refusal(Remote("http://127.0.0.1:9/net.pth"), path)


def test_no_such_name(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "no network here" in refusal(Remote("https://download.example/net.pth"), path)


def test_a_bad_certificate(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ssl
    import urllib.request

    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "certificate has expired"

    def expired(*_: Any, **__: Any) -> None:
        raise urllib.error.URLError(error)

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", expired)
    sentence = refusal(Remote("https://download.example/net.pth"), path)
    assert "certificate has expired" in sentence
    assert "clock" in sentence


def test_plain_http_on_a_tls_port_is_named(weight_host: WeightHost, path: Path) -> None:
    url = weight_host.publish(NAME, CONTENT).url.replace("http://", "https://")
    assert "TLS" in refusal(Remote(url), path)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host/a", "data:,x", "", "http://", "http://[", "net.pth"])
def test_only_the_web_is_asked(path: Path, url: str) -> None:
    assert "not http or https" in refusal(Remote(url), path)


def test_a_password_in_the_address_is_not_shown(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    assert "secret" not in refusal(Remote("http://me:secret@127.0.0.1:9/net.pth"), path)


# --- the mirror


def test_a_mirror_serves_every_address(weight_host: WeightHost, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published = weight_host.publish("/class/models/net-abc.pth", CONTENT)
    monkeypatch.setenv("EXPLORER_MIRROR", weight_host.url + "/class/")
    get(Remote("https://download.example/models/net-abc.pth?download=true", published.sha256), path)
    assert path.read_bytes() == CONTENT
    assert weight_host.seen[0].path == "/class/models/net-abc.pth?download=true"


def test_a_mirror_is_not_believed(weight_host: WeightHost, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weight_host.publish("/models/net-abc.pth", b"something else")
    monkeypatch.setenv("EXPLORER_MIRROR", weight_host.url)
    wanted = hashlib.sha256(CONTENT).hexdigest()
    assert "not the published file" in refusal(Remote("https://download.example/models/net-abc.pth", wanted), path)
    assert left(path) == set()


@pytest.mark.parametrize("mirror", ["file:///tmp", "teacher:8000", "/srv/weights"])
def test_a_mirror_must_be_a_web_address(path: Path, monkeypatch: pytest.MonkeyPatch, mirror: str) -> None:
    monkeypatch.setenv("EXPLORER_MIRROR", mirror)
    with pytest.raises(FetchFailed, match=r"EXPLORER_MIRROR is .* http://"):
        get(Remote("https://download.example/net.pth"), path)


# --- disks


def test_no_room_is_seen_before_the_body(weight_host: WeightHost, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100_000))
    sentence = refusal(weight_host.publish(NAME, CONTENT), path)
    assert "1.5 MB are needed and 0.1 MB are free" in sentence
    assert str(path.parent) in sentence


def test_a_disk_that_fills_up_is_named(weight_host: WeightHost, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: download.Download, out: Any, piece: bytes) -> None:
        if self._done > len(CONTENT) / 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        out.write(piece)
        self._done += len(piece)

    remote = weight_host.publish(NAME, CONTENT, "slow", "honest")
    with monkeypatch.context() as patch:
        patch.setattr(download.Download, "_write", full)
        sentence = refusal(remote, path)
    assert "does not fit on the disk" in sentence
    assert "MB are needed" in sentence
    assert part_of(path).stat().st_size > 0
    get(remote, path)
    assert path.read_bytes() == CONTENT


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(weight_host: WeightHost, path: Path) -> None:
    path.parent.mkdir(mode=0o555)
    assert "cannot be written in" in refusal(weight_host.publish(NAME, CONTENT), path)


def test_a_refused_write_is_named(weight_host: WeightHost, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refused)
    assert "make that folder writable" in refusal(weight_host.publish(NAME, CONTENT), path)


def test_a_folder_in_its_place(weight_host: WeightHost, path: Path) -> None:
    path.mkdir(parents=True)
    assert "move away what is in its place" in refusal(weight_host.publish(NAME, CONTENT), path)


def test_a_file_where_the_folder_should_be(weight_host: WeightHost, path: Path) -> None:
    path.parent.write_bytes(b"")
    assert "cannot be stored at" in refusal(weight_host.publish(NAME, CONTENT), path)


# --- many at once


def test_threads_fetch_one_file_once(weight_host: WeightHost, path: Path) -> None:
    remote = weight_host.publish(NAME, CONTENT, "slow")
    errors: list[BaseException] = []

    def one() -> None:
        try:
            get(remote, path)
        except BaseException as error:  # noqa: BLE001 shown by the test
            errors.append(error)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert errors == []
    assert path.read_bytes() == CONTENT
    assert len(weight_host.seen) == 1
    assert left(path) == {path.name}


def _in_a_process(remote: Remote, path: Path, results: Any) -> None:
    try:
        get(remote, path)
        results.put("")
    except BaseException as error:  # noqa: BLE001 shown by the test
        results.put(repr(error))


def test_processes_fetch_one_file_once_and_survive_a_killed_one(weight_host: WeightHost, path: Path) -> None:
    remote = weight_host.publish(NAME, CONTENT, "stall", "honest")
    fork = multiprocessing.get_context("fork")
    results = fork.Queue()
    first = fork.Process(target=_in_a_process, args=(remote, path, results))
    first.start()
    until = time.monotonic() + 5
    while not (part_of(path).exists() and part_of(path).stat().st_size) and time.monotonic() < until:
        time.sleep(0.02)
    others = [fork.Process(target=_in_a_process, args=(remote, path, results)) for _ in range(3)]
    for other in others:
        other.start()
    time.sleep(0.3)
    assert len(weight_host.seen) == 1
    first.kill()
    first.join()
    for other in others:
        other.join(20)
    assert [results.get(timeout=5) for _ in others] == ["", "", ""]
    assert path.read_bytes() == CONTENT
    assert len(weight_host.seen) == 2


def test_a_waiting_fetch_says_so_and_can_be_stopped(weight_host: WeightHost, path: Path) -> None:
    remote = weight_host.publish(NAME, CONTENT, "slow")
    holder = fetch(remote, path)
    next(holder)
    stop = threading.Event()
    waiting = fetch(remote, path, stop)
    assert "waiting for another download" in next(waiting).text
    stop.set()
    assert list(waiting) == []
    assert list(holder)
    assert path.read_bytes() == CONTENT
