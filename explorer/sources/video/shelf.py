"""Visitors' videos while they are worked on: each alone in a folder of ours, under a name nobody can guess, and soon
gone."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from explorer.errors import Failure, Mistake
from explorer.sources.video.about import OWNER, VideoAbout, VideoLimits

KEPT_S = 600.0
"""An upload that nobody works on, and what was made of one, are gone after so long."""
MOST_ITEMS = 64
LEAST_FREE = 1_000_000_000
"""Bytes that stay free on the disk, whoever asks."""


@dataclass(eq=False)
class Item:
    """One visitor's video. source: its file; made: the film's, where there is one; stop: set when nobody wants it."""

    id: str
    name: str
    folder: Path
    about: VideoAbout | None = None
    size: int = 0
    used: float = field(default_factory=time.monotonic)
    held: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def source(self) -> Path:
        return self.folder / "source"

    @property
    def made(self) -> Path:
        return self.folder / "made.mp4"


class Shelf:
    """All of them. limits: of one video; quota: bytes of all of them together, None for as much as the disk has.

    The folder is made when the first comes, so that a server that has none leaves no trace.
    """

    def __init__(self, limits: VideoLimits = OWNER, quota: int | None = None, kept_s: float = KEPT_S) -> None:
        self.limits, self._quota, self._kept_s = limits, quota, kept_s
        self._items: dict[str, Item] = {}
        self._lock = threading.Lock()
        self._watch: threading.Timer | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def open(self, name: str) -> Item:
        """A place for one more. Raises Failure where there is no room."""
        self.sweep()
        with self._lock:
            if len(self._items) >= MOST_ITEMS:
                raise Failure("There are as many videos here as this server holds: try again in ten minutes.")
            try:
                if self._folder is None:
                    self._folder = tempfile.TemporaryDirectory(prefix="fovea-videos-", ignore_cleanup_errors=True)
                item = Item(secrets.token_urlsafe(24), name, Path(self._folder.name) / secrets.token_hex(8))
                item.folder.mkdir(mode=0o700)
            except OSError as error:
                raise _no_room() from error
            self._items[item.id] = item
            self._watched()
        return item

    def written(self, item: Item) -> None:
        """Count the film that was made, too."""
        with self._lock, contextlib.suppress(OSError):
            item.size = sum(file.stat().st_size for file in (item.source, item.made) if file.exists())

    def grow(self, item: Item, more: int) -> None:
        """Count bytes before they are written. Raises Mistake over the limit of one, Failure where there is no room."""
        most = self.limits.max_bytes
        if most is not None and item.size + more > most:
            raise Mistake(f"The video has more than {most / 1e6:g} MB: cut out a part and give that.")
        with self._lock:
            if self._quota is not None and sum(one.size for one in self._items.values()) + more > self._quota:
                raise Failure("Others' videos fill what this server has for them: try again in ten minutes.")
            item.size += more
            item.used = time.monotonic()
        if self._folder is not None and shutil.disk_usage(self._folder.name).free < LEAST_FREE + more:
            raise _no_room()

    def get(self, key: str) -> Item:
        """The item with this id, which is in use by that. Raises Mistake where it is gone."""
        self.sweep()
        with self._lock:
            item = self._items.get(key)
            if item is None:
                raise Mistake("That video is no longer here: choose it again.")
            item.used = time.monotonic()
            return item

    @contextlib.contextmanager
    def held(self, key: str) -> Iterator[Item]:
        """The item, which stays while it is worked on. Raises Mistake where it is gone."""
        item = self.get(key)
        with self._lock:
            item.held += 1
        try:
            yield item
        finally:
            with self._lock:
                item.held -= 1
                item.used = time.monotonic()
                gone = item.id not in self._items and not item.held
            if gone:
                _cleared(item)

    def drop(self, key: str) -> None:
        """Nobody wants it any more: its work stops and its files go. Nothing where there is none."""
        with self._lock:
            item = self._items.pop(key, None)
        if item is not None:
            item.stop.set()
            if not item.held:
                _cleared(item)

    def sweep(self) -> None:
        """Drop what nobody has used for KEPT_S."""
        oldest = time.monotonic() - self._kept_s
        with self._lock:
            stale = [one.id for one in self._items.values() if not one.held and one.used < oldest]
        for key in stale:
            self.drop(key)

    def _watched(self) -> None:
        """Have it swept even if nobody comes any more."""
        if self._watch is None or not self._watch.is_alive():
            self._watch = threading.Timer(self._kept_s, self._again)
            self._watch.daemon = True
            self._watch.start()

    def _again(self) -> None:
        self.sweep()
        with self._lock:
            self._watch = None
            if self._items:
                self._watched()

    def close(self) -> None:
        """Drop everything."""
        for key in list(self._items):
            self.drop(key)
        with self._lock:
            if self._watch is not None:
                self._watch.cancel()
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None


def _cleared(item: Item) -> None:
    shutil.rmtree(item.folder, ignore_errors=True)


def _no_room() -> Failure:
    return Failure("This server's disk has no room for a video: try again later, or make room.")
