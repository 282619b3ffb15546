"""How well a network that has seen drawn digits only reads MNIST's: foreign hands, measured and never trained on."""

from __future__ import annotations

from pathlib import Path

from explorer.models.registry import Registry
from explorer.training.data import Batch
from explorer.training.digits.mnist import LOOKED_AT, read_mnist
from explorer.training.forward import judged
from explorer.training.objective import objective
from explorer.training.result import add_metrics, load_result

METRIC = "mnist_8000_top1"


def mnist_top1(card: Path, folder: Path, registry: Registry | None = None) -> float:
    """Share of MNIST's last 8,000 test digits that the network of a card reads right. Raises BadPicture, BadWeights."""
    module, known = load_result(card, registry)
    pictures, labels = read_mnist(folder, LOOKED_AT)
    batch = Batch(pictures[..., None], labels)
    return judged(module, [batch], objective("classify"), known.preparation)["top1"]


def record_mnist(card: Path, folder: Path, registry: Registry | None = None) -> float:
    """Measure, and write the figure into the card."""
    reached = mnist_top1(card, folder, registry)
    add_metrics(card, {METRIC: reached})
    return reached
