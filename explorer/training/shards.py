"""Labelled pictures made once from seeds and kept in files, a shard of seeds each."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from explorer.errors import Mistake
from explorer.records.frame import Pixels
from explorer.records.question import Progress
from explorer.training.atomic import write_whole

Labelled = tuple[Pixels, NDArray[np.int64]]
Make = Callable[[range], Labelled]


@dataclass(frozen=True)
class Shards:
    """What is made of some seeds, in one folder.

    name: what the files are called and progress says; make: uint8 (n, ...) pictures and int64 (n,) labels of seeds, a
    function at the top of its module, so that other processes can be given it; size: seeds a file.
    """

    name: str
    make: Make
    size: int

    def prepare(self, folder: Path, parts: Sequence[range]) -> Iterator[Progress]:
        """Make the shards that are not there or were made by another version of the code, one process a core."""
        shards = [shard for part in parts for shard in self._cut(part)]
        todo = [shard for shard in shards if not self._fresh(folder, shard)]
        total = sum(len(shard) for shard in shards)
        done = total - sum(len(shard) for shard in todo)
        yield Progress(f"making {self.name}", done, total)
        for shard in self._made(folder, todo):
            done += len(shard)
            yield Progress(f"making {self.name}", done, total)

    def read(self, folder: Path, part: range) -> Labelled:
        """All that was made of these seeds. Raises Mistake where a shard is missing or damaged."""
        return together(self.parts(folder, part))

    def parts(self, folder: Path, part: range) -> list[Labelled]:
        """The same, shard by shard, for what will be put together with more."""
        return [_read(self._place(folder, shard)) for shard in self._cut(part)]

    def _made(self, folder: Path, todo: list[range]) -> Iterator[range]:
        workers = min(os.cpu_count() or 1, len(todo))
        if workers < 2:
            for shard in todo:
                yield self._write(folder, shard)
            return
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            try:
                jobs: list[Future[range]] = [pool.submit(self._write, folder, shard) for shard in todo]
                for job in as_completed(jobs):
                    yield job.result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _write(self, folder: Path, shard: range) -> range:
        pictures, labels = self.make(shard)
        file = io.BytesIO()
        np.savez(file, pictures=pictures, labels=labels)
        write_whole(self._place(folder, shard), file.getvalue())
        return shard

    def _cut(self, part: range) -> list[range]:
        return [range(first, min(first + self.size, part.stop)) for first in range(part.start, part.stop, self.size)]

    def _place(self, folder: Path, shard: range) -> Path:
        return folder / f"{self.name.replace(' ', '-')}-{shard.start:08d}-{shard.stop:08d}.npz"

    def _fresh(self, folder: Path, shard: range) -> bool:
        """Whether a shard is there and what its last seed gave is what the code makes today."""
        path = self._place(folder, shard)
        if not path.exists():
            return False
        pictures, labels = _read(path)
        last, their_labels = self.make(shard[-1:])
        n = len(pictures) - len(last)
        return n >= 0 and np.array_equal(labels[n:], their_labels) and np.array_equal(pictures[n:], last)


def together(parts: Sequence[Labelled]) -> Labelled:
    """Their pictures and labels one after another, copied once: there may be gigabytes of them."""
    return np.concatenate([pictures for pictures, _ in parts]), np.concatenate([labels for _, labels in parts])


def _read(path: Path) -> Labelled:
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as found:
            return found["pictures"], found["labels"]
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise Mistake(f"{path} does not hold labelled pictures ({error}): delete it and train again.") from error
