"""Files appear whole or not at all; a card says everything and takes nothing else."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from explorer.errors import BadWeights, Failure
from explorer.records.card import Card, Preparing, read_card
from explorer.training.atomic import write_whole
from explorer.training.shelf import check_weights, write_card

WEIGHTS = b"weights"


def card(**changes: Any) -> Card:
    fields: dict[str, Any] = {
        "name": "digits",
        "model": "lenet5",
        "recipe": {"batch": 8, "schedule": {"peak": 0.1}, "augment": ["shift"]},
        "seed": 7,
        "data": "Digits, drawn.",
        "commit": "0123456789ab",
        "metrics": {"top1": 0.975},
        "date": "2026-01-02",
        "classes": ("0", "eins"),
        "input": (28, 28),
        "preparation": Preparing((0.13,), (0.31,), (28, 28), 1),
        "stored": "fp16",
        "sha256": hashlib.sha256(WEIGHTS).hexdigest(),
    }
    return Card(**{**fields, **changes})


def test_a_write_that_fails_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deep" / "file"
    write_whole(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Failure, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old" and list(path.parent.iterdir()) == [path]


def test_the_new_file_is_complete_before_it_bears_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")
    seen: list[tuple[bytes, bytes]] = []
    move = Path.replace

    def watched(draft: Path, target: Path) -> Path:
        seen.append((draft.read_bytes(), Path(target).read_bytes()))
        assert draft.parent == Path(target).parent
        return move(draft, target)

    monkeypatch.setattr(Path, "replace", watched)
    write_whole(path, b"new")
    assert seen == [(b"new", b"old")] and path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_card_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "digits.json"
    write_card(card(), path)
    assert read_card(path) == card()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda found: found.pop("seed"), "missing seed"),
        (lambda found: found.update(more=1), "unknown more"),
        (lambda found: found["preparation"].pop("mean"), "missing mean"),
        (lambda found: found.update(name=3), "a text was wanted"),
        (lambda found: found.update(metrics=[1]), "not a card"),
        (lambda found: found.update(input=[28]), "not a card"),
        (lambda found: found.update(sha256="abc"), "SHA-256"),
    ],
)
def test_what_is_no_card_is_refused_in_one_sentence(tmp_path: Path, change: Any, word: str) -> None:
    path = tmp_path / "digits.json"
    write_card(card(), path)
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))
    with pytest.raises(BadWeights, match=word):
        read_card(path)


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00\xff"])
def test_a_file_that_is_no_json_object_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "digits.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(BadWeights, match="not a card"):
        read_card(path)
    with pytest.raises(BadWeights, match="cannot be read"):
        read_card(tmp_path / "none.json")


@pytest.mark.parametrize(
    "changes", [{"metrics": {"top1": float("nan")}}, {"classes": ("a", "a")}, {"classes": ()}, {"sha256": "0" * 63}]
)
def test_a_card_that_cannot_be_true_is_not_made(changes: Any) -> None:
    with pytest.raises(BadWeights):
        card(**changes)
    with pytest.raises(BadWeights, match="channels"):
        Preparing((0.1, 0.2, 0.3), (1.0,), (8, 8), 3)


def test_weights_that_are_not_the_cards_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "digits.safetensors"
    path.write_bytes(WEIGHTS)
    check_weights(card(), path)
    path.write_bytes(WEIGHTS + b"!")
    with pytest.raises(BadWeights, match="not the file its card speaks of"):
        check_weights(card(), path)
    with pytest.raises(BadWeights, match="cannot be read"):
        check_weights(card(), tmp_path / "none")
