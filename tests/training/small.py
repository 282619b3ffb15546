"""A very small recipe, with everything in it that a resumed run could get wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from explorer.contract import ModelCard
from explorer.models.lenet import digits_lenet5
from explorer.models.registry import Entry, Registry
from explorer.records.card import Preparing
from explorer.records.question import Progress
from explorer.training.data import Arrays, Batch
from explorer.training.loop import train
from explorer.training.recipe import Recipe, Schedule


class Small(nn.Module):
    """A convolution, running statistics, chance."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 4, 3),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(6),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(144, classes),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.layers(x)
        return y


@dataclass(frozen=True)
class Squares:
    """Noise with a bright square in one of four corners: the corner is the class."""

    count: int = 72

    def sentence(self) -> str:
        return f"{self.count} bright corners"

    def prepare(self, folder: Path) -> Iterator[Progress]:
        yield Progress("squares", self.count, self.count)

    def open(self, folder: Path, batch: int) -> Arrays:
        rng = np.random.Generator(np.random.PCG64(4))
        pictures = rng.integers(0, 120, (self.count + 24, 8, 8, 1), dtype=np.uint8)
        labels = rng.integers(0, 4, self.count + 24)
        for picture, label in zip(pictures, labels, strict=True):
            row, column = divmod(int(label), 2)
            picture[4 * row : 4 * row + 3, 4 * column : 4 * column + 3] += 90
        n = self.count
        return Arrays(Batch(pictures[:n], labels[:n]), Batch(pictures[n:], labels[n:]), batch)


def small(**changes: Any) -> Recipe:
    """Five epochs of nine steps."""
    fields: dict[str, Any] = {
        "name": "small_squares",
        "model": "small",
        "data": Squares(),
        "classes": ("nw", "ne", "sw", "se"),
        "preparation": Preparing((0.3,), (0.2,), (8, 8), 1),
        "schedule": Schedule(0.02, warm_up=0.1),
        "batch": 8,
        "epochs": 5,
        "seed": 11,
        "weight_decay": 0.01,
        "label_smoothing": 0.1,
        "augment": ("shift",),
    }
    return Recipe(**{**fields, **changes})


def registry() -> Registry:
    """`small`, and LeNet-5 under its own name."""
    made = Registry()
    made.add(Entry(ModelCard("small", "Small", 2000, "nobody", "Almost nothing.", input=(8, 8)), Small))
    made.add(
        Entry(ModelCard("digits_lenet5", "LeNet", 1998, "LeCun et al.", "Convolution.", input=(28, 28)), digits_lenet5)
    )
    return made


class StopAfter:
    """Set once it has been asked `asks` times."""

    def __init__(self, asks: int) -> None:
        self.left = asks

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


def trained(recipe: Recipe, out: Path, **options: Any) -> bytes:
    """The weights file of a whole run."""
    for _ in train(recipe, out, registry=registry(), **options):
        pass
    return (out / f"{recipe.name}.safetensors").read_bytes()
