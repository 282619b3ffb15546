"""The live socket without a browser: a peer that sends as a camera would, against a loop with no socket at all."""

from __future__ import annotations

import json
import time
from collections import deque
from contextlib import suppress
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from explorer.drawing.live import LIVE_VIEWS
from explorer.drawing.wire import as_text, pane_json
from explorer.errors import Failure, Mistake
from explorer.sources.image import read_image
from explorer.sources.samples import sample

SETTLE_S, SECONDS = 2.0, 10.0
CAMERA_S = 1 / 60
ON_THEIR_WAY = 2
WAKING = 60
FRAMES = 60


def against_a_loop(url: str) -> tuple[list[dict[str, Any]], float]:
    """Pictures a second of a camera of 60, through the socket at `url` and decoded and answered in a loop."""
    pictures = jpegs()
    rate, delays = through(url, pictures)
    alone = in_a_loop(pictures)
    ordered = sorted(delays)
    times = {"p50_ms": median(ordered), "p95_ms": ordered[int(0.95 * (len(ordered) - 1))]}
    return [{"how": "socket", "per_s": rate, **times}, {"how": "loop, no socket", "per_s": alone}], rate / alone


def jpegs(count: int = FRAMES) -> list[bytes]:
    """Different pictures of 640 by 480."""
    import cv2
    import numpy as np

    pixels = cv2.resize(sample("astronaut").pixels, (640, 480))[..., ::-1]
    quality = [cv2.IMWRITE_JPEG_QUALITY, 80]
    return [cv2.imencode(".jpg", np.roll(pixels, 8 * i, axis=1), quality)[1].tobytes() for i in range(count)]


def in_a_loop(pictures: list[bytes], seconds: float = SECONDS / 2) -> float:
    """Pictures a second that are decoded, answered by nothing but themselves and put into words, never over a camera's
    rate."""
    from explorer.records.live import Looked

    ends, done, view = time.perf_counter() + seconds, 0, LIVE_VIEWS["picture"]
    while time.perf_counter() < ends:
        frame = read_image(pictures[done % len(pictures)])
        as_text({"panes": [pane_json(pane) for pane in view.draw(Looked(frame.size), "").panes]})
        done += 1
    return min(done / seconds, 1 / CAMERA_S)


def _wake(socket: ClientConnection, picture: bytes) -> None:
    """Until the engine answers: it begins to exist with its first question."""
    for _ in range(WAKING):
        socket.send(bytes(4) + picture)
        with suppress(TimeoutError):
            if "answer" in json.loads(socket.recv(1)):
                return
    raise Failure(f"The live socket gave no answer in {WAKING} s: try again when the machine is less busy.")


def through(url: str, pictures: list[bytes], seconds: float = SECONDS) -> tuple[float, list[float]]:
    """Answers a second, and milliseconds from each picture's sending to its answer; the newest of a camera's is sent
    when an answer makes room."""
    origin = Origin(url.rstrip("/"))
    sent: deque[tuple[int, float]] = deque()
    delays: list[float] = []
    with connect(f"ws://{urlsplit(url).netloc}/live", origin=origin, compression=None) as socket:
        socket.send(json.dumps({"ask": {"view": "picture", "visitor": "bench"}}))
        _wake(socket, pictures[0])
        began = time.perf_counter()
        starts, last = began + SETTLE_S, -1
        while (now := time.perf_counter()) < starts + seconds:
            newest = int((now - began) / CAMERA_S)
            while sent and now - sent[0][1] > 1:
                sent.popleft()
            if newest > last and len(sent) < ON_THEIR_WAY:
                last = newest
                socket.send(newest.to_bytes(4, "big") + pictures[newest % len(pictures)])
                sent.append((newest, time.perf_counter()))
            try:
                said = json.loads(socket.recv(max(0.0, began + (newest + 1) * CAMERA_S - time.perf_counter())))
            except TimeoutError:
                continue
            if "trouble" in said or "bye" in said:
                raise Mistake(f"The live socket said: {said.get('trouble') or said['bye']}")
            while sent and sent[0][0] <= said.get("answer", -1):
                number, left = sent.popleft()
                if number == said["answer"] and left >= starts:
                    delays.append((time.perf_counter() - left) * 1e3)
    return len(delays) / seconds, delays
