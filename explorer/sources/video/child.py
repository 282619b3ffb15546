"""The decoder's own process: its command line says what to do, and what it finds goes to stdout.

A crash of a native decoder ends this process and no other; its memory, its time and its open files are bounded.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from io import FileIO, RawIOBase
from typing import Any

from explorer.errors import ExplorerError
from explorer.sources.video.about import VideoLimits
from explorer.sources.video.container import Container
from explorer.sources.video.wire import send

MEMORY = 4 << 30
"""Bytes of addresses: the largest H.264 and its threads' stacks are below it, and a bomb is not."""
FILES = 32


def bounded(work: int | None, writes: bool = False) -> None:
    """Let this process take so much and no more, where the system can be told.

    work: seconds of the processor; writes: whether it may write files.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = [(resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_NOFILE, FILES), (resource.RLIMIT_CORE, 0)]
    wanted += [(resource.RLIMIT_CPU, work)] if work else []
    wanted += [] if writes else [(resource.RLIMIT_FSIZE, 0)]
    for what, most in wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, resource.getrlimit(what)[1]))


def main(arguments: list[str]) -> int:
    """`frames` or `sound`, and a JSON object that says of what. The exit code is 0 where all was told."""
    task, given = arguments[0], json.loads(arguments[1])
    pipe = FileIO(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not be taken for a message
    try:
        if task == "frames":
            _frames(given, pipe)
        else:
            from explorer.sources.video.soundtrack import joined

            bounded(None, writes=True)
            send(pipe, {"end": joined(**given)})
    except BrokenPipeError:
        return 1  # nobody reads on
    except ExplorerError as error:
        send(pipe, {"refused": str(error)})
    except MemoryError:
        send(pipe, {"refused": "The video needs more memory than there is for one: make it smaller and give that."})
    return 0


def _frames(given: dict[str, Any], pipe: RawIOBase) -> None:
    from explorer.sources.video.decoding import Decoding, as_json  # imported first: libraries are files too

    limits = VideoLimits(**given["limits"])
    bounded(limits.work)
    decoding = Decoding(given["path"], Container(**given["container"]), limits, given["who"])
    told = False
    for at, pixels in decoding.pictures():
        if not told and decoding.about is not None:
            send(pipe, {"about": as_json(decoding.about)})
            told = True
        send(pipe, {"frame": at, "size": pixels.shape[:2]}, pixels.data.cast("B"))
    send(pipe, {"end": decoding.notes})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
