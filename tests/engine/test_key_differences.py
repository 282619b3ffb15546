"""What a file lacks, has too much of or calls otherwise than the network it is for."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from explorer.engine.key_differences import differences
from explorer.engine.state_dict import read_state_dict
from tests.weights_bytes import state
from tests.weights_files import DIFFERENT, different


def expected() -> dict[str, torch.Size]:
    return {key: tensor.shape for key, tensor in state().items()}


def test_equal_state_dicts_differ_in_nothing() -> None:
    assert differences(expected(), state()) == ""
    assert differences({}, {}) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("W07 missing", "1 missing (conv.weight (4, 3, 3, 3))"),
        ("W07 extra", "1 extra (head.weight (7, 7))"),
        ("W07 renamed", "2 renamed (fc.bias is here classifier.bias, fc.weight is here classifier.weight)"),
        ("W07 module prefix", "save model.module.state_dict()"),
        ("W07 other prefix", "Every name begins with `net.backbone.`"),
        ("W07 transposed", "fc.weight (4, 5) for (5, 4)"),
        ("W07 wrong shape", "conv.bias (1000,) for (4,)"),
    ],
)
def test_w07_differences_are_told(tmp_path: Path, name: str, words: str) -> None:
    told = differences(expected(), read_state_dict(different(name, state(), tmp_path)))
    assert words in told
    assert "\n" not in told
    assert len(told) < 400


def test_every_row_of_w07_has_its_words() -> None:
    for name, change in DIFFERENT.items():
        assert differences(expected(), change(state())) != "", name


def test_many_differences_are_counted() -> None:
    want = {f"layer{index}.weight": torch.Size((index + 1,)) for index in range(100)}
    told = differences(want, {})
    assert "100 missing (layer0.weight (1,), layer1.weight (2,), layer2.weight (3,) and 97 more)" in told


def test_the_data_parallel_hint_comes_with_the_rest() -> None:
    found = {f"module.{key}": value for key, value in list(state().items())[1:]}
    told = differences(expected(), found)
    assert "model.module.state_dict()" in told
    assert "1 missing (conv.weight" in told


def test_strange_names_are_shown_escaped() -> None:
    assert "\\x1b" in differences(expected(), {"\x1b[31m": torch.ones(1)})
