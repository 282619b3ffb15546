"""What a network is trained for: a loss to make small and metrics to judge it by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from explorer.errors import UnknownName
from explorer.training.spatial import Spatial
from explorer.training.yolo import Yolo

if TYPE_CHECKING:
    from explorer.training.recipe import Recipe


class Objective(Protocol):
    """A loss, and metrics as means over pictures; the first metric decides which weights are best, higher is better."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Their names, the deciding one first."""

    def form(self, module: nn.Module) -> nn.Module:
        """The network as it is run to learn and to be judged; its weights are the module's own."""

    def loss(self, outputs: Any, targets: Any, recipe: Recipe) -> Tensor:
        """A scalar, the mean over the batch."""

    def measure(self, outputs: Any, targets: Any) -> Tensor:
        """Sums over the batch, float64 (metrics,)."""


class Classify:
    """Softmax cross entropy over logits (n, classes); top-1 and top-5 as fractions, and the loss unsmoothed."""

    metrics = ("top1", "top5", "loss")

    def form(self, module: nn.Module) -> nn.Module:
        """As it is."""
        return module

    def loss(self, outputs: Tensor, targets: Any, recipe: Recipe) -> Tensor:
        """Mean cross entropy against int64 (n,) class indices, with the recipe's label smoothing."""
        truth = torch.as_tensor(targets, device=outputs.device)
        return F.cross_entropy(outputs.float(), truth, label_smoothing=recipe.label_smoothing)

    def measure(self, outputs: Tensor, targets: Any) -> Tensor:
        """Right answers, right ones among five, and summed loss."""
        truth = torch.as_tensor(targets, device=outputs.device)
        best = outputs.topk(min(5, outputs.shape[1]), dim=1).indices == truth[:, None]
        loss = F.cross_entropy(outputs.float(), truth, reduction="sum")
        return torch.stack([best[:, 0].sum().double(), best.sum().double(), loss.double()]).cpu()


OBJECTIVES: dict[str, Objective] = {"classify": Classify(), "spatial": Spatial(), "yolo": Yolo()}


def objective(name: str) -> Objective:
    """Raises UnknownName."""
    if name not in OBJECTIVES:
        raise UnknownName("objective", name, OBJECTIVES)
    return OBJECTIVES[name]


def means(sums: Iterable[tuple[Tensor, int]], names: tuple[str, ...]) -> dict[str, float]:
    """Metrics by name from sums over batches and their sizes."""
    total, count = np.zeros(len(names)), 0
    for part, size in sums:
        total += part.numpy()
        count += size
    return {name: float(value) / max(count, 1) for name, value in zip(names, total, strict=True)}
