"""A Darknet network that gives one row of numbers a picture, as networks run here."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.models.darknet.heads import Detection
from explorer.models.darknet.network import Darknet
from explorer.models.darknet.plan import Plan


class Flat(nn.Module):
    """What all heads read, one head behind the other; `parted` takes the rows apart."""

    def __init__(self, network: Darknet) -> None:
        super().__init__()
        self.network = network

    @property
    def input_channels(self) -> int:
        """How many channels a picture has."""
        return self.network.plan.input[0]

    def forward(self, x: Tensor) -> Tensor:
        """Rows (n, numbers) of pictures (n, c, h, w) in [0, 1]."""
        return torch.cat([output.flatten(1) for output in self.network(x)], 1)


def parted(plan: Plan, rows: Tensor) -> list[Tensor]:
    """What `Darknet.forward` gave: of [region] and [yolo] (n, channels, rows, columns), of [detection] (n, values)."""
    heads = [plan.layers[number] for number in plan.heads]
    parts = rows.split([torch.Size(head.takes[0]).numel() for head in heads], 1)
    return [
        part if isinstance(head.section, Detection) else part.unflatten(1, head.takes[0])
        for head, part in zip(heads, parts, strict=True)
    ]
