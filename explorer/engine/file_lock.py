"""A lock between processes and threads, held on a file beside the one it is about; it ends with its process."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _claim(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _claim(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """The right to write `path`, asked for through `path.lock`."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        self._handle = -1

    def acquire(self) -> bool:
        """Take it if it is free, without waiting. Raises OSError where the folder cannot be written."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _claim(handle)
            # the last holder may have removed the file between the two lines above
            if os.path.samestat(os.fstat(handle), self._path.stat()):
                self._handle = handle
                return True
        except (BlockingIOError, PermissionError, FileNotFoundError):
            pass
        os.close(handle)
        return False

    def release(self) -> None:
        """Give it back and clear the file away."""
        if self._handle >= 0:
            with suppress(OSError):
                self._path.unlink()
            os.close(self._handle)
            self._handle = -1
