"""Files that appear whole or not at all, whatever kills the writer."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from explorer.errors import Failure


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` under `path` in one step: whoever reads finds the old file or the new one. Raises Failure."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        draft = Path(name)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.chmod(0o644)  # mkstemp lets nobody else read
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Failure(f"{path} could not be written ({error.strerror}): make room or choose another folder.") from error
