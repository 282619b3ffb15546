"""How long until the page is served, against a page of Gradio's that says hello."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

BETTER = "lower"
AGAINST = "hello-world Gradio"
RUNS = 5
PATIENCE_S = 60
HELLO = "import sys, gradio as gr; gr.Interface(lambda s: s, 'text', 'text').launch(server_port=int(sys.argv[1]))"
APP = Path(__file__).resolve().parents[2] / "app.py"


def measure() -> tuple[list[dict[str, Any]], float]:
    """Seconds from starting the process to a page that has been served, in turns; medians."""
    hello: list[float] = []
    ours: list[float] = []
    for _ in range(RUNS):
        hello.append(seconds_to_page([sys.executable, "-c", HELLO], "{port}"))
        ours.append(seconds_to_page([sys.executable, str(APP), "--port"], "{port}"))
    rows = [{"page": "hello", "seconds": median(hello)}, {"page": "fovea", "seconds": median(ours)}]
    return rows, median(ours) / median(hello)


def seconds_to_page(command: list[str], port_argument: str) -> float:
    """Start a server, wait for its page, end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, port_argument.format(port=port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"},
    )
    try:
        return first_page(f"http://127.0.0.1:{port}/", process, began)
    finally:
        process.terminate()
        process.wait()


def first_page(url: str, process: subprocess.Popen[bytes], began: float) -> float:
    """Seconds since `began` when a page comes from there. Raises RuntimeError where none will."""
    while time.perf_counter() - began < PATIENCE_S:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it served a page")
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE_S) as page:
                page.read()
            return time.perf_counter() - began
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise RuntimeError(f"no page at {url} within {PATIENCE_S} s")
