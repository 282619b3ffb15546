"""A model with its weights: one self that serves, one that is studied."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from explorer.contract import ModelCard
from explorer.engine.hooks import hook_count
from explorer.engine.study import study_copy, studying
from explorer.models.preparation import Prepares
from explorer.records.classify import Precision
from explorer.records.frame import Domain

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True)
class Identity:
    """What makes two networks the same: equal identities give equal answers. digest: SHA-256 of the weights."""

    model: str
    weights: str
    digest: str


@dataclass(eq=False)
class Network:
    """Loaded and ready; every method may be called from many threads.

    identity: of its answers; categories: class names in order; domain: what it was trained on; preparation: how its
    input is made; notes: what a reader of its answers must know.
    """

    card: ModelCard
    identity: Identity
    module: nn.Module
    device: torch.device
    categories: tuple[str, ...]
    domain: Domain
    preparation: Prepares
    notes: tuple[str, ...] = ()
    _study: nn.Module | None = field(default=None, repr=False)
    _studying: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        module = self.module.eval().requires_grad_(False)
        self.module = module.to(self.device).to(memory_format=torch.channels_last)

    @property
    def weights(self) -> str:
        """The name questions use."""
        return self.identity.weights

    @property
    def nbytes(self) -> int:
        """Memory its tensors take."""
        return sum(t.numel() * t.element_size() for t in [*self.module.parameters(), *self.module.buffers()])

    def forward(self, items: Tensor, precision: Precision) -> Tensor:
        """Rows (n, c, h, w) on the CPU to float32 rows on the CPU, through the serving self."""
        on_gpu = self.device.type == "cuda"
        x = items.pin_memory() if on_gpu else items
        return _forward(self.module, x.to(self.device, non_blocking=on_gpu), precision)

    def forward_on_cpu(self, items: Tensor, precision: Precision) -> Tensor:
        """The same on the processor, with a copy of the network made for this pass alone."""
        return _forward(copy.deepcopy(self.module).cpu(), items, precision)

    @contextmanager
    def study(self) -> Iterator[nn.Module]:
        """The eager, out-of-place self, for one question at a time; left with no hooks, in eval mode, gradients off.

        Raises RuntimeError when what was done to it could not be undone.
        """
        with self._studying:
            if self._study is None:
                self._study = study_copy(self.module, self.card.input)
            try:
                with studying(self._study) as module:
                    yield module
            finally:
                self._study.eval().requires_grad_(False)
                left = hook_count(self._study)
                if left:
                    self._study = None
            if left:
                raise RuntimeError(f"{left} hooks were left on {self.card.name}: register them inside a `with`")


def _forward(module: nn.Module, x: Tensor, precision: Precision) -> Tensor:
    dtype = DTYPES.get(precision)
    with torch.inference_mode(), torch.autocast(x.device.type, dtype=dtype, enabled=dtype is not None):
        rows: Tensor = module(x.to(memory_format=torch.channels_last))
    return rows.float().cpu()
