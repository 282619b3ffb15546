"""A lock that lies in a file, and a file that may be gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.engine import file_lock


def test_a_lock_file_that_was_removed_meanwhile_locks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = file_lock._claim

    def claim_after_the_last_holder_left(handle: int) -> None:
        claim(handle)
        (tmp_path / "net.pth.lock").unlink()

    lock = file_lock.FileLock(tmp_path / "net.pth")
    with monkeypatch.context() as patch:
        patch.setattr(file_lock, "_claim", claim_after_the_last_holder_left)
        assert not lock.acquire()
    assert lock.acquire()
    assert not file_lock.FileLock(tmp_path / "net.pth").acquire()
    lock.release()
    assert list(tmp_path.iterdir()) == []
