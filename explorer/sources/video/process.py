"""Starting, hearing and ending the decoder's process."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import weakref
from io import RawIOBase
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from explorer.sources.video.about import LONGEST_SIDE
from explorer.sources.video.wire import receive

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 60.0
"""For one message: a decoder that says nothing for so long has caught itself in a loop."""
_MOST = LONGEST_SIDE * LONGEST_SIDE * 3
_PIPE = 1 << 20
_DYING_S = 5.0


class Decoder:
    """A child that decodes; late: it was ended because it said nothing. Close it, or let go of it."""

    def __init__(self, task: str, given: dict[str, Any]) -> None:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "explorer.sources.video.child", task, json.dumps(given)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
            bufsize=0,
        )
        self._pipe = cast(RawIOBase, self._process.stdout)
        _widen(self._pipe)
        self.late = False
        self._end = weakref.finalize(self, _ended, self._process)

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def hear(self, patience: float = PATIENCE_S) -> tuple[dict[str, Any], NDArray[np.uint8]] | None:
        """The next message; None where the process has ended, or was ended for its silence."""
        watch = threading.Timer(patience, _give_up, (weakref.ref(self),))
        watch.daemon = True
        watch.start()
        try:
            return receive(self._pipe, _MOST)
        except (ValueError, OSError, KeyError, TypeError):
            return None
        finally:
            watch.cancel()

    def fate(self) -> str:
        """Of one that fell silent: how it ended, in words."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_DYING_S)
        self._end()
        code = self._process.returncode
        if self.late:
            return f"it said nothing for {PATIENCE_S:g} s"
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def kill(self) -> None:
        """End it without waiting for that."""
        self._process.kill()

    def close(self) -> None:
        """End it. May be called twice."""
        self._end()


def _give_up(waited_for: weakref.ref[Decoder]) -> None:
    if (decoder := waited_for()) is not None:
        decoder.late = True
        decoder.kill()


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


def _widen(pipe: RawIOBase) -> None:
    """A larger pipe where the system has such: fewer turns between the two processes."""
    try:
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
    except (ImportError, AttributeError, OSError):
        return
