"""From a batch of pictures to a network's outputs, and from batches to metrics."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor, nn

from explorer.errors import Mistake
from explorer.records.card import Preparing
from explorer.training.data import Batch
from explorer.training.objective import Objective, means


def prepared(batch: Batch, preparation: Preparing, device: torch.device, channels_last: bool = False) -> Tensor:
    """Float32 (n, c, h, w) of uint8 (n, h, w, c), from [0, 1] normalised. Raises Mistake for another size."""
    wanted = (*preparation.size, preparation.channels)
    if batch.pictures.shape[1:] != wanted:
        raise Mistake(f"The network takes pictures of {wanted}, the data have {batch.pictures.shape[1:]}: change one.")
    pixels = torch.from_numpy(np.array(batch.pictures)).to(device)  # a copy: the pictures may be read-only
    x = pixels.permute(0, 3, 1, 2).float()
    x = x.contiguous(memory_format=torch.channels_last if channels_last else torch.contiguous_format)
    mean = torch.tensor(preparation.mean, device=device).view(1, -1, 1, 1)
    std = torch.tensor(preparation.std, device=device).view(1, -1, 1, 1)
    return x.div_(255).sub_(mean).div_(std)


def judged(
    module: nn.Module, batches: Iterable[Batch], objective: Objective, preparation: Preparing
) -> dict[str, float]:
    """Metrics of a network in fp32 over batches, by name; its mode is put back."""
    device = next(module.parameters()).device
    mode = module.training
    whole = objective.form(module)
    module.eval()
    sums = []
    try:
        with torch.inference_mode():
            for batch in batches:
                outputs = whole(prepared(batch, preparation, device))
                sums.append((objective.measure(outputs, batch.targets), len(batch.pictures)))
    finally:
        module.train(mode)
    return means(sums, objective.metrics)
