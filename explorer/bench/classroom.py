"""A class of thirty at one server: what all of them get through their sockets, against the same work with none."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.parse import urlsplit

import psutil
from websockets.asyncio.client import connect
from websockets.typing import Origin

from explorer.bench.live import APP, serving
from explorer.bench.live_socket import jpegs
from explorer.drawing.live import LIVE_VIEWS
from explorer.drawing.wire import as_text, pane_json
from explorer.engine.engine import LocalEngine
from explorer.errors import Failure
from explorer.records.frame import Frame
from explorer.sources.image import read_image

BETTER = "higher"
AGAINST = "as many streams decoded, batched, answered and put into words in one process with no sockets"
CLIENTS = 30
SETTLE_S, SECONDS, LOOP_S = 10.0, 60.0, 15.0
ASKED = (("picture", ""), ("classify", "street_alexnet"))
ON_THEIR_WAY = 2
PATIENCE_S = 1.0
"""A picture not answered by then was overtaken by a newer one."""
MEGA = 1e6


def measure() -> tuple[list[dict[str, Any]], float]:
    """Answers a second of all clients together, of the slowest against their mean, and what the server's memory grew
    by in megabytes; the ratio is the worse of the two views'. Raises Failure where a client was sent away."""
    pictures = jpegs()
    rows: list[dict[str, Any]] = []
    for view, model in ASKED:
        before = in_loops(pictures, view, model)
        with serving(APP) as url:
            counts, grew = asyncio.run(_class(url, pictures, view, model))
        total, alone = sum(counts) / SECONDS, mean((before, in_loops(pictures, view, model)))
        rows.append(
            {
                "view": view,
                "clients": CLIENTS,
                "seconds": SECONDS,
                "per_s": total,
                "loop_per_s": alone,
                "slowest_of_mean": min(counts) / mean(counts) if sum(counts) else 0.0,
                "grew_mb": grew,
                "ratio": total / alone,
            }
        )
    return rows, min(row["ratio"] for row in rows)


async def _class(url: str, pictures: Sequence[bytes], view: str, model: str) -> tuple[list[int], float]:
    """Answers each client had, and megabytes the server grew by meanwhile."""
    starts = time.perf_counter() + SETTLE_S
    clients = [
        _client(url, pictures, {"view": view, "model": model, "visitor": f"{i}"}, starts) for i in range(CLIENTS)
    ]
    coming = asyncio.gather(*clients)
    server = _server()
    await asyncio.sleep(SETTLE_S)
    before = server.memory_info().rss
    counts = await coming
    return counts, (server.memory_info().rss - before) / MEGA


async def _client(url: str, pictures: Sequence[bytes], asked: dict[str, str], starts: float) -> int:
    """Answers between `starts` and its end; a new picture is sent as soon as fewer than two are on their way."""
    address, number, answers = urlsplit(url).netloc, 0, 0
    sent: deque[int] = deque()
    origin = Origin(f"http://{address}")
    async with connect(f"ws://{address}/live", origin=origin, compression=None, max_size=None) as socket:
        await socket.send(json.dumps({"ask": asked}))
        while time.perf_counter() < starts + SECONDS:
            while len(sent) < ON_THEIR_WAY:
                await socket.send(number.to_bytes(4, "big") + pictures[number % len(pictures)])
                sent.append(number)
                number += 1
            try:
                said = json.loads(await asyncio.wait_for(socket.recv(), PATIENCE_S))
            except TimeoutError:
                sent.clear()
                continue
            if "trouble" in said or "bye" in said:
                raise Failure(f"A client was told: {said.get('trouble') or said['bye']}")
            if "answer" in said:
                while sent and sent[0] <= said["answer"]:
                    sent.popleft()
                answers += time.perf_counter() >= starts
    return answers


def _server() -> psutil.Process:
    """The page this process serves."""
    return next(child for child in psutil.Process().children() if Path(APP).name in " ".join(child.cmdline()))


def in_loops(pictures: Sequence[bytes], view: str, model: str) -> float:
    """Answers a second of the same streams with no sockets between; measured on both sides of the class's minute, for
    a machine's pace changes."""
    engine, shown = LocalEngine(outputs=0), LIVE_VIEWS[view]
    question = shown.question(model, "", "fp32")
    if model:
        engine.network(model)
    ends = time.perf_counter() + LOOP_S

    def frames() -> Iterator[Frame]:
        number = 0
        while time.perf_counter() < ends:
            yield read_image(pictures[number % len(pictures)])
            number += 1

    def one(visitor: int) -> int:
        done = 0
        for _, answer in engine.stream(frames(), question, ahead=ON_THEIR_WAY, visitor=str(visitor)):
            as_text({"panes": [pane_json(pane) for pane in shown.draw(answer, "").panes]})
            done += 1
        return done

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as people:
        done = sum(people.map(one, range(CLIENTS)))
    spent = time.perf_counter() - began
    engine.close()
    return done / spent
