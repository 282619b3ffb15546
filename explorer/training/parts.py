"""A batch learnt from in equal parts at once, a core each: data-parallel training (Krizhevsky 2014, arXiv:1404.5997) in
one process.

Two cores that share every operation wait for each other at each of them, here a third of the time; two that learn from
half a batch each wait once a step, and the bytes that come out do not depend on who was faster.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor, nn

from explorer.errors import Mistake
from explorer.training.data import Batch

Loss = Callable[[int, nn.Module, Batch], Tensor]


class Parts:
    """A module and as many twins as there are more parts: the same weights, running statistics of their own."""

    def __init__(self, module: nn.Module, count: int, form: Callable[[nn.Module], nn.Module]) -> None:
        if count > 1 and any(isinstance(one, nn.modules.dropout._DropoutNd) for one in module.modules()):
            raise Mistake("A network with dropout is learnt from whole batches: chance is not shared out.")
        self._weights = [weight for weight in module.parameters() if weight.requires_grad]
        shared = {id(weight): weight for weight in module.parameters()}
        self._modules = [module, *(copy.deepcopy(module, dict(shared)) for _ in range(count - 1))]
        self._forms = [form(one) for one in self._modules]
        self._others = ThreadPoolExecutor(max(count - 1, 1), thread_name_prefix="part")

    def gradients(self, batch: Batch, loss: Loss) -> Tensor:
        """Give every weight the gradient of the batch's mean loss, and return that; loss: of a part, by its number."""
        for module in self._modules:
            module.train()
        parts = _cut(batch, len(self._forms))
        coming = [
            self._others.submit(self._learnt, loss, number, form, part)
            for number, (form, part) in enumerate(zip(self._forms[1:], parts[1:], strict=True), 1)
        ]
        learnt = [self._learnt(loss, 0, self._forms[0], parts[0]), *(one.result() for one in coming)]
        for weight, *gradients in zip(self._weights, *(gradients for _, gradients in learnt), strict=True):
            weight.grad = _mean([gradient for gradient in gradients if gradient is not None], len(parts))
        mean = _mean([value for value, _ in learnt], len(parts))
        return mean if mean is not None else torch.zeros(())

    def _learnt(self, loss: Loss, number: int, form: nn.Module, part: Batch) -> tuple[Tensor, Sequence[Tensor | None]]:
        value = loss(number, form, part)
        return value.detach(), torch.autograd.grad(value, self._weights, allow_unused=True)


def _cut(batch: Batch, count: int) -> list[Batch]:
    if count == 1:
        return [batch]
    size = len(batch.pictures) // count
    return [
        Batch(batch.pictures[start : start + size], batch.targets[start : start + size])
        for start in range(0, size * count, size)
    ]


def _mean(values: list[Tensor], count: int) -> Tensor | None:
    if not values:
        return None
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total if count == 1 else total / count
