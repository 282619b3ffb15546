"""Peaks of memory of this process and of the children that work for it, while some steps are taken."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

EVERY_S = 0.02


def peaks_of(steps: Iterable[Any]) -> tuple[Any, float, float]:
    """The last step, and the peaks in MB of this process and of the largest child that was there meanwhile.

    By Linux's VmHWM: getrusage would also tell of whatever the process was before it became itself.
    """
    last, child, done = None, [0.0], threading.Event()

    def look() -> None:
        while not done.wait(EVERY_S):
            child.extend(_peak(one.pid) for one in psutil.Process().children())
            child[:] = [max(child)]

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        for step in steps:
            last = step
    finally:
        done.set()
        looking.join()
    return last, _peak(os.getpid()), child[0]


def _peak(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1e3
    return 0.0
