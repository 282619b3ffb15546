"""LeNet-5, the recipe that trains it, and the weights that recipe left."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn

from explorer.models.lenet import LeNet5, digits_lenet5
from explorer.records.card import Card, read_card
from explorer.training.data import Batch
from explorer.training.digits import exam
from explorer.training.digits.data import HELD_OUT, DrawnDigits
from explorer.training.digits.draw import digits
from explorer.training.forward import judged
from explorer.training.objective import objective
from explorer.training.recipe import recipes
from explorer.training.result import load_result
from tests.training.small import registry, trained

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "weights"
CARD = ASSETS / "digits_lenet5.json"


def top1(module: nn.Module, card: Card, pictures: np.ndarray, labels: np.ndarray) -> float:
    return judged(module, [Batch(pictures[..., None], labels)], objective("classify"), card.preparation)["top1"]


def test_lenet_has_the_printed_number_of_weights_and_maps() -> None:
    module = digits_lenet5(10)
    assert isinstance(module, LeNet5) and sum(p.numel() for p in module.parameters()) == 44_426
    shapes = []
    x = torch.zeros(2, 1, 28, 28)
    for layer in module.features:
        x = layer(x)
        shapes.append(tuple(x.shape[1:]))
    assert shapes[::3] == [(6, 24, 24), (16, 8, 8)] and shapes[2::3] == [(6, 12, 12), (16, 4, 4)]
    assert module(torch.zeros(2, 1, 28, 28)).shape == (2, 10) and digits_lenet5(3)(torch.zeros(1, 1, 28, 28)).shape == (
        1,
        3,
    )


def test_a_tiny_form_of_the_recipe_learns_and_gives_the_same_figures_again(tmp_path: Path) -> None:
    recipe = replace(recipes().get("digits_lenet5"), data=DrawnDigits(1000, 200), epochs=4, batch=20)
    first, again = (trained(recipe, tmp_path / name, data=tmp_path / "data") for name in "ab")
    assert first == again
    a, b = (read_card(tmp_path / name / "digits_lenet5.json") for name in "ab")
    assert a.metrics == b.metrics and a.metrics["top1"] > 0.7


def test_the_bundled_weights_are_what_their_card_says() -> None:
    module, card = load_result(CARD, registry())
    assert card.recipe == recipes().get("digits_lenet5").as_json() and card.name == "digits_lenet5"
    kept = safetensors.torch.load_file(CARD.with_suffix(".safetensors"))
    assert sum(tensor.numel() for tensor in kept.values()) == 44_426
    assert {tensor.dtype for tensor in kept.values()} == {{"fp16": torch.float16, "fp32": torch.float32}[card.stored]}
    assert CARD.with_suffix(".safetensors").stat().st_size < 200_000
    pictures, labels = digits(range(HELD_OUT, HELD_OUT + 1000))
    assert top1(module, card, pictures, labels) == pytest.approx(card.metrics["top1"], abs=0.012)


def test_a_measurement_on_foreign_digits_goes_into_the_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (CARD, CARD.with_suffix(".safetensors")):
        shutil.copy(file, tmp_path)
    pictures, labels = digits(range(20))
    wrong = np.concatenate([labels[:15], (labels[15:] + 1) % 10])
    pictures.setflags(write=False)
    monkeypatch.setattr(exam, "read_mnist", lambda *_: (pictures, wrong))
    reached = exam.record_mnist(tmp_path / CARD.name, tmp_path, registry())
    assert reached == pytest.approx(0.75, abs=0.051)
    assert read_card(tmp_path / CARD.name).metrics[exam.METRIC] == reached


@pytest.mark.real
def test_the_bundled_weights_read_mnists_digits(real: Path) -> None:
    reached = exam.mnist_top1(CARD, real / "mnist", registry())
    assert reached >= 0.94 and reached == pytest.approx(read_card(CARD).metrics[exam.METRIC], abs=0.0005)
