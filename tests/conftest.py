"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.weight_host import weight_host

__all__ = ["weight_host"]

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a process a core: more threads would only wait for each other


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for weights, so that no test sees what this machine happens to have."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path / "torch" / "hub" / "checkpoints"


@pytest.fixture(scope="session")
def real() -> Path:
    """Real weights and pictures; the test is skipped where there are none."""
    folder = os.environ.get("EXPLORER_REAL")
    if not folder:
        pytest.skip("EXPLORER_REAL names no folder of real weights and pictures")
    return Path(folder).resolve()


@pytest.fixture(autouse=True)
def _no_mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("EXPLORER_MIRROR", raising=False)
    yield
