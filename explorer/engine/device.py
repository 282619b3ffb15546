"""Where networks run."""

from __future__ import annotations

import os
import platform
import threading
from pathlib import Path

import torch

from explorer.contract import DeviceCard
from explorer.engine.zero_gpu import lent_pass
from explorer.errors import Mistake

KINDS = ("cuda", "mps", "cpu")
AT_ONCE = 2
"""Passes on a processor: two on half of its cores each are done sooner than one after the other on all of them, for
cores that share every operation wait for each other at each of them."""


def available() -> tuple[str, ...]:
    """Kinds of device this machine has, the fastest first."""
    has = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return tuple(kind for kind in KINDS if has[kind])


def choose(wanted: str = "auto") -> torch.device:
    """The device of the wanted kind, or the fastest. Raises Mistake when it is not here.

    Where a GPU is only lent for a pass, networks are kept on the processor.
    """
    here = available()
    if lent_pass() is not None and wanted in ("auto", "cuda"):
        return torch.device("cpu")
    if wanted == "auto":
        return torch.device(here[0])
    if wanted not in KINDS:
        raise Mistake(f"There is no kind of device called {wanted!r}: choose auto, cuda, mps or cpu.")
    if wanted not in here:
        raise Mistake(f"This machine has no {wanted} device that torch can use: choose {' or '.join(here)}.")
    return torch.device(wanted)


def exactly() -> None:
    """What is asked in fp32 is computed in fp32 from now on: convolutions on a GPU would be in TF32, of 10 bits."""
    torch.backends.cudnn.allow_tf32 = False


def use_threads(count: int) -> None:
    """How many cores the processor's own arithmetic may take from now on."""
    torch.set_num_threads(count)


def take_cores(count: int, whole: int) -> None:
    """How many cores this thread's arithmetic takes from now on; threads that begin later take the `whole`."""
    torch.get_num_threads()  # a thread's first look at it sets it
    torch.set_num_threads(count)
    if count != whole:  # torch gives a new thread what was last asked for, by whomever
        last = threading.Thread(target=torch.set_num_threads, args=(whole,))
        last.start()
        last.join()


def card(device: torch.device) -> DeviceCard:
    """Name and memory of a device."""
    if lent_pass() is not None and device.type == "cpu":
        return DeviceCard("cuda", "a GPU lent for each pass (ZeroGPU)")
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return DeviceCard("cuda", properties.name, properties.total_memory)
    if device.type == "mps":
        return DeviceCard("mps", platform.processor() or "Apple GPU", int(torch.mps.recommended_max_memory()))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if _posix() else 0
    return DeviceCard("cpu", _processor(), memory, at_once=min(AT_ONCE, torch.get_num_threads()))


def _posix() -> bool:
    return hasattr(os, "sysconf")


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return f"{line.partition(':')[2].strip()}, {os.cpu_count()} cores"
    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
