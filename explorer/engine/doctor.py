"""What this machine has, what it lacks, and what to do about it."""

from __future__ import annotations

import os
import platform
import shutil
from importlib import metadata
from pathlib import Path
from typing import Any

from explorer.contract import Engine
from explorer.engine import device as devices
from explorer.engine import weights as shelf

PACKAGES = (
    "torch",
    "torchvision",
    "timm",
    "captum",
    "gradio",
    "plotly",
    "opencv-python",
    "pillow",
    "av",
    "safetensors",
)
ROOM = 2_000_000_000


def examine(engine: Engine) -> dict[str, Any]:
    """Installed packages, devices, weights on this machine, the browser for tests, and advice in sentences."""
    card = engine.device()
    folder = shelf.folder()
    present = [
        {"model": model.name, "weights": weights.name}
        for model in engine.models()
        for weights in model.weights
        if engine.present(model.name, weights.name)
    ]
    installed = {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    return {
        "installed": installed,
        "device": {"kind": card.kind, "name": card.name, "memory": card.memory, "available": list(devices.available())},
        "weights": {"folder": str(folder), "present": present, "free": _free(folder)},
        "browser": browser,
        "advice": _advice(installed, card.kind, present, _free(folder), browser),
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _free(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _advice(installed: dict[str, str], kind: str, present: list[Any], free: int, browser: str | None) -> list[str]:
    advice = []
    gone = [name for name, version in installed.items() if version == "missing"]
    if gone:
        advice.append(f"Missing: {', '.join(gone)}. Run `pip install -r requirements.txt`.")
    if kind == "cpu":
        advice.append("No GPU that torch can use: everything works on the processor, live views more slowly.")
    if not present:
        advice.append("No published weights yet: with a network, `python -m explorer fetch squeezenet1_1` takes 5 MB.")
    if free < ROOM:
        advice.append(f"Only {free / 1e9:.1f} GB are free where weights are kept: set TORCH_HOME to a roomier disk.")
    if os.environ.get("EXPLORER_MIRROR"):
        advice.append(f"Weights are asked of {os.environ['EXPLORER_MIRROR']} (EXPLORER_MIRROR).")
    if browser is None:
        advice.append("No Chromium here: the browser tests will be skipped.")
    advice.append(
        "A browser gives its camera only to pages on localhost or https: for other machines, start the page with "
        "--host 0.0.0.0 --https, or with --share."
    )
    return advice
