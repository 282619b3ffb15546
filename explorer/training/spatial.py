"""Learning at every place of a picture at once; Sermanet et al., OverFeat, ICLR 2014, arXiv:1312.6229, section 4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from explorer.models.overfeat import WINDOW
from explorer.ops.dense import convolutionize

if TYPE_CHECKING:
    from explorer.training.recipe import Recipe

HARD = 3
"""Places of background that are learnt from, for each place of a thing: those that are mistaken most."""
FEWEST = 16
BOX = 4


class Spatial:
    """Cross entropy at the places of things and at the hardest places of background, and l2 of the boxes of things.

    Targets: int64 (n, rows, columns) classes, the last of them background, negative where nothing is learnt; float32
    (n, 4, rows, columns) boxes. Metrics are shares of right places: of things and of background, and their mean.
    """

    metrics = ("balanced", "things", "background", "box_rms")

    def form(self, module: nn.Module) -> nn.Module:
        """The network with its boxes, over maps; weights are shared, and learn."""
        whole, _ = convolutionize(module.with_boxes(), (WINDOW, WINDOW))  # type: ignore[operator]
        return whole

    def loss(self, outputs: Tensor, targets: Any, recipe: Recipe) -> Tensor:
        """Of float (n, classes + 4, rows, columns)."""
        logits, boxes, labels, truth = _split(outputs, targets)
        wrong = F.cross_entropy(logits, labels.clamp(min=0), reduction="none", label_smoothing=recipe.label_smoothing)
        empty = labels == logits.shape[1] - 1
        things = (labels >= 0) & ~empty
        count = int(things.sum())
        hardest = wrong[empty].topk(min(HARD * count + FEWEST, int(empty.sum()))).values
        classes = (wrong[things].sum() + hardest.sum()) / max(count + len(hardest), 1)
        if not count:
            return classes
        squared = (boxes - truth).square().sum(dim=1)[things].mean()
        return classes + squared

    def measure(self, outputs: Tensor, targets: Any) -> Tensor:
        """Shares within the batch, times its size."""
        logits, boxes, labels, truth = _split(outputs, targets)
        empty = labels == logits.shape[1] - 1
        things = (labels >= 0) & ~empty
        right = (logits.argmax(dim=1) == labels).double()
        shares = [
            right[part].mean() if bool(part.any()) else torch.ones((), dtype=torch.float64) for part in (things, empty)
        ]
        rms = (boxes - truth).square().mean(dim=1)[things].mean().sqrt() if bool(things.any()) else torch.zeros(())
        return (
            (torch.stack([sum(shares, start=torch.zeros(())) / 2, *shares, rms.double()]) * len(logits)).double().cpu()
        )


def _split(outputs: Tensor, targets: Any) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    labels, truth = (torch.as_tensor(part, device=outputs.device) for part in targets)
    outputs = outputs.float()
    return outputs[:, :-BOX], outputs[:, -BOX:], labels, truth
